// Whether a certificate is to be believed, and why not (RFC 5280, RFC 9525).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "tls/handles.h"
#include "tls/side.h"
#include "tls/trust.h"

namespace wscope::tls {

/// What the certificate of the other side of one connection has to meet, and whether it does.
struct CertificateCheck {
  Side side = Side::client;             ///< ours
  bool issuer = true;                   ///< it is to be issued by somebody we trust, for this time and the name
  std::string name{};                   ///< the name, for messages: OpenSSL has been told
  std::span<const std::string> pins{};  ///< as ClientOptions has them

  std::optional<base::Error> refusal{};  ///< why it does not
  bool own_wanted = false;               ///< the server has asked for a certificate of ours, and there is none
};

/// Has `context` check certificates against `trust`, which outlives it. Every SSL of it has its app data point to a
/// CertificateCheck, which is obeyed and written to.
void check_certificates(SSL_CTX* context, Trust& trust);

}  // namespace wscope::tls
