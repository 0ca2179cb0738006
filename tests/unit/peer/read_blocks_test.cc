#include "peer/read_blocks.h"

#include <doctest/doctest.h>

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
  ReadBlock first = blocks.take_large();
  ReadBlock second = blocks.take_large();
  CHECK(first.bytes().size() == ReadBlocks::large_size);
  CHECK(second.bytes().size() == ReadBlocks::large_size);
  for (int i = 0; i < 3; ++i) CHECK(blocks.take_large().bytes().size() == ReadBlocks::usual_size);
  const std::byte* const where = first.bytes().data();
  blocks.give_back(std::move(first));
  CHECK(blocks.take().bytes().size() == ReadBlocks::usual_size);
  CHECK(blocks.take_large().bytes().data() == where);
}

TEST_CASE("there may be none") {
  CHECK(!ReadBlock());
  CHECK(ReadBlock().bytes().empty());
  CHECK(ReadBlock(1));
}
