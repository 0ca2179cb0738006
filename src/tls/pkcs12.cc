#include "tls/pkcs12.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>
#include <utility>

#include <openssl/err.h>
#include <openssl/pkcs12.h>

namespace wscope::tls {
namespace {

using FilePointer = std::unique_ptr<PKCS12, Free<&PKCS12_free>>;

struct FreeCertificates {
  void operator()(STACK_OF(X509) * certificates) const noexcept { sk_X509_pop_free(certificates, &X509_free); }
};
using CertificatesPointer = std::unique_ptr<STACK_OF(X509), FreeCertificates>;

FilePointer parse(std::string_view bytes) noexcept {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<long>::max())) return nullptr;
  const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
  FilePointer file(d2i_PKCS12(nullptr, &begin, static_cast<long>(bytes.size())));
  ERR_clear_error();
  return file;
}

// Everything in it may be in the clear. Where a passphrase is empty, some programs have used one of no characters and
// some have used none, which is not the same.
bool passphrase_fits(PKCS12* file, const std::string& passphrase) noexcept {
  if (PKCS12_mac_present(file) == 0) return true;
  if (PKCS12_verify_mac(file, passphrase.c_str(), -1) == 1) return true;
  return passphrase.empty() && PKCS12_verify_mac(file, nullptr, 0) == 1;
}

base::Error unreadable(const std::string& path) {
  return {base::ErrorKind::io, path + ": is encrypted in a way that OpenSSL has given up (RC2, most likely)",
          "openssl pkcs12 -legacy -nodes -in OLD | openssl pkcs12 -export -out NEW makes it readable"};
}

// Empties the queue of errors.
bool has_met_unsupported() noexcept {
  bool met = false;
  while (const unsigned long code = ERR_get_error()) met = met || ERR_GET_REASON(code) == ERR_R_UNSUPPORTED;
  return met;
}

base::Error does_not_fit(const std::string& path, const std::string& passphrase) {
  const bool known = ERR_peek_error() == 0 || ERR_GET_REASON(ERR_peek_last_error()) != PKCS12_R_MAC_GENERATION_ERROR;
  ERR_clear_error();
  if (!known) return unreadable(path);
  if (!passphrase.empty()) return base::usage_error(path + ": the passphrase is wrong");
  return base::usage_error(path + ": is encrypted", "--passphrase unlocks it");
}

// Takes the first that `fits` out of `certificates`; null if none does.
template <typename Fits>
CertificatePointer take(std::vector<CertificatePointer>& certificates, Fits fits) {
  const auto found =
      std::find_if(certificates.begin(), certificates.end(), [&](const auto& c) { return fits(c.get()); });
  if (found == certificates.end()) return nullptr;
  CertificatePointer taken = std::move(*found);
  certificates.erase(found);
  return taken;
}

// Each behind the one it has issued, as TLS wants them; what belongs to none comes last.
std::vector<CertificatePointer> ordered(X509* own, std::vector<CertificatePointer> certificates) {
  std::vector<CertificatePointer> chain;
  for (X509* last = own; last != nullptr;) {
    CertificatePointer issuer =
        take(certificates, [last](X509* other) { return X509_check_issued(other, last) == X509_V_OK; });
    last = issuer.get();
    if (issuer) chain.push_back(std::move(issuer));
  }
  std::move(certificates.begin(), certificates.end(), std::back_inserter(chain));
  return chain;
}

}  // namespace

bool is_pkcs12(std::string_view bytes) noexcept { return parse(bytes) != nullptr; }

base::Result<Pkcs12> read_pkcs12(std::string_view bytes, const std::string& path, const std::string& passphrase) {
  const FilePointer file = parse(bytes);
  if (!file) return base::Error{base::ErrorKind::io, path + ": is not PKCS#12"};
  if (!passphrase_fits(file.get(), passphrase)) return does_not_fit(path, passphrase);
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  const bool parsed = PKCS12_parse(file.get(), passphrase.c_str(), &key, &certificate, &others) == 1;
  const CertificatesPointer owner(others);
  Pkcs12 contents{CertificatePointer(certificate), KeyPointer(key), {}};
  const bool unsupported = has_met_unsupported();
  if (!parsed && unsupported) return unreadable(path);
  if (!parsed) return base::Error{base::ErrorKind::io, path + ": is damaged"};
  std::vector<CertificatePointer> rest;
  for (int i = 0; i < sk_X509_num(others); ++i) {
    X509_up_ref(sk_X509_value(others, i));
    rest.emplace_back(sk_X509_value(others, i));
  }
  if (contents.certificate == nullptr &&
      contents.key != nullptr) {  // nothing in the file says that they belong together
    EVP_PKEY* const own = contents.key.get();
    contents.certificate = take(rest, [own](X509* other) { return X509_check_private_key(other, own) == 1; });
    ERR_clear_error();
  }
  contents.chain = ordered(contents.certificate.get(), std::move(rest));
  return contents;
}

}  // namespace wscope::tls
