// What a ping carries, so that its answer can be told from others'.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "link/recollection.h"
#include "ping/plan.h"
#include "view/timestamp.h"

namespace wscope::ping {

/// Makes payloads, and finds in what comes which one it equals. Equal payloads have equal keys.
///
/// Bytes are four of the sequence number (big endian), four random ones of the run, and a filler; less than four are
/// the last ones of the number. As text they are hex, unless there is a template.
class Payload {
 public:
  /// `plan` and `random` outlive it.
  Payload(const PingPlan& plan, base::RandomSource& random);

  struct Made {
    std::string bytes;
    std::uint64_t key = 0;
  };
  /// The payload of a number. `now` is what the template's names of time stand for. An error of kind expectation: a
  /// name stands for nothing, or the text is not UTF-8.
  [[nodiscard]] base::Result<Made> make(std::uint64_t sequence, view::WallTime now);
  /// The key of what has come; nothing if it can be none of ours.
  [[nodiscard]] std::optional<std::uint64_t> key_of(base::Bytes payload) const;
  /// Bytes of the longest that was made: what is longer equals none.
  [[nodiscard]] std::size_t longest() const noexcept { return longest_; }

 private:
  [[nodiscard]] std::string bytes_of(std::uint64_t sequence) const;
  [[nodiscard]] std::optional<std::uint64_t> key_of_bytes(base::Bytes payload) const noexcept;
  [[nodiscard]] std::uint64_t key_of_text(base::Bytes text) const;

  const PingPlan& plan_;
  std::array<std::byte, 4> run_{};    // random, in each payload
  std::array<std::byte, 16> salt_{};  // so that nobody can make two texts of one key
  link::Recollection names_;
  std::size_t longest_ = 0;
};

}  // namespace wscope::ping
