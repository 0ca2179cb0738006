#include "tls/pem.h"

#include <algorithm>
#include <memory>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "net/file.h"

namespace wscope::tls {
namespace {

struct Passphrase {
  const std::string& text;
  bool asked = false;
};

// Without it libcrypto would ask the terminal.
int give_passphrase(char* into, int size, int, void* argument) noexcept {
  auto& passphrase = *static_cast<Passphrase*>(argument);
  passphrase.asked = true;
  if (passphrase.text.empty() || passphrase.text.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(passphrase.text.begin(), passphrase.text.end(), into);
  return static_cast<int>(passphrase.text.size());
}

// `text` outlives it.
BioPointer reader_of(const std::string& text) {
  return BioPointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace

base::Error no_certificate_error(const std::string& path) {
  return {base::ErrorKind::io, path + ": holds no certificate in PEM form"};
}

base::Result<std::vector<CertificatePointer>> read_certificates(const std::string& path) {
  const auto text = net::read_file(path);
  return text ? parse_certificates(*text, path) : text.error();
}

base::Result<std::vector<CertificatePointer>> parse_certificates(const std::string& text, const std::string& path) {
  const BioPointer file = reader_of(text);
  const std::string none;
  Passphrase passphrase{none};
  std::vector<CertificatePointer> certificates;
  while (X509* next = PEM_read_bio_X509_AUX(file.get(), nullptr, &give_passphrase, &passphrase)) {
    certificates.emplace_back(next);
  }
  const unsigned long end = ERR_peek_last_error();
  const bool whole = ERR_GET_LIB(end) == ERR_LIB_PEM && ERR_GET_REASON(end) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!whole) return base::Error{base::ErrorKind::io, path + ": holds a damaged certificate"};
  if (certificates.empty()) return no_certificate_error(path);
  return certificates;
}

base::Result<KeyPointer> parse_key(const std::string& text, const std::string& path, const std::string& passphrase) {
  const BioPointer file = reader_of(text);
  Passphrase state{passphrase};
  KeyPointer key(PEM_read_bio_PrivateKey(file.get(), nullptr, &give_passphrase, &state));
  ERR_clear_error();
  if (key) return key;
  if (!state.asked) return base::Error{base::ErrorKind::io, path + ": holds no private key in PEM form"};
  if (!passphrase.empty()) return base::usage_error(path + ": the passphrase is wrong");
  return base::usage_error(path + ": the key is encrypted", "--passphrase unlocks it");
}

}  // namespace wscope::tls
