#include "tls/error.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace wscope::tls {
namespace {

constexpr const char* nothing_in_common = "no common TLS version or cipher";

base::Error failure(std::string message, std::string hint = {}) {
  return {base::ErrorKind::tls, std::move(message), std::move(hint)};
}

// Alerts that a server may answer an absent certificate with.
bool may_want_certificate(int alert) noexcept {
  return alert == SSL_AD_HANDSHAKE_FAILURE || alert == SSL_AD_BAD_CERTIFICATE || alert == SSL_AD_CERTIFICATE_REQUIRED;
}

bool is_about_certificate(int alert) noexcept {
  switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
      return true;
    default:
      return false;
  }
}

std::string words_of(int alert) {
  return alert == SSL_AD_UNKNOWN_CA ? "unknown issuer" : SSL_alert_desc_string_long(alert);
}

// Ours, not the other side's: what we have found at fault.
std::string words_of_reason(int reason, const Circumstances& circumstances) {
  const char* other = other_side(circumstances.side);
  switch (reason) {
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
      return nothing_in_common;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_WRONG_VERSION_NUMBER:
      return "no common TLS version";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "the client shows no certificate";
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return "the client does not want to speak http/1.1";
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
      return "what came was changed on its way";
    case SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED:
      return fmt::format("{} is too old: it does not know secure renegotiation (RFC 5746)", other);
    default:
      return {};
  }
}

bool is_lack_of_memory(unsigned long code) noexcept { return ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE; }

}  // namespace

base::Error setup_error() {
  if (is_lack_of_memory(ERR_peek_last_error())) return {base::ErrorKind::io, "out of memory"};
  return failure("OpenSSL cannot be set up");
}

base::Error alert_error(int alert, const Circumstances& circumstances) {
  const char* other = other_side(circumstances.side);
  if (circumstances.certificate_wanted && may_want_certificate(alert)) {
    return failure("the server wants a client certificate", "--cert FILE gives one, with --key FILE for its key");
  }
  if (is_about_certificate(alert) && (circumstances.certificate_given || circumstances.side == Side::server)) {
    return failure(fmt::format("{} refuses our certificate: {}", other, words_of(alert)));
  }
  switch (alert) {
    case SSL_AD_PROTOCOL_VERSION:
      return failure("no common TLS version");
    case SSL_AD_HANDSHAKE_FAILURE:
    case SSL_AD_INSUFFICIENT_SECURITY:
      return failure(nothing_in_common);
    case SSL_AD_UNRECOGNIZED_NAME:
      return failure(fmt::format("the server does not know the name {}", circumstances.server_name),
                     "--servername NAME asks for another name");
    case SSL_AD_NO_APPLICATION_PROTOCOL:
      return failure(fmt::format("{} does not want to speak http/1.1", other));
    default:
      return failure(fmt::format("{} has ended TLS: {}", other, words_of(alert)));
  }
}

base::Error library_error(unsigned long code, const Circumstances& circumstances) {
  const int reason = ERR_GET_REASON(code);
  if (is_lack_of_memory(code)) return {base::ErrorKind::io, "out of memory"};
  if (ERR_GET_LIB(code) == ERR_LIB_SSL) {
    if (reason > SSL_AD_REASON_OFFSET) return alert_error(reason - SSL_AD_REASON_OFFSET, circumstances);
    if (std::string words = words_of_reason(reason, circumstances); !words.empty()) return failure(std::move(words));
  }
  if (code == 0) return failure(fmt::format("{} has us say more than it takes", other_side(circumstances.side)));
  // The names of libcrypto's reasons are not loaded: see context.cc.
  const char* name = ERR_reason_error_string(code);
  return failure(name != nullptr ? fmt::format("TLS failed: {}", name) : fmt::format("TLS failed: error {:08X}", code));
}

base::Error not_tls_error(std::string_view start, Side side) {
  std::string hint;
  if (is_http(start))
    hint = side == Side::client ? "it answers in plain HTTP: try ws://" : "it wants ws://, not wss://";
  if (start.starts_with("SSH-")) hint = "it speaks SSH";
  return failure("the peer does not speak TLS", std::move(hint));
}

base::Error early_end_error(bool silent, Side side) {
  return failure(fmt::format("{} has closed the connection during the TLS handshake", other_side(side)),
                 silent && side == Side::client ? "if it does not speak TLS: try ws://" : "");
}

// A record: its kind, from change_cipher_spec to application_data, and the first byte of its version (RFC 8446, 5.1).
bool may_be_tls(std::string_view start) noexcept {
  return start.empty() || (start[0] >= 20 && start[0] <= 23 && (start.size() < 2 || start[1] == 3));
}

bool is_http(std::string_view start) noexcept {
  constexpr std::array<std::string_view, 9> starts = {"HTTP/", "GET ",  "HEAD ", "POST ", "PUT ",
                                                      "DELET", "OPTIO", "PATCH", "CONNE"};
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view s) { return start.starts_with(s); });
}

}  // namespace wscope::tls
