// TLS on one connection as a machine: bytes in, bytes out, no socket (RFC 8446, RFC 5246).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tls/certificate.h"
#include "tls/context.h"

namespace wscope::tls {

/// What was agreed on, once open.
struct Session {
  std::string version;                 ///< "TLSv1.3"
  std::string cipher;                  ///< "TLS_AES_256_GCM_SHA384"
  std::string protocol;                ///< of ALPN: "http/1.1"; empty: none
  std::vector<CertificateView> chain;  ///< as the other side has sent it, its own first
  std::string pin;                     ///< of its key, as --pin wants it; empty without a certificate
};

/// Whether a client asks for its server's name (SNI, RFC 6066 section 3).
enum class ServerName : std::uint8_t { sent, withheld };

struct EngineParts;  // engine.cc

/// One end of one TLS connection.
///
/// The owner hands in what came from the socket (receive, receive_eof), takes plaintext out (read) and gives plaintext
/// in (write), and writes output() to the socket after every call. The handshake goes by itself: a client's begins with
/// advance(). Nothing throws; after a failure output() may still hold an alert worth sending.
class Engine {
 public:
  /// A client: `server_name` (a host name, or an address without brackets) is what the certificate must be for, and, if
  /// a host name, what is asked for unless `use` says otherwise. A dot at its end does not count. `context` outlives
  /// it. An error (kind usage) if no server can have that name.
  [[nodiscard]] static base::Result<Engine> client(const Context& context, const std::string& server_name,
                                                   ServerName use = ServerName::sent);
  [[nodiscard]] static base::Result<Engine> server(const Context& context);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  /// It may also fail once open: in TLS 1.3 a client is, before the server has looked at its certificate.
  enum class State : std::uint8_t {
    handshaking,
    open,
    failed,  ///< see error()
  };
  [[nodiscard]] State state() const noexcept;

  /// Goes on with the handshake as far as it can. A client calls it once to begin.
  void advance();

  /// Takes as much of `ciphertext` as it wants, at least one byte unless it holds plaintext that must be read first,
  /// and returns how much. Once failed or ended, it takes and drops all.
  [[nodiscard]] std::size_t receive(base::Bytes ciphertext);
  /// The stream has ended. A handshake fails of this.
  void receive_eof();

  /// Plaintext into `into`; 0: there is none by now. With one call after another until 0 all of it is read.
  [[nodiscard]] std::size_t read(base::MutableBytes into);
  /// The other side has said that nothing follows (close_notify), and all was read. We may go on writing.
  [[nodiscard]] bool ended() const noexcept;
  /// The stream has ended without that, and all was read: somebody may have cut it off (RFC 8446 section 6.1).
  [[nodiscard]] bool truncated() const noexcept;

  /// How much ciphertext may wait. What the protocol itself has to say may go beyond that, within limits.
  static constexpr std::size_t high_water = std::size_t{256} * 1024;
  /// Encrypts as much of `plaintext` as has room, and returns how much: none unless open, or after close().
  [[nodiscard]] std::size_t write(base::Bytes plaintext);
  /// Says that nothing follows (close_notify), if open; doing it again changes nothing. Reading goes on.
  void close();

  /// Ciphertext to be sent, valid until the next non-const call.
  [[nodiscard]] base::Bytes output() const noexcept;
  void consume_output(std::size_t n);

  /// Once failed: kind tls, and a message that names the cause: "certificate expired on 2026-01-31", "certificate is
  /// for a.example, b.example, not c.example", "certificate is self-signed", "unknown issuer: CN=…", "pin does not
  /// match: the server's is sha256//…", "the peer does not speak TLS", alerts in words. It may quote the other side's
  /// certificate: escape it before printing.
  [[nodiscard]] const base::Error& error() const noexcept;
  /// Whether it has failed because the other side speaks HTTP without TLS: a server, whose output() is then
  /// empty, may answer so.
  [[nodiscard]] bool plain_http() const noexcept;
  /// Once open.
  [[nodiscard]] Session session() const;

 private:
  explicit Engine(std::unique_ptr<EngineParts> parts) noexcept;

  std::unique_ptr<EngineParts> parts_;
};

}  // namespace wscope::tls
