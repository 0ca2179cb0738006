// What TLS connections have in common: trust, certificate and key, versions and ciphers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

// What OpenSSL's headers, which are not needed to include this one, call SSL_CTX and BIO_METHOD.
struct ssl_ctx_st;
struct bio_method_st;

namespace wscope::tls {

enum class Version : unsigned char { tls_1_2, tls_1_3 };

/// Our own certificate. Files are PEM or PKCS#12; the certificate's may hold a chain, and the key too.
struct Identity {
  std::string certificate_file{};
  std::string key_file{};    ///< empty: in the certificate's file
  std::string passphrase{};  ///< of the key or of what is PKCS#12, if it is encrypted
};

/// Whom a client believes.
struct ClientOptions {
  std::string ca_file{};  ///< PEM; with ca_path, in place of the system's trust store
  std::string ca_path{};  ///< a directory of certificates named by their hash (or several, separated by colons)
  bool verify = true;     ///< refuse a server whose certificate does not check out
  /// SHA-256 digests of public keys in base64, as curl's --pinnedpubkey has them behind "sha256//": one must be the
  /// server's, also without `verify`. Empty: any key will do. With `verify`, the certificate must check out too: to
  /// trust a key and nothing else, leave `verify` out.
  std::vector<std::string> pins{};
  Identity identity{};  ///< for a server that asks; empty: none
  Version least = Version::tls_1_2;
  /// OpenSSL's list. Names that begin with TLS_ are TLS 1.3's, the rest is for 1.2; a version that it says nothing
  /// about keeps the library's own.
  std::string ciphers{};
  std::string key_log{};  ///< append secrets to this regular file, as SSLKEYLOGFILE wants it; empty: no
};

struct ServerOptions {
  Identity identity{};               ///< empty: a certificate is made (see below)
  std::vector<std::string> names{};  ///< host names and addresses that it is made for
  std::string client_ca{};           ///< PEM: demand certificates of clients that these have signed; empty: no
  Version least = Version::tls_1_2;
  std::string ciphers{};
  std::string key_log{};
};

struct ContextParts;  // context.cc

/// Made once, shared by any number of engines, which it outlives. Move only, also while engines use it.
///
/// Making a client's costs about two milliseconds the first time, which OpenSSL takes to get going, and a third of one
/// after that. The system's trust store is SSL_CERT_DIR and SSL_CERT_FILE, if set, or the usual places: a directory of
/// certificates named by their hash, else a bundle. Of both only what is needed is read, when it is. OpenSSL's
/// configuration file is read only if OPENSSL_CONF names one.
///
/// No session is ever resumed: every handshake stands for itself.
class Context {
 public:
  /// An error of kind usage or io names the file and what is wrong with it; of kind tls: OpenSSL itself does not work.
  [[nodiscard]] static base::Result<Context> client(const ClientOptions& options);
  /// Without an identity it makes a key (P-256) and a self-signed certificate in memory, valid for 30 days.
  [[nodiscard]] static base::Result<Context> server(const ServerOptions& options);
  Context(Context&&) noexcept;
  Context& operator=(Context&&) noexcept;
  ~Context();

  /// Of our own certificate, if we have one: "sha256//" and base64. A client that is given a server's as --pin trusts
  /// this very key.
  [[nodiscard]] const std::string& pin() const noexcept;

  /// The same certificate as PEM, without its chain and key; empty if we have none.
  [[nodiscard]] std::string certificate() const;

  /// For the engines, as long as this lives.
  [[nodiscard]] const std::vector<std::string>& pins() const noexcept;
  [[nodiscard]] bool verifies() const noexcept;
  [[nodiscard]] ssl_ctx_st* get() const noexcept;
  [[nodiscard]] const bio_method_st* stream_method() const noexcept;

 private:
  explicit Context(std::unique_ptr<ContextParts> parts) noexcept;

  std::unique_ptr<ContextParts> parts_;
};

}  // namespace wscope::tls
