// A WebSocket client on wscope's protocol core and a plain blocking socket: client PORT TEXT prints the answer to TEXT.
#include <cstdio>
#include <cstdlib>
#include <variant>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wscope/ws/connection.h>

using namespace wscope;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) return 4;

  base::SystemRandom random;
  ws::Connection connection({.role = ws::Role::client}, random, base::Clock::now());
  if (connection.connect(*http::parse_url("ws://localhost/")) != ws::Status::ok) return 2;
  for (std::byte buffer[4096];;) {
    while (!connection.output().empty()) {
      const ssize_t written = write(fd, connection.output().data(), connection.output().size());
      if (written < 0) return 8;
      connection.consume_output(static_cast<std::size_t>(written));
    }
    if (connection.wants_half_close()) shutdown(fd, SHUT_WR);
    const ssize_t size = read(fd, buffer, sizeof buffer);
    if (size <= 0) connection.receive_eof(base::Clock::now());
    if (size > 0 && connection.receive({buffer, static_cast<std::size_t>(size)}) != ws::Status::ok) return 1;
    while (const auto event = connection.next_event(base::Clock::now())) {
      if (std::holds_alternative<ws::Opened>(*event)) static_cast<void>(connection.send_text(argv[2]));
      if (const auto* message = std::get_if<ws::Message>(&*event)) {
        std::printf("%.*s\n", static_cast<int>(message->data.size()), message->text().data());
        static_cast<void>(connection.close(base::Clock::now()));
      }
      if (std::holds_alternative<ws::Closed>(*event)) return connection.closing().clean() ? 0 : 8;
    }
  }
}
