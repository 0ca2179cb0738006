// Memory to read into, shared by all connections of a loop.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace wscope::peer {

/// What one read from a socket is put into; or none. Move only.
class ReadBlock {
 public:
  ReadBlock() noexcept = default;
  explicit ReadBlock(std::size_t size) : storage_(std::make_unique_for_overwrite<std::byte[]>(size)), size_(size) {}

  [[nodiscard]] base::MutableBytes bytes() const noexcept { return {storage_.get(), size_}; }
  [[nodiscard]] explicit operator bool() const noexcept { return storage_ != nullptr; }

 private:
  std::unique_ptr<std::byte[]> storage_;
  std::size_t size_ = 0;
};

/// Lends blocks to connections while they work on what they have read: one block serves all of them in turn, and only a
/// connection that has to stop in the middle of its input keeps one for longer. However many do, few of the blocks are
/// large; and when they are given back, no more are kept than serve all in turn.
class ReadBlocks {
 public:
  static constexpr std::size_t usual_size = std::size_t{64} * 1024;
  static constexpr std::size_t large_size = std::size_t{256} * 1024;
  /// How many of these may be lent at a time. Connections that have to stop are many where much is echoed, and each of
  /// the others makes several calls of the system for one without a large block.
  static constexpr std::size_t most_large = 16;

  [[nodiscard]] ReadBlock take() { return idle_.empty() ? ReadBlock(usual_size) : take_from(idle_); }

  /// For a connection of which much comes: a large one if there is one left to lend.
  [[nodiscard]] ReadBlock take_large() {
    if (!idle_large_.empty()) return take_from(idle_large_);
    if (large_ == most_large) return take();
    ReadBlock block(large_size);
    ++large_;
    return block;
  }

  void give_back(ReadBlock block) {
    if (block.bytes().size() == large_size) {
      if (idle_large_.size() < most_idle) {
        idle_large_.push_back(std::move(block));
      } else {
        --large_;
      }
    } else if (idle_.size() < most_idle) {
      idle_.push_back(std::move(block));
    }
  }

 private:
  static constexpr std::size_t most_idle = 2;

  static ReadBlock take_from(std::vector<ReadBlock>& blocks) {
    ReadBlock block = std::move(blocks.back());
    blocks.pop_back();
    return block;
  }

  std::vector<ReadBlock> idle_;
  std::vector<ReadBlock> idle_large_;
  std::size_t large_ = 0;  // that there are
};

}  // namespace wscope::peer
