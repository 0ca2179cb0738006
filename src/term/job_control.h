// Being the one who has the terminal.
#pragma once

namespace wscope::term {

/// Stops the process group, as the terminal stops who reads in the background, until it is in the foreground: before,
/// the terminal's modes are another program's. Returns at once if there is no job control, or nobody to go on with it.
void wait_for_foreground(int terminal) noexcept;

/// Stops the process as Ctrl-Z does, whoever catches that; returns once it goes on, or at once if nobody could go on
/// with it.
void stop() noexcept;

}  // namespace wscope::term
