// What is asked for of a connection or a server, once it is known to be valid.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "http/auth.h"
#include "http/cookie_jar.h"
#include "http/headers.h"
#include "http/url.h"
#include "link/saying.h"
#include "net/address_range.h"
#include "streams/format.h"
#include "tls/context.h"
#include "ws/client_handshake.h"
#include "ws/deflate.h"
#include "ws/limits.h"

namespace wscope::link {

/// Where `wscope connect` connects.
struct Endpoint {
  http::Url url;
  bool embedded = false;      ///< `echo:`, the echo server inside this process; `url` is filled in when it listens
  std::string unix_socket{};  ///< of `ws+unix:`: the path that is connected to; `url` then has the host localhost
};

/// A proxy on the way.
struct Proxy {
  enum class Kind : std::uint8_t {
    http,     ///< CONNECT
    https,    ///< the same inside TLS
    socks5,   ///< we look names up
    socks5h,  ///< it does
  };
  Kind kind = Kind::http;
  std::string host;
  std::uint16_t port = 0;
  std::optional<http::Credentials> credentials{};
};

/// `--resolve HOST:PORT:ADDR[,ADDR…]`
struct Resolution {
  std::string host;  ///< lower case; "*" for any
  std::uint16_t port = 0;
  std::vector<std::string> addresses;  ///< numeric
};

/// `--connect-to HOST1:PORT1:HOST2:PORT2`, where any part may be empty
struct ConnectTo {
  std::string host;           ///< empty: any
  std::uint16_t port = 0;     ///< 0: any
  std::string to_host;        ///< empty: the same
  std::uint16_t to_port = 0;  ///< 0: the same
};

enum class IpVersion : std::uint8_t { any, v4, v6 };

/// The way to the endpoint.
struct Route {
  std::optional<Proxy> proxy{};  ///< from the option or from the environment
  /// The option has said which, or none. Otherwise it was looked up for the endpoint's URL, and another one has its
  /// own: proxy_of_environment().
  bool proxy_given = false;
  std::optional<http::Credentials> proxy_credentials{};  ///< for whichever proxy it is, unless its URL has some
  bool asks_proxy_password = false;                      ///< of those, which is to be asked for
  std::string unix_socket{};                             ///< empty: none
  IpVersion ip_version = IpVersion::any;
  std::vector<Resolution> resolutions{};
  std::vector<ConnectTo> connect_to{};
};

/// Trying again once the connection could not be made or was lost.
struct Reconnect {
  std::optional<std::uint64_t> attempts{};  ///< in a row that fail; nothing: without end
};

/// Sizes beyond which a peer is not listened to.
struct SizeLimits {
  std::optional<std::uint64_t> message;  ///< bytes; by default only messages that must be held are limited
  std::uint64_t frame = ws::unlimited;   ///< bytes of payload
  std::optional<std::size_t> head;       ///< bytes of the head of a request or response
  std::optional<std::uint64_t> held;     ///< bytes of all messages that are held at a time, of all connections
};

struct Timeouts {
  base::Duration connect = std::chrono::seconds(10);       ///< name and TCP connection
  base::Duration handshake = std::chrono::seconds(10);     ///< upgrade
  base::Duration close = std::chrono::seconds(10);         ///< from the first Close to the end
  base::Duration ping_interval{};                          ///< between two Pings; zero: none are sent
  base::Duration ping_timeout = std::chrono::seconds(10);  ///< for anything to come after such a Ping; zero: for ever
};

/// What is sent again and again as long as a connection is open.
struct Beat {
  base::Duration interval;  ///< more than zero
  Saying says;              ///< of names it has those that need no message
};

/// A connection that is to be made.
struct ConnectPlan {
  Endpoint endpoint;
  std::vector<wire::StoredInstruction> first_messages;  ///< to be sent before anything else
  std::vector<Beat> beats;                              ///< from the open on
  bool echo = false;                                    ///< send every message back
  bool answers_close = true;                            ///< or else its owner does
  ws::ConnectOptions request;
  http::CookieJar cookies{};                    ///< of files, to be added to `request` as far as they are for its URL
  std::optional<std::string> asks_password_of;  ///< a user whose password is to be asked for, for Basic credentials
  Route route;
  tls::ClientOptions tls;        ///< for the endpoint
  bool insecure = false;         ///< check no certificate, not a proxy's either
  bool asks_passphrase = false;  ///< of the key in `tls`, which is to be asked for
  /// In place of the URL's host, for TLS; nothing: that; empty: that, but it is not asked for.
  std::optional<std::string> server_name;
  std::optional<unsigned> redirects;  ///< how many to follow; nothing: none
  std::optional<Reconnect> reconnect;
  /// What to offer of permessage-deflate; nothing: not to offer it.
  std::optional<ws::DeflateParameters> compression =
      ws::DeflateParameters{.client_max_window_bits = ws::any_window_bits};
  std::vector<ws::DeflateParameters> further_compression{};  ///< to offer as well, less gladly
  int compression_level = ws::DeflateTuning().level;         ///< of what is sent
  SizeLimits limits;
  Timeouts timeouts;
  std::vector<std::string> notices;  ///< what the person should know about the command line, a line each
};

/// Where a server listens.
struct ListenAddress {
  std::string host{};              ///< a numeric address without brackets; empty: loopback, IPv4 and IPv6
  std::uint16_t port = 8080;       ///< 0: any free one
  std::string unix_path{};         ///< in place of both, a Unix domain socket; empty: not
  std::uint32_t unix_mode = 0600;  ///< its permissions
  int passed = 0;  ///< in place of all of these, so many sockets that listen already: net::take_passed_sockets()
};

/// Who is let in, and how.
struct Admission {
  /// Who comes from elsewhere is closed unread. Empty: anybody may come; so may who has no address, from this machine.
  std::vector<net::AddressRange> addresses{};
  std::string path;                              ///< 404 for any other; empty: any will do
  std::optional<http::Credentials> credentials;  ///< 401 without them
  /// 403 for any other, as http::normalized_origin() writes them; "none": no Origin will do, "*": any will. Empty: of
  /// web pages only our own will, and any for an echo.
  std::vector<std::string> origins;
  std::vector<std::string> allowed_hosts;    ///< names that are ours too, in lower case; "*": any
  std::vector<std::string> subprotocols;     ///< in order of preference
  http::Headers headers;                     ///< fields of the answer, also in place of its own
  std::vector<std::string> left_out{};       ///< names of its own fields that it is not to have
  std::optional<std::uint64_t> max_clients;  ///< 503 beyond it
};

/// What a server does with messages.
enum class ServiceKind : std::uint8_t {
  pipe,       ///< prints them, and sends everybody what comes from stdin
  echo,       ///< sends them back
  broadcast,  ///< sends them to all other clients
  exec,       ///< gives them to programs
  relay,      ///< passes them on to somewhere else
};

/// What becomes of a client that reads more slowly than it is sent to.
enum class SlowClient : std::uint8_t { drop, close };

/// A server that is to be.
struct ServePlan {
  ListenAddress address;
  ServiceKind service = ServiceKind::pipe;
  std::vector<Beat> beats;  ///< for each client, from when it is in
  bool once = false;        ///< end with the first client
  bool by_hand = false;     ///< clients that may come in wait until they are let in
  bool has_pages = false;   ///< besides, it gives files or other pages to those who ask for them (Site)
  SlowClient slow = SlowClient::close;
  Admission admission;
  std::optional<tls::ServerOptions> tls;  ///< nothing: plain; the names of a certificate to be made are not filled in
  bool asks_passphrase = false;           ///< of the key in `tls`, which is to be asked for
  std::string certificate_copy{};         ///< a file that our certificate is written to; empty: none
  bool compression = true;                ///< agree to permessage-deflate
  int compression_level = ws::DeflateTuning().level;  ///< of what is sent
  SizeLimits limits;
  Timeouts timeouts;
};

}  // namespace wscope::link
