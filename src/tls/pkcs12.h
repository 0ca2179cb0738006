// Certificates with their key from PKCS#12 files (RFC 7292): .p12, .pfx.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tls/handles.h"

namespace wscope::tls {

/// What such a file holds.
struct Pkcs12 {
  CertificatePointer certificate{};         ///< that of the key; null: there is none
  KeyPointer key{};                         ///< null: there is none
  std::vector<CertificatePointer> chain{};  ///< the other certificates, as far as there is an order from the own one up
};

/// Whether these bytes of a file are PKCS#12.
[[nodiscard]] bool is_pkcs12(std::string_view bytes) noexcept;

/// Takes it apart. `path` is named in errors: it is damaged, or encrypted in a way that OpenSSL no longer has (kind
/// io), or `passphrase` is wrong or missing (kind usage). Never asks the terminal for a passphrase.
[[nodiscard]] base::Result<Pkcs12> read_pkcs12(std::string_view bytes, const std::string& path,
                                               const std::string& passphrase);

}  // namespace wscope::tls
