// How a program is started.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/types.h>

#include "net/fd.h"
#include "process/environment.h"

namespace wscope::process {

/// The size of a terminal.
struct WindowSize {
  unsigned short rows = 24;
  unsigned short columns = 80;

  bool operator==(const WindowSize&) const = default;
};

/// What is started, and as what.
struct Launch {
  std::string path;                    ///< absolute: find_program()
  std::vector<std::string> arguments;  ///< with the name that it is started by
  Environment environment{};
  std::string folder{};                  ///< to begin in; empty: ours
  std::optional<WindowSize> terminal{};  ///< 0, 1 and 2 are one terminal of that size; else pipes
  bool errors = true;                    ///< 2 is read, too; else it is /dev/null. Not of a terminal
  /// As it was before we asked for more; nothing: ours.
  std::optional<rlimit> descriptor_limit{};
};

/// A program that runs, in a session and a group of its own, with all signals as they are by default, nothing open but
/// 0, 1 and 2, and our umask and niceness. On Linux it is hung up when we die.
struct Launched {
  pid_t process = 0;  ///< also its group's
  net::UniqueFd input{};
  net::UniqueFd output{};  ///< of a terminal the same as `input`, once more
  net::UniqueFd errors{};  ///< none without Launch::errors
};

/// Or why it does not.
struct LaunchResult {
  std::optional<Launched> launched{};
  int error = 0;     ///< errno's
  std::string what;  ///< what failed: its path, the folder, "fork"
};

/// Starts it, and waits until it is itself or could not become so. The ends that are ours do not block.
[[nodiscard]] LaunchResult launch(const Launch& launch);

/// Changes the size of a terminal whose master this is; its foreground is told (SIGWINCH).
void set_window_size(int master, WindowSize size) noexcept;

}  // namespace wscope::process
