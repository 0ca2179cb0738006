// Our own certificate and its key, from the files that hold them.
#pragma once

#include <vector>

#include "base/result.h"
#include "tls/context.h"
#include "tls/handles.h"

namespace wscope::tls {

/// What proves who we are.
struct Proof {
  std::vector<CertificatePointer> certificates{};  ///< our own, then the others of its file; at least one
  KeyPointer key{};
};

/// Reads each file once, whether it is PEM or PKCS#12. An error of kind io or usage names the file; whether the key is
/// that of the certificate is not looked at.
[[nodiscard]] base::Result<Proof> read_identity(const Identity& identity);

}  // namespace wscope::tls
