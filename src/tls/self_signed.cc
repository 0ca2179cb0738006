#include "tls/self_signed.h"

#include <array>
#include <utility>

#include <openssl/ec.h>
#include <openssl/rand.h>

namespace wscope::tls {
namespace {

constexpr long hour = 60L * 60;
constexpr long day = 24 * hour;
constexpr long validity = 30 * day;
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

// From an hour in the past on, for clients whose clock is behind.
bool set_dates(X509* certificate, bool expired) {
  const long from = expired ? -validity : -hour;
  const long until = expired ? -day : validity;
  return X509_gmtime_adj(X509_getm_notBefore(certificate), from) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), until) != nullptr;
}

bool set_subject(X509* certificate, const CertificateWish& wish) {
  const bool named = !wish.names.empty() && wish.names.front().size() <= longest_common_name;
  const std::string common_name = wish.authority ? "wscope's authority" : named ? wish.names.front() : "wscope";
  X509_NAME* subject = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, wish.issuer ? X509_get_subject_name(wish.issuer) : subject) == 1;
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

bool add_extension(X509* certificate, const X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, const_cast<X509*>(issuer), certificate, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool add_usage(X509* certificate, bool authority) {
  if (authority) {
    return add_extension(certificate, nullptr, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(certificate, nullptr, NID_key_usage, "critical,keyCertSign") &&
           add_extension(certificate, nullptr, NID_subject_key_identifier, "hash");
  }
  return add_extension(certificate, nullptr, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, nullptr, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, nullptr, NID_ext_key_usage, "serverAuth");
}

// Some clients want to know by which of its keys the issuer has signed, if it says what its key is called.
bool add_issuer(X509* certificate, const X509* issuer) {
  const bool is_told = issuer != nullptr && X509_get_ext_by_NID(issuer, NID_subject_key_identifier, -1) >= 0;
  return !is_told || add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
}

// Edwards curves bring a digest of their own.
const EVP_MD* digest_for(const EVP_PKEY* key) {
  const int kind = EVP_PKEY_get_base_id(key);
  return kind == EVP_PKEY_ED25519 || kind == EVP_PKEY_ED448 ? nullptr : EVP_sha256();
}

bool fill(X509* certificate, EVP_PKEY* key, const CertificateWish& wish) {
  EVP_PKEY* const signs = wish.issuer != nullptr ? wish.issuer_key : key;
  return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
         set_dates(certificate, wish.expired) && set_subject(certificate, wish) &&
         X509_set_pubkey(certificate, key) == 1 && add_names(certificate, wish.names) &&
         add_usage(certificate, wish.authority) && add_issuer(certificate, wish.issuer) &&
         X509_sign(certificate, signs, digest_for(signs)) > 0;
}

}  // namespace

base::Result<KeyAndCertificate> make_certificate(const CertificateWish& wish) {
  KeyAndCertificate made{KeyPointer(EVP_EC_gen("P-256")), CertificatePointer(X509_new())};
  if (!made.key || !made.certificate || !fill(made.certificate.get(), made.key.get(), wish)) {
    return base::Error{base::ErrorKind::tls, "cannot make a certificate"};
  }
  return made;
}

base::Result<KeyAndCertificate> make_self_signed(std::span<const std::string> names) {
  return make_certificate({.names = names});
}

}  // namespace wscope::tls
