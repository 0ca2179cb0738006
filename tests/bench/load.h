// Clients that keep an echo server busy: each sends a batch of messages, and the next once its answer is complete.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/types.h>

#include "base/bytes.h"

namespace wscope::bench {

enum class Payload : unsigned char { text, multi_byte_text, binary };

/// What is echoed: `depth` messages at a time on each of the connections.
struct Cell {
  std::size_t payload;
  int connections;
  int depth;
  Payload kind = Payload::text;
};

/// What comes back for one batch: payload bytes of data frames are counted, headers are skipped, so that it does not
/// matter how a long message is fragmented.
class Replies {
 public:
  /// Without `framed`, all bytes are payload.
  explicit Replies(bool framed) : framed_(framed) {}

  /// Payload bytes among `bytes`.
  [[nodiscard]] std::size_t take(base::Bytes bytes);

 private:
  void read_header();

  bool framed_;
  std::byte header_[10];
  std::size_t have_ = 0;
  std::uint64_t left_ = 0;
};

class Load {
 public:
  /// Connects to the echo server at `port`; with `framed`, as WebSocket clients.
  Load(const Cell& cell, std::uint16_t port, bool framed);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  /// Sends for a while, then waits for what is on its way. Returns what the server has worked on: the messages that
  /// came back, in parts too.
  [[nodiscard]] double run(std::chrono::duration<double> time);

  /// Sends and receives one batch a connection, `times` times. The server stands still while all of them are sent, as
  /// far as the sockets take them, so that it meets the same each time.
  void exchange(int times, pid_t server);

 private:
  struct Client {
    int fd;
    Replies replies;
    std::size_t sent = 0;      // of the batch
    std::size_t received = 0;  // of its answer
    int batches = 0;           // answered
  };

  // False if nothing has happened for a while.
  bool take_turn();
  void send(Client& client);
  void receive(Client& client);

  std::vector<std::byte> batch_;
  std::size_t answer_;
  int epoll_;
  int depth_;
  std::vector<Client> clients_;
  std::vector<std::byte> buffer_;
  int most_batches_ = 0;  // a connection
  double bytes_ = 0;      // of answers
};

}  // namespace wscope::bench
