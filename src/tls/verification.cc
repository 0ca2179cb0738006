#include "tls/verification.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>

#include "tls/certificate.h"

namespace wscope::tls {
namespace {

constexpr std::size_t most_names = 5;  // in a message

// The first of a certificate's names, as a list in a sentence.
std::string listed(const std::vector<std::string>& names) {
  const auto shown = std::span(names).first(std::min(names.size(), most_names));
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (shown.size() < names.size()) text += fmt::format(" and {} more", names.size() - shown.size());
  return text;
}

std::string wrong_name(const X509& certificate, const std::string& wanted) {
  auto names = names_held_for(certificate);
  if (names.empty()) {
    const std::string common = common_name(certificate);
    const std::string aside = common.empty() ? "" : fmt::format(" (the common name {} does not count)", common);
    return fmt::format("has no subjectAltName for a host{}, so it is not for {}", aside, wanted);
  }
  // An address that is among them and does not count is no address there.
  const auto look_alike = std::find(names.begin(), names.end(), wanted);
  if (look_alike == names.end()) return fmt::format("is for {}, not {}", listed(names), wanted);
  *look_alike += " (a DNS name)";
  std::rotate(names.begin(), look_alike, look_alike + 1);  // so that it is shown
  return fmt::format("is for {}, not the address {}", listed(names), wanted);
}

bool is_about_issuer(int error) noexcept {
  switch (error) {
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return true;
    default:
      return false;
  }
}

// What is wrong with a certificate: what stands behind "certificate".
std::string fault(int error, const X509& certificate, const CertificateCheck& check) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "expired on " + date_text(*X509_get0_notAfter(&certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "is not valid before " + date_text(*X509_get0_notBefore(&certificate));
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return wrong_name(certificate, check.name);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "is self-signed";
    case X509_V_ERR_INVALID_PURPOSE:
      return check.side == Side::client ? "is not meant for a server" : "is not meant for a client";
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "has a wrong signature";
    case X509_V_ERR_INVALID_CA:
      return "may not issue others";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return "has a key that is too short";
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return "has a signature that is too weak";
    default:
      return std::string("is refused: ") + X509_verify_cert_error_string(error);
  }
}

std::string describe(int error, const X509& certificate, int depth, const CertificateCheck& check) {
  if (is_about_issuer(error)) return "unknown issuer: " + name_text(*X509_get_issuer_name(&certificate));
  std::string what = check.side == Side::client ? "certificate" : "the client's certificate";
  if (depth > 0) what = "certificate of the issuer " + name_text(*X509_get_subject_name(&certificate));
  return what + ' ' + fault(error, certificate, check);
}

std::string hint(int error, const X509& leaf, Side side) {
  if (side == Side::server) return {};
  const std::string skip = "--insecure skips the check";
  if (error == X509_V_ERR_CERT_NOT_YET_VALID || error == X509_V_ERR_CERT_HAS_EXPIRED) {
    return "if it is this machine's clock that is wrong, set it; " + skip;
  }
  const bool is_about_name = error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH;
  const bool has_names = !names_held_for(leaf).empty();  // without any, none would do
  if (is_about_name && has_names) {
    return "--servername NAME asks for another name, " + skip;
  }
  if (is_about_name || error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT)
    return skip + ", --pin " + pin_of(leaf) + " trusts this very key";
  return skip + ", --cacert FILE trusts another issuer";
}

base::Error refusal(X509_STORE_CTX& verification, const X509& leaf, const CertificateCheck& check) {
  const int error = X509_STORE_CTX_get_error(&verification);
  const X509* current = X509_STORE_CTX_get_current_cert(&verification);
  const int depth = X509_STORE_CTX_get_error_depth(&verification);
  return {base::ErrorKind::tls, describe(error, current != nullptr ? *current : leaf, depth, check),
          hint(error, leaf, check.side)};
}

bool is_pinned(std::string_view pin, std::span<const std::string> pins) {
  return std::find(pins.begin(), pins.end(), pin.substr(pin_prefix.size())) != pins.end();
}

std::optional<base::Error> fault_of(X509_STORE_CTX& verification, const CertificateCheck& check, Trust& trust) {
  const X509& leaf = *X509_STORE_CTX_get0_cert(&verification);
  if (check.issuer && trust.bundle) trust.bundle->add_issuers(verification);
  if (check.issuer && X509_verify_cert(&verification) != 1) return refusal(verification, leaf, check);
  if (check.pins.empty()) return std::nullopt;
  const std::string pin = pin_of(leaf);
  if (is_pinned(pin, check.pins)) return std::nullopt;
  X509_STORE_CTX_set_error(&verification, X509_V_ERR_CERT_REJECTED);  // this makes the alert
  return base::Error{base::ErrorKind::tls, fmt::format("pin does not match: {}'s is {}", other_side(check.side), pin)};
}

CertificateCheck& check_of(const SSL* ssl) noexcept { return *static_cast<CertificateCheck*>(SSL_get_app_data(ssl)); }

int verify(X509_STORE_CTX* verification, void* trust) noexcept {
  const auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  CertificateCheck& check = check_of(ssl);
  check.refusal = fault_of(*verification, check, *static_cast<Trust*>(trust));
  if (check.refusal) return 0;
  ERR_clear_error();  // what could not be looked up is no error of the connection
  return 1;
}

// Called only if there is none.
int note_certificate_wanted(SSL* ssl, X509**, EVP_PKEY**) noexcept {
  check_of(ssl).own_wanted = true;
  return 0;
}

}  // namespace

void check_certificates(SSL_CTX* context, Trust& trust) {
  SSL_CTX_set_cert_verify_callback(context, &verify, &trust);
  SSL_CTX_set_client_cert_cb(context, &note_certificate_wanted);
}

}  // namespace wscope::tls
