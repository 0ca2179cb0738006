#include "streams/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include "net/shared_output.h"

namespace wscope::streams {

// open() gives the lowest number that is free, which is this one: those below are taken.
void fill_standard_streams() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
}

bool print_out(std::string_view text) {
  const net::SharedOutput output = net::SharedOutput::open(STDOUT_FILENO);
  while (!text.empty()) {
    const net::IoResult result = output.write(base::as_bytes(text));
    if (result.kind == net::IoResult::Kind::failed) return false;
    text.remove_prefix(result.bytes);
    if (result.kind == net::IoResult::Kind::would_block && !output.wait()) return false;
  }
  return true;
}

view::Style style_of_stdout(view::ColorChoice choice) {
  return view::Style(view::wants_color(choice, ::isatty(STDOUT_FILENO) != 0));
}

}  // namespace wscope::streams
