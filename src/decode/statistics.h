// What there was of frames and messages, in numbers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decode/finding.h"
#include "view/json_events.h"
#include "view/style.h"
#include "wire/direction.h"
#include "wire/frame.h"

namespace wscope::decode {

/// A message that goes on, of one direction of one connection.
struct MessageCount {
  bool begun = false;
  bool is_text = false;
  bool is_compressed = false;
  std::uint64_t frames = 0;
  std::uint64_t size = 0;  ///< of the payloads, as they were on the wire
};

/// Counts in constant memory.
class Statistics {
 public:
  /// `message`: that of its direction.
  void add(wire::Direction direction, const wire::Frame& frame, std::uint64_t header_size, MessageCount& message);
  void add(std::span<const Finding> findings);
  /// Bytes of a frame that did not end, or were lost.
  [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
  [[nodiscard]] std::uint64_t findings() const noexcept { return findings_; }

  /// A table, whose headings, and what is wrong, have colours.
  [[nodiscard]] std::string describe(const view::Style& style) const;
  /// stats: `frames`, `bytes` on the wire, `messages`, `text`, `binary`, `fragmented`, `largest`, `compressed`,
  /// `compressed_bytes`, `inflated_bytes`, `violations`, `opcodes`, a list of `dir`, `opcode`, `frames`, `bytes`,
  /// `least`, `most`, and `sections`, a list of `section`, `times`, `offset`.
  void append_event(const view::Stamp& stamp, std::string& out) const;

 private:
  struct Row {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;  // of payloads
    std::uint64_t least = UINT64_MAX;
    std::uint64_t most = 0;
  };
  struct Messages {
    std::uint64_t text = 0;
    std::uint64_t binary = 0;
    std::uint64_t fragmented = 0;
    std::uint64_t largest = 0;
  };
  struct Compressed {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;     // of frames that could be inflated
    std::uint64_t inflated = 0;  // to so many
  };
  struct Rule {
    std::string_view section;
    std::uint64_t times = 0;
    std::uint64_t offset = 0;  // of the first
    std::string message;       // about it
  };
  static constexpr std::size_t opcodes = 16;
  static constexpr std::size_t rules_kept = 64;

  void add_row(std::string& out, const view::Style& style, std::string_view name, const Row& row) const;
  [[nodiscard]] std::string describe_rows(const view::Style& style) const;
  [[nodiscard]] std::string describe_rules(const view::Style& style) const;

  std::array<std::array<Row, opcodes>, 2> rows_{};
  Messages messages_;
  Compressed compressed_;
  std::uint64_t frames_ = 0;
  std::uint64_t bytes_ = 0;  // on the wire
  std::uint64_t findings_ = 0;
  std::vector<Rule> rules_;
};

}  // namespace wscope::decode
