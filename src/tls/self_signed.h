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

/// A fresh P-256 key and a certificate for `names` (host names and addresses), valid for 30 days. Fails (kind tls) only
/// if OpenSSL does.
[[nodiscard]] base::Result<KeyAndCertificate> make_self_signed(std::span<const std::string> names);

}  // namespace wscope::tls
