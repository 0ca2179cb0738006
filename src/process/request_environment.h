// What a request is to a program: the variables of RFC 3875 and a few of our own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/head.h"
#include "net/address.h"
#include "process/environment.h"

namespace wscope::process {

/// A request for a program, which has been let in.
struct RequestFacts {
  const http::RequestHead& head;
  std::uint64_t connection = 0;     ///< its number
  net::SocketAddress client{};      ///< of a Unix socket: none
  std::uint16_t port = 0;           ///< ours; 0: a Unix socket
  bool secure = false;              ///< by TLS
  bool checks_credentials = false;  ///< Basic ones were wanted, and the head has them
  std::string client_subject{};     ///< of a certificate that was wanted; empty: none was
  std::string subprotocol{};        ///< agreed on; empty: none
  std::string url{};                ///< as the client has it
  std::string_view software{};      ///< "wscope/1.0"
  std::string_view unique{};        ///< an identifier that no other request has
};

/// Adds them to what the program has of ours, of which nothing is left that would look like a request's. False: its
/// path cannot be decoded, or has a NUL in it (400).
[[nodiscard]] bool add_request(const RequestFacts& facts, Environment& environment);

/// The same for a program behind a connection that we have made, which has three variables only.
void add_connection(std::uint64_t connection, std::string_view url, std::string_view subprotocol,
                    Environment& environment);

}  // namespace wscope::process
