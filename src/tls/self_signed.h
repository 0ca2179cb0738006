// A certificate that nobody has vouched for, made on the spot.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "tls/handles.h"

namespace wscope::tls {

struct KeyAndCertificate {
  KeyPointer key;
  CertificatePointer certificate;
};

/// What a certificate is to say.
struct CertificateWish {
  std::span<const std::string> names{};  ///< host names and addresses
  const X509* issuer = nullptr;          ///< null: nobody vouches for it but its own key
  EVP_PKEY* issuer_key = nullptr;        ///< of the issuer
  bool authority = false;                ///< it may vouch for others
  bool expired = false;                  ///< since yesterday; else it is valid for 30 days
};

/// A fresh P-256 key and a certificate for it. Fails (kind tls) only if OpenSSL does.
[[nodiscard]] base::Result<KeyAndCertificate> make_certificate(const CertificateWish& wish);

/// One for `names` (host names and addresses) that is its own issuer, valid for 30 days.
[[nodiscard]] base::Result<KeyAndCertificate> make_self_signed(std::span<const std::string> names);

}  // namespace wscope::tls
