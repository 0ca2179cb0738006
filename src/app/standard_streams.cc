#include "app/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

namespace wscope::app {

// open() gives the lowest number that is free, which is this one: those below are taken.
void fill_standard_streams() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
}

bool print_out(std::string_view text) noexcept { return base::write_all(STDOUT_FILENO, text); }

void print_error(std::string_view text) noexcept { static_cast<void>(base::write_all(STDERR_FILENO, text)); }

}  // namespace wscope::app
