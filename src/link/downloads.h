// The answers of a server to those who ask for pages, on their way.
#pragma once

#include <chrono>
#include <cstdint>
#include <unordered_map>

#include "http/head.h"
#include "link/client.h"
#include "link/site.h"

namespace wscope::link {

/// Sends files to clients that are not let in yet, in constant memory and at the pace of each, one request after the
/// other.
class Downloads {
 public:
  /// In one turn of the loop, of one client.
  static constexpr std::uint64_t most_a_turn = std::uint64_t{256} << 10;
  /// How long a client may take nothing before it is cut off.
  static constexpr base::Duration patience = std::chrono::seconds(30);

  /// Answers the request that `client` has just made (ws::HandshakeFailed).
  void begin(Client& client, const http::RequestHead& request, PageAnswer answer);
  /// There may be room for more, or all is sent: then it goes on with the client's next request. Nothing if it is not
  /// being answered.
  void advance(Client& client);
  /// The client has gone.
  void forget(ConnectionNumber client) noexcept { files_.erase(client); }

 private:
  struct File {
    net::UniqueFd fd;
    std::uint64_t sent = 0;
    std::uint64_t size = 0;
  };

  /// Whether all of it is sent.
  [[nodiscard]] static bool send(Client& client, File& file);

  std::unordered_map<ConnectionNumber, File> files_;  // of answers that have one
};

}  // namespace wscope::link
