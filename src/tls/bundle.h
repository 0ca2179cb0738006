// A file of many certificates to trust, of which few are read.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "tls/handles.h"

namespace wscope::tls {

/// A system's bundle in PEM form. OpenSSL takes some 40 ms to read one whole; to find the one or two certificates that
/// a verification needs takes 2.
class Bundle {
 public:
  /// An error (kind io) that names the file if it cannot be read or holds no certificates. What is in them is looked at
  /// later.
  [[nodiscard]] static base::Result<Bundle> open(const std::string& path);

  /// Adds to the store of `verification` what may have issued the certificates that it is about, unless some issuer is
  /// there already. To be called before X509_verify_cert().
  void add_issuers(X509_STORE_CTX& verification);

 private:
  explicit Bundle(std::string text) noexcept : text_(std::move(text)) {}

  std::string text_;
  std::vector<std::string> looked_up_{};  // names of issuers, in DER
};

}  // namespace wscope::tls
