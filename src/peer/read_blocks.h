// Memory to read into, shared by all connections of a loop.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace wscope::peer {

/// One read from a socket at most.
using ReadBlock = std::array<std::byte, std::size_t{64} * 1024>;

/// Lends blocks to connections while they work on what they have read: one block serves all of them in turn, and only a
/// connection that has to stop in the middle of its input keeps one for longer.
class ReadBlocks {
 public:
  [[nodiscard]] std::unique_ptr<ReadBlock> take() {
    if (idle_.empty()) return std::make_unique_for_overwrite<ReadBlock>();
    auto block = std::move(idle_.back());
    idle_.pop_back();
    return block;
  }

  void give_back(std::unique_ptr<ReadBlock> block) {
    if (idle_.size() < kept) idle_.push_back(std::move(block));
  }

 private:
  static constexpr std::size_t kept = 2;
  std::vector<std::unique_ptr<ReadBlock>> idle_;
};

}  // namespace wscope::peer
