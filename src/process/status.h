// How a process has ended.
#pragma once

#include <string>
#include <string_view>

namespace wscope::process {

/// The status that waitpid() gives, taken apart.
struct Status {
  int code = 0;    ///< if no signal has ended it
  int signal = 0;  ///< that has ended it; 0: none

  /// Of what waitpid() says of a process that has ended.
  [[nodiscard]] static Status of_wait(int status) noexcept;

  [[nodiscard]] bool ok() const noexcept { return code == 0 && signal == 0; }
  /// "exit status 3", "signal SIGSEGV".
  [[nodiscard]] std::string text() const;

  bool operator==(const Status&) const = default;
};

/// "SIGTERM"; a number in decimals if it has no name.
[[nodiscard]] std::string signal_name(int number);

}  // namespace wscope::process
