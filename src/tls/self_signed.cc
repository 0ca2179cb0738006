#include "tls/self_signed.h"

#include <array>
#include <utility>

#include <openssl/ec.h>
#include <openssl/rand.h>

namespace wscope::tls {
namespace {

constexpr long hour = 60L * 60;
constexpr long validity = 30 * 24 * hour;
constexpr std::size_t longest_common_name = 64;  // RFC 5280, ub-common-name

// 127 random bits: positive, and unique among all that this machine makes (RFC 5280 section 4.1.2.2).
bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
  bytes[0] &= 0x7f;
  BIGNUM* number = BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
  const bool done = number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return done;
}

// An hour in the past, for clients whose clock is behind.
bool set_dates(X509* certificate) {
  return X509_gmtime_adj(X509_getm_notBefore(certificate), -hour) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), validity) != nullptr;
}

bool set_subject(X509* certificate, std::span<const std::string> names) {
  const bool named = !names.empty() && names.front().size() <= longest_common_name;
  const std::string common_name = named ? names.front() : "wscope";
  X509_NAME* subject = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1;
}

bool add_name(GENERAL_NAMES* names, const std::string& text) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  if (name == nullptr || sk_GENERAL_NAME_push(names, name) <= 0) {
    GENERAL_NAME_free(name);
    return false;
  }
  if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(text.c_str()); address != nullptr) {
    GENERAL_NAME_set0_value(name, GEN_IPADD, address);
    return true;
  }
  ASN1_IA5STRING* host = ASN1_IA5STRING_new();
  if (host == nullptr || ASN1_STRING_set(host, text.data(), static_cast<int>(text.size())) != 1) {
    ASN1_IA5STRING_free(host);
    return false;
  }
  GENERAL_NAME_set0_value(name, GEN_DNS, host);
  return true;
}

bool add_names(X509* certificate, std::span<const std::string> texts) {
  if (texts.empty()) return true;
  const NamesPointer names(GENERAL_NAMES_new());
  if (!names) return false;
  for (const std::string& text : texts) {
    if (!add_name(names.get(), text)) return false;
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

bool add_extension(X509* certificate, int kind, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool fill(X509* certificate, EVP_PKEY* key, std::span<const std::string> names) {
  return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) && set_dates(certificate) &&
         set_subject(certificate, names) && X509_set_pubkey(certificate, key) == 1 && add_names(certificate, names) &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth") && X509_sign(certificate, key, EVP_sha256()) > 0;
}

}  // namespace

base::Result<KeyAndCertificate> make_self_signed(std::span<const std::string> names) {
  KeyAndCertificate made{KeyPointer(EVP_EC_gen("P-256")), CertificatePointer(X509_new())};
  if (!made.key || !made.certificate || !fill(made.certificate.get(), made.key.get(), names)) {
    return base::Error{base::ErrorKind::tls, "cannot make a certificate"};
  }
  return made;
}

}  // namespace wscope::tls
