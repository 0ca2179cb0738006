// What was cut out of texts, to put it in elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace wscope::term {

/// The latest `most` kills.
class KillRing {
 public:
  static constexpr std::size_t most = 10;
  /// Bytes of one kill; more is not added to it.
  static constexpr std::size_t most_bytes = std::size_t{64} << 20U;

  enum class Join : std::uint8_t {
    none,    ///< a kill of its own
    behind,  ///< goes on with the latest, with what was behind it in the text
    before,  ///< goes on with the latest, with what was before it
  };
  void add(std::string_view text, Join join = Join::none);

  /// The kill to yank; empty if there is none. Valid until the ring changes.
  [[nodiscard]] const std::string& current() const noexcept;
  /// The one before becomes the current one, after the oldest the latest.
  void rotate() noexcept;
  [[nodiscard]] bool empty() const noexcept { return kills_.empty(); }

 private:
  std::deque<std::string> kills_;  // the latest is the last
  std::size_t current_ = 0;
  std::string nothing_;
};

}  // namespace wscope::term
