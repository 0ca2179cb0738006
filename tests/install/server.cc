// A WebSocket echo server for one client on wscope's protocol core and a plain blocking socket: it says on stderr where
// it listens.
#include <cstdio>
#include <variant>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wscope/ws/connection.h>

using namespace wscope;

int main() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size_of_address = sizeof address;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listener, 1) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size_of_address) != 0) {
    return 1;
  }
  std::fprintf(stderr, "Listening on ws://127.0.0.1:%d/\n", ntohs(address.sin_port));
  const int fd = accept(listener, nullptr, nullptr);
  if (fd < 0) return 1;

  base::SystemRandom random;
  ws::Connection connection({.role = ws::Role::server}, random, base::Clock::now());
  for (std::byte buffer[4096];;) {
    const ssize_t size = read(fd, buffer, sizeof buffer);
    if (size <= 0) connection.receive_eof(base::Clock::now());
    if (size > 0) static_cast<void>(connection.receive({buffer, static_cast<std::size_t>(size)}));
    while (const auto event = connection.next_event(base::Clock::now())) {
      if (std::holds_alternative<ws::Request>(*event)) static_cast<void>(connection.accept(base::Clock::now()));
      if (const auto* message = std::get_if<ws::Message>(&*event)) {
        static_cast<void>(connection.send({.opcode = message->type, .payload = message->data, .known_utf8 = true}));
      }
      if (std::holds_alternative<ws::Closed>(*event)) return connection.closing().clean() ? 0 : 8;
    }
    while (!connection.output().empty()) {
      const ssize_t written = write(fd, connection.output().data(), connection.output().size());
      if (written < 0) return 8;
      connection.consume_output(static_cast<std::size_t>(written));
    }
    if (connection.wants_half_close()) shutdown(fd, SHUT_WR);
  }
}
