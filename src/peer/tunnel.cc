#include "peer/tunnel.h"

#include <array>
#include <cstddef>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include "http/head_writer.h"
#include "net/address.h"

namespace wscope::peer {

std::string TunnelTarget::text() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Tunnel::Progress Tunnel::fail(std::string message, std::string hint) {
  error_ = {base::ErrorKind::connect, std::move(message), std::move(hint)};
  return Progress::failed;
}

// --- HTTP

namespace {

// Bytes of interim responses, of which there may be some (RFC 9110 section 15.2).
constexpr std::size_t most_interim = std::size_t{64} << 10;

}  // namespace

HttpTunnel::HttpTunnel(const TunnelTarget& target, const std::optional<http::Credentials>& credentials)
    : has_credentials_(credentials) {
  const std::string authority = target.text();
  std::string head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (credentials) head += "Proxy-Authorization: " + http::write_basic_credentials(*credentials) + "\r\n";
  head += "\r\n";
  say(head);
  tell({true, true, std::move(head)});
}

Tunnel::Progress HttpTunnel::receive(base::Bytes& in) {
  while (true) {
    const std::size_t before = in.size();
    const http::HeadParser::Progress progress = parser_.receive(in);
    received_ += before - in.size();
    if (progress == http::HeadParser::Progress::need_more) return Progress::going_on;
    if (progress == http::HeadParser::Progress::failed) {
      const http::HeadError& error = parser_.error();
      if (error.over_limit()) return fail("it answers with " + error.detail);
      const bool tls = error.code == http::HeadError::Code::tls_record;
      return fail("it does not answer in HTTP: " + error.detail,
                  tls ? "got a TLS record: try --proxy https://HOST:PORT" : "is it an HTTP proxy?");
    }
    const http::ResponseHead response = parser_.take_response();
    if (auto head = http::write_head(response)) tell({false, true, std::move(head).value()});
    if (response.status < 200 && received_ > most_interim) return fail("its interim responses (1xx) have no end");
    if (response.status < 200) continue;  // another one follows
    if (response.status < 300) return Progress::done;
    return refuse(response);
  }
}

Tunnel::Progress HttpTunnel::refuse(const http::ResponseHead& response) {
  std::string said = "HTTP " + std::to_string(response.status);
  if (!response.reason.empty()) said += " " + response.reason;
  if (response.status != 407) return fail(std::move(said));
  std::string wants;
  bool basic = false;
  for (const std::string& scheme : http::challenge_schemes(response.headers, "Proxy-Authenticate")) {
    wants += (wants.empty() ? "" : ", ") + scheme;
    basic = basic || http::equals_ignoring_case(scheme, "Basic");
  }
  const bool unspoken = !wants.empty() && !basic;  // only Basic is spoken here
  const std::string it_wants = "it wants " + (wants.empty() ? "credentials" : wants);
  if (unspoken) return fail(std::move(said), it_wants + "; Basic is all that wscope gives a proxy");
  if (has_credentials_) return fail(std::move(said), it_wants + ", and does not take these");
  return fail(std::move(said), it_wants + ": --proxy http://USER:PASSWORD@HOST:PORT gives it credentials");
}

// --- SOCKS

namespace {

constexpr char version = 5;
constexpr char password_version = 1;
constexpr char connect_command = 1;
constexpr std::byte no_authentication{0};
constexpr std::byte by_password{2};
constexpr std::byte ipv4{1};
constexpr std::byte name{3};
constexpr std::byte ipv6{4};

constexpr std::size_t longest_text = 255;
constexpr std::size_t start_size = 2;  // of every answer: version, and what became of it
constexpr std::size_t length_at = 4;   // in a reply: behind version, code, a reserved byte and the kind of address
constexpr std::size_t port_size = 2;

std::string_view describe_reply(std::byte code) noexcept {
  constexpr std::array<std::string_view, 9> replies = {"",
                                                       "general failure",
                                                       "connection not allowed by its rules",
                                                       "network is unreachable",
                                                       "host is unreachable",
                                                       "connection refused",
                                                       "time to live expired",
                                                       "command not supported",
                                                       "address type not supported"};
  const auto index = std::to_integer<std::size_t>(code);
  return index < replies.size() ? replies[index] : "failure that SOCKS has no word for";
}

char character(std::byte byte) noexcept { return static_cast<char>(byte); }

std::string counted(const std::string& text) { return static_cast<char>(text.size()) + text; }

// The bytes on the wire of what lies in an address of the system's.
template <typename Address>
std::string raw(const Address& address) {
  return std::string(base::as_text({reinterpret_cast<const std::byte*>(&address), sizeof address}));
}

}  // namespace

SocksTunnel::SocksTunnel(TunnelTarget target, std::optional<http::Credentials> credentials)
    : target_(std::move(target)), credentials_(std::move(credentials)) {
  std::string greeting = {version, credentials_ ? '\2' : '\1', character(no_authentication)};
  if (credentials_) greeting += character(by_password);
  say(greeting);
}

// How long the message that is being received is, as far as can be told by now; 0: it has a kind of address that there
// is not.
std::size_t SocksTunnel::wanted() const noexcept {
  if (step_ != Step::rest_of_reply) return start_size;
  if (received_.size() <= length_at) return length_at + 1;
  switch (static_cast<std::byte>(received_[length_at - 1])) {
    case ipv4:
      return length_at + sizeof(in_addr) + port_size;
    case ipv6:
      return length_at + sizeof(in6_addr) + port_size;
    case name:
      return length_at + 1 + static_cast<unsigned char>(received_[length_at]) + port_size;
    default:
      return 0;
  }
}

Tunnel::Progress SocksTunnel::receive(base::Bytes& in) {
  Progress progress = Progress::going_on;
  while (progress == Progress::going_on && !in.empty()) {
    received_ += character(in.front());
    in = in.subspan(1);
    if (received_.size() >= wanted()) progress = follow(base::as_bytes(received_));
  }
  return progress;
}

Tunnel::Progress SocksTunnel::follow(base::Bytes message) {
  constexpr const char* not_socks = "it does not answer in SOCKS 5";
  constexpr const char* other_proxy = "is it a SOCKS proxy?";
  if (step_ == Step::rest_of_reply) {
    if (wanted() == 0) return fail(not_socks, other_proxy);
    tell({false, false, "connected"});
    return Progress::done;
  }
  const auto outcome = message[1];
  if (step_ == Step::password) {  // whose version not all proxies get right
    return outcome == std::byte{0} ? send_request() : fail("it refuses the user or the password");
  }
  if (message[0] != std::byte{version}) return fail(not_socks, other_proxy);
  if (step_ == Step::method) return take_method(outcome);
  // A proxy that refuses may leave the rest out.
  if (outcome != std::byte{0}) {
    tell({false, false, std::string(describe_reply(outcome))});
    return fail(std::string(describe_reply(outcome)));
  }
  step_ = Step::rest_of_reply;
  return Progress::going_on;
}

Tunnel::Progress SocksTunnel::take_method(std::byte method) {
  if (method == no_authentication) return send_request();
  if (method == by_password && credentials_) return send_password();
  return fail("it accepts no way of ours to log in",
              credentials_ ? "" : "--proxy socks5://USER:PASSWORD@HOST:PORT gives it credentials");
}

Tunnel::Progress SocksTunnel::send_password() {
  if (credentials_->user.size() > longest_text || credentials_->password.size() > longest_text) {
    return fail("user and password have at most 255 bytes with SOCKS");
  }
  step_ = Step::password;
  tell({true, false, "user and password"});
  received_.clear();
  say(password_version + counted(credentials_->user) + counted(credentials_->password));
  return Progress::going_on;
}

Tunnel::Progress SocksTunnel::send_request() {
  std::string address;
  const auto numeric = net::SocketAddress::from_numeric(target_.host, target_.port);
  if (!numeric) {
    if (numeric.error().kind != base::ErrorKind::usage) return fail(numeric.error().message);
    if (target_.host.size() > longest_text) return fail("a host's name has at most 255 bytes with SOCKS");
    address = character(name) + counted(target_.host);
  } else if (numeric->family() == AF_INET) {
    address = character(ipv4) + raw(reinterpret_cast<const sockaddr_in*>(numeric->data())->sin_addr);
  } else {
    address = character(ipv6) + raw(reinterpret_cast<const sockaddr_in6*>(numeric->data())->sin6_addr);
  }
  step_ = Step::reply;
  tell({true, false, "SOCKS 5: connect to " + target_.text()});
  received_.clear();
  say(std::string({version, connect_command, '\0'}) + address);
  say(std::string({static_cast<char>(target_.port >> 8U), static_cast<char>(target_.port & 0xffU)}));
  return Progress::going_on;
}

}  // namespace wscope::peer
