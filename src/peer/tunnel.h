// The way through a proxy, as machines: what to say to it, and what it answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "http/auth.h"
#include "http/head_parser.h"

namespace wscope::peer {

/// Where the proxy is to connect to.
struct TunnelTarget {
  std::string host;  ///< a name, or an address without brackets
  std::uint16_t port = 80;

  /// "host:port", with brackets around an IPv6 address.
  [[nodiscard]] std::string text() const;
};

/// Something that was said on the way through a proxy.
struct ProxyWords {
  bool ours = true;
  bool head = false;  ///< the head of an HTTP message, as on the wire; otherwise `text` tells what it means
  std::string text;
};

/// Asks a proxy for a connection: write output(), then hand in what is answered, and both again until it is done. Bytes
/// behind the proxy's answer belong to the tunnel.
class Tunnel {
 public:
  virtual ~Tunnel() = default;
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  enum class Progress : unsigned char { going_on, done, failed };
  /// Takes bytes from the front of `in`, none beyond the proxy's answer.
  [[nodiscard]] virtual Progress receive(base::Bytes& in) = 0;

  /// What is to be sent to the proxy, valid until the next non-const call.
  [[nodiscard]] base::Bytes output() const noexcept { return base::as_bytes(output_); }
  void consume_output(std::size_t n) { output_.erase(0, n); }
  /// What was said since this was called last. It may quote the proxy: escape it before printing.
  [[nodiscard]] std::vector<ProxyWords> take_words() { return std::exchange(words_, {}); }
  /// After failed: of kind connect, without the proxy's name. It may quote the proxy: escape it before printing.
  [[nodiscard]] const base::Error& error() const noexcept { return error_; }

 protected:
  Tunnel() = default;
  void say(std::string_view text) { output_ += text; }
  [[nodiscard]] Progress fail(std::string message, std::string hint = {});
  void tell(ProxyWords words) { words_.push_back(std::move(words)); }

 private:
  std::vector<ProxyWords> words_;
  std::string output_;
  base::Error error_{base::ErrorKind::connect, ""};
};

/// CONNECT (RFC 9110 section 9.3.6), with Basic credentials if there are any. A proxy that says nothing but interim
/// responses, 64 KiB of them, has failed.
class HttpTunnel final : public Tunnel {
 public:
  HttpTunnel(const TunnelTarget& target, const std::optional<http::Credentials>& credentials);
  [[nodiscard]] Progress receive(base::Bytes& in) override;

 private:
  [[nodiscard]] Progress refuse(const http::ResponseHead& response);

  bool has_credentials_;
  std::size_t received_ = 0;  // bytes
  http::HeadParser parser_{http::HeadParser::Kind::response, {}};
};

/// SOCKS 5 (RFC 1928), with user and password (RFC 1929) if there are any. It fails if one of them or the host is
/// longer than the 255 bytes that the protocol has for it.
class SocksTunnel final : public Tunnel {
 public:
  /// The target's host is a name only if the proxy is to look it up.
  SocksTunnel(TunnelTarget target, std::optional<http::Credentials> credentials);
  [[nodiscard]] Progress receive(base::Bytes& in) override;

 private:
  // What is awaited. A reply's start tells whether it is good news, and how long the rest is.
  enum class Step : unsigned char { method, password, reply, rest_of_reply };
  [[nodiscard]] Progress follow(base::Bytes message);
  [[nodiscard]] std::size_t wanted() const noexcept;
  [[nodiscard]] Progress take_method(std::byte method);
  [[nodiscard]] Progress send_password();
  [[nodiscard]] Progress send_request();

  TunnelTarget target_;
  std::optional<http::Credentials> credentials_;
  Step step_ = Step::method;
  std::string received_;  // the beginning of a message of the proxy's
};

}  // namespace wscope::peer
