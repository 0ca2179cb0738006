#include "net/passed_sockets.h"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

#include "net/error.h"

namespace wscope::net {
namespace {

constexpr int most = 4096;  // more is a mistake

// NOLINTBEGIN(concurrency-mt-unsafe): there is one thread yet
std::optional<std::string> variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}
void forget(const char* name) { ::unsetenv(name); }
// NOLINTEND(concurrency-mt-unsafe)

template <typename Number>
std::optional<Number> read_number(std::string_view text) noexcept {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

std::optional<int> number_option(int fd, int option) noexcept {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

base::Result<int> take_passed_sockets() {
  const auto process = variable("LISTEN_PID");
  const auto count = variable("LISTEN_FDS");
  if (!process || !count || read_number<pid_t>(*process) != ::getpid()) return 0;
  for (const char* const name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) forget(name);
  const auto number = read_number<int>(*count);
  if (!number || *number < 0 || *number > most) {
    return base::Error{base::ErrorKind::io, "LISTEN_FDS: not a number of sockets"};
  }
  return *number;
}

base::Result<UniqueFd> adopt_passed_socket(int fd) {
  const std::string name = "LISTEN_FDS: descriptor " + std::to_string(fd);
  const auto type = number_option(fd, SO_TYPE);
  if (!type) return system_error(name, errno);
  if (type != SOCK_STREAM) return base::Error{base::ErrorKind::io, name + " is not a stream socket"};
  if (number_option(fd, SO_ACCEPTCONN).value_or(1) == 0) {
    return base::Error{base::ErrorKind::io, name + " does not listen"};
  }
  UniqueFd socket(fd);
  if (!make_private(fd)) return system_error(name, errno);
  return socket;
}

}  // namespace wscope::net
