// Certificates that are wrong in one way, of an authority that clients are told to trust.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "tls/context.h"

namespace wscope::tls {

struct AuthorityParts;  // authority.cc

/// Vouches for servers: for who wants to see what clients take.
class Authority {
 public:
  /// With a fresh key, in memory, valid for 30 days. Fails (kind tls) only if OpenSSL does.
  [[nodiscard]] static base::Result<Authority> make();
  /// That of a file. Errors are those of Context::server(); of kind usage, too: its certificate is no authority's.
  [[nodiscard]] static base::Result<Authority> read(const Identity& identity);
  Authority(Authority&&) noexcept;
  Authority& operator=(Authority&&) noexcept;
  ~Authority();

  enum class Validity : unsigned char { now, expired };
  /// A server with a fresh certificate for these names, and what `options` says but for its identity. Its pin() is not
  /// that of the certificate.
  [[nodiscard]] base::Result<Context> server_for(const std::vector<std::string>& names, Validity validity,
                                                 ServerOptions options = {}) const;

  /// As PEM, for clients.
  [[nodiscard]] std::string certificate() const;

 private:
  explicit Authority(std::unique_ptr<AuthorityParts> parts) noexcept;

  std::unique_ptr<AuthorityParts> parts_;
};

/// Whether a server's certificate is for this host name or address.
[[nodiscard]] bool is_for_host(const Context& server, const std::string& host);

/// From here on `into` is the name that the latest client of this server has asked for (SNI, RFC 6066 section 3);
/// empty: it has asked for none. It outlives all engines of the context.
void watch_server_names(const Context& server, std::string& into);

}  // namespace wscope::tls
