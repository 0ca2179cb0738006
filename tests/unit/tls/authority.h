// An authority of the tests' own: certificates of every kind, and files with them.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "tls/certificate.h"
#include "tls/handles.h"

namespace wscope::test {

inline constexpr long day = 24L * 60 * 60;

/// What a certificate is to say.
struct Wish {
  std::string subject = "a.example";    ///< its common name
  std::string names = "DNS:a.example";  ///< as OpenSSL writes them, or empty
  long from = -day;                     ///< in seconds from now
  long until = day;
  bool authority = false;
  std::string purpose = "serverAuth,clientAuth";
};

struct Certified {
  tls::KeyPointer key;
  tls::CertificatePointer certificate;
};

inline void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  REQUIRE(extension != nullptr);
  REQUIRE(X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

/// A fresh key and its certificate, signed by `issuer`, or by itself if that is null.
inline Certified issue(const Wish& wish, const Certified* issuer = nullptr) {
  static long serial = 0;
  Certified made{tls::KeyPointer(EVP_EC_gen("P-256")), tls::CertificatePointer(X509_new())};
  X509* certificate = made.certificate.get();
  REQUIRE(made.key);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.until);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(wish.subject.data()),
                             static_cast<int>(wish.subject.size()), -1, 0);
  X509_set_issuer_name(certificate, issuer != nullptr ? X509_get_subject_name(issuer->certificate.get()) : name);
  X509_set_pubkey(certificate, made.key.get());
  add_extension(certificate, NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!wish.authority) add_extension(certificate, NID_ext_key_usage, wish.purpose);
  if (!wish.names.empty()) add_extension(certificate, NID_subject_alt_name, wish.names);
  REQUIRE(X509_sign(certificate, issuer != nullptr ? issuer->key.get() : made.key.get(), EVP_sha256()) > 0);
  return made;
}

inline Certified make_authority(const std::string& name = "Test Authority") {
  return issue({.subject = name, .names = "", .authority = true});
}

inline std::string contents(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

inline std::string pem(const X509* certificate) {
  const tls::BioPointer bio(BIO_new(BIO_s_mem()));
  REQUIRE(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return contents(bio.get());
}
inline std::string pem(const tls::CertificatePointer& certificate) { return pem(certificate.get()); }

/// A key in PKCS #8, encrypted if there is a passphrase.
inline std::string pem(const tls::KeyPointer& key, const std::string& passphrase = {}) {
  const tls::BioPointer bio(BIO_new(BIO_s_mem()));
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_128_cbc();
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), cipher, passphrase.data(),
                                        static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
  return contents(bio.get());
}

/// How what is PKCS#12 is encrypted: as OpenSSL does it today, or not at all.
enum class Encryption { usual, none };

/// Certificate, key and other certificates in PKCS#12 (any of the first two may be missing).
inline std::string pkcs12(const Certified& certified, const std::string& passphrase,
                          const std::vector<const X509*>& others = {}, Encryption encryption = Encryption::usual) {
  STACK_OF(X509)* stack = sk_X509_new_null();
  for (const X509* other : others) sk_X509_push(stack, const_cast<X509*>(other));
  const int algorithm = encryption == Encryption::none ? -1 : 0;
  PKCS12* file = PKCS12_create(passphrase.c_str(), nullptr, certified.key.get(), certified.certificate.get(), stack,
                               algorithm, algorithm, 0, algorithm, 0);
  sk_X509_free(stack);
  REQUIRE(file != nullptr);
  const tls::BioPointer bio(BIO_new(BIO_s_mem()));
  REQUIRE(i2d_PKCS12_bio(bio.get(), file) == 1);
  PKCS12_free(file);
  return contents(bio.get());
}

/// Certificate and key in one.
inline std::string pem(const Certified& certified) { return pem(certified.certificate) + pem(certified.key); }

/// A folder that goes with its files.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_((std::filesystem::temp_directory_path() / "wscope-XXXXXX").string()) {
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Where a file of that name is.
  [[nodiscard]] std::string at(const std::string& name) const { return path_ + '/' + name; }
  /// Writes a file and says where it is.
  std::string put(const std::string& name, std::string_view text) const {  // NOLINT(modernize-use-nodiscard)
    std::ofstream(at(name), std::ios::binary) << text;
    return at(name);
  }
  /// A certificate under the name by which it is looked up.
  std::string put_hashed(X509* certificate) const {  // NOLINT(modernize-use-nodiscard)
    char name[16];
    std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(certificate));
    return put(name, pem(certificate));
  }

 private:
  std::string path_;
};

}  // namespace wscope::test
