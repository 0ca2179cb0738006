// A client in a pipe: what it reads, what a server tells it meanwhile, and how long it takes from its start to its end.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "support.h"
#include "ws/opcode.h"

namespace wscope::bench {

using Block = std::vector<std::byte>;

[[nodiscard]] Block block_of(std::string_view text);
[[nodiscard]] Block frame_of(ws::Opcode opcode, const Block& payload, bool fin = true);
[[nodiscard]] Block repeat(const Block& what, std::size_t times);
/// The payload of a Close with code 1000.
[[nodiscard]] Block normal_close();

/// Many bytes in little memory: `unit` is repeated between `first` and `last`.
struct Stream {
  Block first;
  Block unit;
  std::size_t times = 0;
  Block last;

  [[nodiscard]] std::size_t size() const { return first.size() + unit.size() * times + last.size(); }
};

/// What a server says before it listens until the client has finished, and what it says then.
struct Script {
  Stream before;
  Block after;
};

/// One way to use a client.
struct Transfer {
  std::string name;
  std::vector<const char*> options;
  Stream input;
  std::size_t payload;  ///< of the input, without line ends
  Script plain;
  Script framed;
  std::size_t output;  ///< bytes of stdout
};

/// `count` lines of `size` bytes, which is a multiple of a thousand, from stdin to the server, or the other way.
[[nodiscard]] Transfer sending_lines(std::string name, std::size_t size, std::size_t count);
[[nodiscard]] Transfer receiving_messages(std::string name, std::size_t size, std::size_t count);

/// The transfer's server, for one connection at a time: over plain TCP or, `framed`, over WebSocket.
[[nodiscard]] Server start_server(const Transfer& transfer, bool framed);

/// False once nobody reads any more.
bool write_all(int fd, base::Bytes bytes);

struct Run {
  double seconds;
  double peak;  ///< memory, in bytes
};

/// Feeds a client through one pipe and reads it through another, from its start to its end. `client` runs in a process
/// of its own and does not return. No transfer has so much in both directions that the pipes could fill up.
[[nodiscard]] Run run(const Transfer& transfer, const std::function<void()>& client);

/// What such a client does: becomes wscope. `prefix` is put in front of the command.
[[noreturn]] void run_wscope(const std::vector<std::string>& prefix, const char* program, const Transfer& transfer,
                             std::uint16_t port);

}  // namespace wscope::bench
