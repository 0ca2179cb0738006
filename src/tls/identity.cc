#include "tls/identity.h"

#include <string>
#include <utility>

#include <openssl/crypto.h>

#include "net/file.h"
#include "tls/pem.h"
#include "tls/pkcs12.h"

namespace wscope::tls {
namespace {

// The content of a file that may hold a key, for no longer than needed.
class SecretText {
 public:
  explicit SecretText(std::string text) noexcept : text_(std::move(text)) {}
  ~SecretText() { OPENSSL_cleanse(text_.data(), text_.size()); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;

  [[nodiscard]] const std::string& get() const noexcept { return text_; }

 private:
  std::string text_;
};

base::Error lacks(const std::string& path, const char* what) {
  return {base::ErrorKind::io, path + ": holds no " + what};
}

base::Result<Proof> take_apart(const std::string& text, const std::string& path, const std::string& passphrase) {
  auto contents = read_pkcs12(text, path, passphrase);
  if (!contents) return std::move(contents).error();
  if (!contents->certificate && contents->chain.empty()) return lacks(path, "certificate");
  Proof proof;
  if (contents->certificate) proof.certificates.push_back(std::move(contents->certificate));
  for (CertificatePointer& other : contents->chain) proof.certificates.push_back(std::move(other));
  proof.key = std::move(contents->key);
  return proof;
}

base::Result<KeyPointer> read_key_of(const std::string& path, const std::string& passphrase) {
  auto read = net::read_file(path);
  if (!read) return std::move(read).error();
  const SecretText text(std::move(*read));
  if (!is_pkcs12(text.get())) return parse_key(text.get(), path, passphrase);
  auto contents = read_pkcs12(text.get(), path, passphrase);
  if (!contents) return std::move(contents).error();
  if (!contents->key) return lacks(path, "private key");
  return std::move(contents->key);
}

}  // namespace

base::Result<Proof> read_identity(const Identity& identity) {
  const std::string& path = identity.certificate_file;
  auto read = net::read_file(path);
  if (!read) return std::move(read).error();
  const SecretText text(std::move(*read));
  const bool packed = is_pkcs12(text.get());
  Proof proof;
  if (packed) {
    auto apart = take_apart(text.get(), path, identity.passphrase);
    if (!apart) return apart;
    proof = std::move(apart).value();
  } else {
    auto certificates = parse_certificates(text.get(), path);
    if (!certificates) return std::move(certificates).error();
    proof.certificates = std::move(certificates).value();
  }
  const bool elsewhere = !identity.key_file.empty() && identity.key_file != path;
  if (packed && !elsewhere && !proof.key) return lacks(path, "private key");
  if (packed && !elsewhere) return proof;
  auto key = elsewhere ? read_key_of(identity.key_file, identity.passphrase)
                       : parse_key(text.get(), path, identity.passphrase);
  if (!key) return std::move(key).error();
  proof.key = std::move(key).value();
  return proof;
}

}  // namespace wscope::tls
