#include "peer/read_blocks.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using namespace wscope;
using peer::ReadBlock;
using peer::ReadBlocks;

TEST_CASE("a block that was given back is lent again") {
  ReadBlocks blocks;
  ReadBlock block = blocks.take();
  CHECK(block.bytes().size() == ReadBlocks::usual_size);
  const std::byte* const where = block.bytes().data();
  blocks.give_back(std::move(block));
  CHECK(blocks.take().bytes().data() == where);
}

TEST_CASE("few are large, whoever keeps them, and the next are usual ones") {
  ReadBlocks blocks;
  std::vector<ReadBlock> lent;
  for (std::size_t i = 0; i < ReadBlocks::most_large; ++i) lent.push_back(blocks.take_large());
  for (const ReadBlock& block : lent) CHECK(block.bytes().size() == ReadBlocks::large_size);
  for (int i = 0; i < 3; ++i) CHECK(blocks.take_large().bytes().size() == ReadBlocks::usual_size);
  const std::byte* const where = lent.back().bytes().data();
  blocks.give_back(std::move(lent.back()));
  CHECK(blocks.take().bytes().size() == ReadBlocks::usual_size);
  CHECK(blocks.take_large().bytes().data() == where);
}

TEST_CASE("as many large ones as there were may be lent again, though most were not kept meanwhile") {
  ReadBlocks blocks;
  for (int round = 0; round < 3; ++round) {
    std::vector<ReadBlock> lent;
    for (std::size_t i = 0; i < ReadBlocks::most_large; ++i) lent.push_back(blocks.take_large());
    for (const ReadBlock& block : lent) CHECK(block.bytes().size() == ReadBlocks::large_size);
    CHECK(blocks.take_large().bytes().size() == ReadBlocks::usual_size);
    for (ReadBlock& block : lent) blocks.give_back(std::move(block));
  }
}

TEST_CASE("there may be none") {
  CHECK(!ReadBlock());
  CHECK(ReadBlock().bytes().empty());
  CHECK(ReadBlock(1));
}
