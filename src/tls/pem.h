// Certificates and keys from files in PEM form (RFC 7468).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "tls/handles.h"

namespace wscope::tls {

/// All certificates of a file, at least one. Errors (kind io) name the file.
[[nodiscard]] base::Result<std::vector<CertificatePointer>> read_certificates(const std::string& path);
/// The same of its text.
[[nodiscard]] base::Result<std::vector<CertificatePointer>> parse_certificates(const std::string& text,
                                                                               const std::string& path);

/// For a file without any.
[[nodiscard]] base::Error no_certificate_error(const std::string& path);

/// The first private key in a file's text. Errors name the file: it holds no key (kind io), `passphrase` is wrong or
/// missing (kind usage). Never asks the terminal for a passphrase.
[[nodiscard]] base::Result<KeyPointer> parse_key(const std::string& text, const std::string& path,
                                                 const std::string& passphrase);

}  // namespace wscope::tls
