// What a server says of those whom it does not let in, without saying it again and again.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace wscope::link {

struct GuardRefusal;

/// "refused", whom and why, safe to print and short, however long the name is.
[[nodiscard]] std::string describe(const GuardRefusal& refusal);

/// Remembers of whom it has spoken. Anybody can knock as often as they want, under as many names: so there is a line
/// for each of the first few, and a number for the rest.
class RefusalLog {
 public:
  static constexpr std::size_t most_lines = 64;
  static constexpr std::size_t longest_name = 200;  ///< bytes

  /// The line that is to be said, if there is one.
  [[nodiscard]] std::optional<std::string> note(const GuardRefusal& refusal);
  /// What is left to be said at the end, once: how many there were of whom nothing was said.
  [[nodiscard]] std::optional<std::string> rest();

 private:
  std::set<std::string> said_;
  std::uint64_t unsaid_ = 0;
};

}  // namespace wscope::link
