// What the benchmarks with processes share: servers as children, frames, and
// what the kernel says of a process. Linux only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/bytes.h"
#include "ws/opcode.h"

namespace wscope::bench {

/// Which core does what: the program that is measured never shares one with its
/// load.
inline constexpr int server_core = 0;
inline constexpr int load_core = 1;

/// Ends the program with what errno says of `what`.
[[noreturn]] void die(const char* what);
/// Ends it with a message of its own.
[[noreturn]] void fail(const std::string& message);

void pin(int core);
/// As many open files as the system grants.
void allow_many_connections();

// --- bytes

/// To a socket; false once nobody reads any more.
bool send_all(int fd, base::Bytes bytes);
/// Ends the program unless `size` bytes come.
void read_exactly(int fd, std::byte* to, std::size_t size);
/// Up to and including the empty line.
[[nodiscard]] std::string read_head(int fd);

/// Appends a whole message or a fragment of one, masked as a client has to.
void append_masked(std::vector<std::byte>& to, ws::Opcode opcode, base::Bytes payload);
/// The same, as a server sends it.
void append_frame(std::vector<std::byte>& to, ws::Opcode opcode, base::Bytes payload, bool fin = true);

/// Has `epoll` report when `fd` is readable, as data.fd.
void watch(int epoll, int fd);
/// What is small is not held back.
void send_at_once(int fd);
/// The request that a WebSocket server answers with 101 and a head.
void send_upgrade(int fd);
/// A connection on loopback; with `upgrade`, to a WebSocket server that has
/// accepted it.
[[nodiscard]] int connect_to(std::uint16_t port, bool upgrade);
[[nodiscard]] int listen_on_loopback(std::uint16_t& port);
[[nodiscard]] bool is_listening(std::uint16_t port);

// --- processes

struct Server {
  pid_t process;
  std::uint16_t port;
};

/// Becomes the program that the first argument names; searched for as a shell does.
[[noreturn]] void execute(std::vector<const char*> arguments);
/// A serving wscope on the server's core, on a free port: by default `wscope echo 0`. `prefix` is put in front of the
/// command.
[[nodiscard]] Server start_wscope(const char* program, const std::vector<std::string>& prefix = {},
                                  const std::vector<std::string>& options = {"echo", "0"});
/// A TCP server there that sends back what it reads, with one write for each
/// read.
[[nodiscard]] Server start_plain();
void stop(const Server& server);

/// Processor time that the process has used, in seconds.
[[nodiscard]] double processor_time(pid_t process);
/// Its memory at most, and now, in bytes.
[[nodiscard]] double peak_memory(pid_t process);
[[nodiscard]] double resident_memory(pid_t process);

}  // namespace wscope::bench
