// Whose certificates are believed.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "tls/bundle.h"
#include "tls/handles.h"

namespace wscope::tls {

/// What is believed: what is in `store` or can be looked up by it, and what is in the bundle.
struct Trust {
  X509_STORE* store;
  std::optional<Bundle> bundle{};
};

/// Believes the system: SSL_CERT_DIR and SSL_CERT_FILE if they are set, otherwise the places that OpenSSL or other
/// programs use (with WSCOPE_STATIC_PIE: that others use). An error of kind tls if there is nothing to believe, of kind
/// io if SSL_CERT_FILE names no bundle.
[[nodiscard]] base::Result<void> trust_system(Trust& trust);

/// Where a system may keep the certificates that it trusts.
struct TrustPlaces {
  std::span<const std::string> directories;  ///< lists of directories, as for trust_directory()
  std::span<const std::string> bundles;      ///< files
};

/// Believes the first that is there, a directory rather than a file. An error (kind tls) that names them if none is.
[[nodiscard]] base::Result<void> trust_first(Trust& trust, const TrustPlaces& places);

/// Believes all certificates of a file, which are read at once; errors (kind io) name it.
[[nodiscard]] base::Result<void> trust_file(Trust& trust, const std::string& path);

/// Believes the certificates in a directory (or several, separated by colons) whose names are their hash: OpenSSL reads
/// one when it needs it. An error (kind io) if there are none.
[[nodiscard]] base::Result<void> trust_directory(Trust& trust, const std::string& paths);

}  // namespace wscope::tls
