// Certificates and their parts (RFC 5280), in words for a person.
#pragma once

#include <string>
#include <string_view>
#include <vector>

// What OpenSSL's headers, which are not needed to include this one, call X509, X509_NAME and ASN1_TIME.
struct x509_st;
struct X509_name_st;
struct asn1_string_st;

namespace wscope::tls {

/// One certificate of the other side's. What it says about itself is not to be trusted: escape it before printing.
struct CertificateView {
  std::string subject;             ///< "CN=example.com"
  std::string issuer;              ///< "CN=R3, O=Let's Encrypt, C=US"
  std::vector<std::string> names;  ///< subject alternative names: host names and addresses
  std::string not_before;          ///< "2026-01-31 12:00:00 UTC"
  std::string not_after;
};

[[nodiscard]] CertificateView view_of(const x509_st& certificate);

/// A distinguished name, the most specific part first.
[[nodiscard]] std::string name_text(const X509_name_st& name);

/// "2026-01-31"; "?" if it is malformed.
[[nodiscard]] std::string date_text(const asn1_string_st& time);

/// The host names and addresses that a certificate holds for: its subject alternative names (RFC 9525 section 2).
[[nodiscard]] std::vector<std::string> names_held_for(const x509_st& certificate);

/// The common name of its subject, which holds for no host; "" if there is none.
[[nodiscard]] std::string common_name(const x509_st& certificate);

/// What recognises its public key: the SHA-256 of its SubjectPublicKeyInfo in base64, behind pin_prefix as curl has it.
[[nodiscard]] std::string pin_of(const x509_st& certificate);
inline constexpr std::string_view pin_prefix = "sha256//";

}  // namespace wscope::tls
