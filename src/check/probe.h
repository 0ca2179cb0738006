// Finds out up to which size something is taken, by trying one size after the other: without knowing what is tried.
//
//     Probe probe({.least = 1024, .most = 16 << 20});
//     while (const auto size = probe.next()) probe.told(*size fits ? Probe::Answer::taken : Probe::Answer::refused);
//     probe.taken(); probe.refused();
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace wscope::check {

class Probe {
 public:
  struct Range {
    std::uint64_t least = 1;        ///< tried first unless `first` says otherwise
    std::uint64_t most = 1;         ///< nothing larger is tried
    std::uint64_t first = 0;        ///< 0: `least`
    std::uint64_t budget = 0;       ///< of all sizes together, from which on nothing is tried any more; 0: any
    std::uint64_t precision = 100;  ///< it is over once what is refused is larger by less than this part of what is not
  };
  explicit Probe(const Range& range) noexcept : range_(range) {}

  /// What to try next; nothing: it is over.
  [[nodiscard]] std::optional<std::uint64_t> next() const noexcept;

  enum class Answer : std::uint8_t {
    taken,
    refused,
    unknown,  ///< it could not be tried, or took too long: what is known by now is what there is
  };
  /// What has come of next().
  void told(Answer answer) noexcept;

  /// The largest size that was taken; nothing: none was.
  [[nodiscard]] std::optional<std::uint64_t> taken() const noexcept { return taken_; }
  /// The smallest size that was refused; nothing: none was.
  [[nodiscard]] std::optional<std::uint64_t> refused() const noexcept {
    return stage_ == Stage::confirming ? suspect_ : refused_;
  }
  /// The limit is known to a byte.
  [[nodiscard]] bool exact() const noexcept { return taken_ && refused_ && *refused_ == *taken_ + 1; }
  /// What was refused once was taken the next time, more than once: there is no limit to be found.
  [[nodiscard]] bool unsteady() const noexcept { return flukes_ >= most_flukes; }

 private:
  // What is tried is doubled until it is refused, tried again then, and halved between the two ends.
  enum class Stage : std::uint8_t { doubling, confirming, one_more, halving, checking, over };

  [[nodiscard]] std::uint64_t doubled() const noexcept;
  [[nodiscard]] bool is_close() const noexcept;
  void go_on_after_refusal() noexcept;

  static constexpr std::size_t most_flukes = 2;

  Range range_;
  Stage stage_ = Stage::doubling;
  std::optional<std::uint64_t> taken_{};
  std::optional<std::uint64_t> refused_{};
  std::uint64_t suspect_ = 0;  // it was refused once
  std::uint64_t spent_ = 0;
  std::size_t flukes_ = 0;
};

}  // namespace wscope::check
