#include "tls/error.h"

#include <doctest/doctest.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "tls/context.h"

using namespace wscope;
using tls::Circumstances;
using tls::Side;

namespace {

std::string alert_text(int alert, const Circumstances& circumstances = {}) {
  const base::Error error = tls::alert_error(alert, circumstances);
  CHECK(error.kind == base::ErrorKind::tls);
  return error.message;
}

std::string reason_text(int reason, const Circumstances& circumstances = {}) {
  REQUIRE(tls::Context::client({.verify = false}).ok());  // OpenSSL names its reasons once it is started
  return tls::library_error(ERR_PACK(ERR_LIB_SSL, 0, reason), circumstances).message;
}

}  // namespace

TEST_CASE("an alert is told in words") {
  CHECK(alert_text(SSL_AD_PROTOCOL_VERSION) == "no common TLS version");
  CHECK(alert_text(SSL_AD_HANDSHAKE_FAILURE) == "no common TLS version or cipher");
  CHECK(alert_text(SSL_AD_INSUFFICIENT_SECURITY) == "no common TLS version or cipher");
  CHECK(alert_text(SSL_AD_UNRECOGNIZED_NAME, {.server_name = "a.example"}) ==
        "the server does not know the name a.example");
  CHECK(alert_text(SSL_AD_NO_APPLICATION_PROTOCOL) == "the server does not want to speak http/1.1");
  CHECK(alert_text(SSL_AD_INTERNAL_ERROR) == "the server has ended TLS: internal error");
  CHECK(alert_text(SSL_AD_USER_CANCELLED, {.side = Side::server}) == "the client has ended TLS: user canceled");
  CHECK(alert_text(250) == "the server has ended TLS: unknown");
}

TEST_CASE("an alert may mean that a certificate is missing") {
  const Circumstances wanted = {.certificate_wanted = true};
  for (const int alert : {SSL_AD_HANDSHAKE_FAILURE, SSL_AD_BAD_CERTIFICATE, 116 /* certificate_required */}) {
    CHECK(alert_text(alert, wanted) == "the server wants a client certificate");
    CHECK(tls::alert_error(alert, wanted).hint == "--cert FILE gives one, with --key FILE for its key");
  }
  CHECK(alert_text(SSL_AD_PROTOCOL_VERSION, wanted) == "no common TLS version");
}

TEST_CASE("an alert may mean that our certificate is refused") {
  const Circumstances client = {.certificate_given = true};
  CHECK(alert_text(SSL_AD_UNKNOWN_CA, client) == "the server refuses our certificate: unknown issuer");
  CHECK(alert_text(SSL_AD_CERTIFICATE_EXPIRED, client) == "the server refuses our certificate: certificate expired");
  CHECK(alert_text(SSL_AD_BAD_CERTIFICATE, {.side = Side::server}) ==
        "the client refuses our certificate: bad certificate");
  CHECK(alert_text(SSL_AD_UNKNOWN_CA) == "the server has ended TLS: unknown issuer");
}

TEST_CASE("what we find at fault ourselves is told in words") {
  CHECK(reason_text(SSL_R_NO_SHARED_CIPHER, {.side = Side::server}) == "no common TLS version or cipher");
  CHECK(reason_text(SSL_R_UNSUPPORTED_PROTOCOL) == "no common TLS version");
  CHECK(reason_text(SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, {.side = Side::server}) ==
        "the client shows no certificate");
  CHECK(reason_text(SSL_R_NO_APPLICATION_PROTOCOL, {.side = Side::server}) ==
        "the client does not want to speak http/1.1");
  CHECK(reason_text(SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC) == "what came was changed on its way");
  CHECK(reason_text(SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED) ==
        "the server is too old: it does not know secure renegotiation (RFC 5746)");
  CHECK(reason_text(SSL_R_BAD_EXTENSION) == "TLS failed: bad extension");
}

TEST_CASE("the reason of an alert is the alert") {
  CHECK(reason_text(SSL_R_TLSV1_ALERT_INTERNAL_ERROR) == "the server has ended TLS: internal error");
}

TEST_CASE("a reason without a name is a number") {
  CHECK(tls::library_error(ERR_PACK(200, 0, 99), {}).message == "TLS failed: error 64000063");
  CHECK(tls::library_error(0, {}).message == "the server has us say more than it takes");
}

TEST_CASE("what is no TLS is told by how it begins") {
  CHECK(tls::not_tls_error("220 h", Side::client).message == "the peer does not speak TLS");
  CHECK(tls::not_tls_error("220 h", Side::client).hint.empty());
  CHECK(tls::not_tls_error("HTTP/", Side::client).hint == "it answers in plain HTTP: try ws://");
  CHECK(tls::not_tls_error("SSH-2", Side::client).hint == "it speaks SSH");
  CHECK(tls::not_tls_error("GET /", Side::server).hint == "it wants ws://, not wss://");
}

TEST_CASE("a record is told from other protocols by its first bytes") {
  CHECK(tls::may_be_tls(""));
  CHECK(tls::may_be_tls("\x16"));
  CHECK(tls::may_be_tls("\x16\x03\x01"));
  CHECK(tls::may_be_tls("\x15\x03"));
  CHECK_FALSE(tls::may_be_tls("\x16\x02"));
  CHECK_FALSE(tls::may_be_tls("G"));
  CHECK_FALSE(tls::may_be_tls("\x18\x03"));
}

TEST_CASE("HTTP is told by how it begins") {
  for (const char* start : {"HTTP/", "GET /", "POST ", "HEAD ", "PUT /", "DELET", "OPTIO", "PATCH", "CONNE"}) {
    CHECK(tls::is_http(start));
  }
  for (const char* start : {"", "GE", "get /", "HELO ", "SSH-2", "\x16\x03\x01"}) CHECK_FALSE(tls::is_http(start));
}

TEST_CASE("a stream that ends early may be no TLS") {
  CHECK(tls::early_end_error(true, Side::client).message ==
        "the server has closed the connection during the TLS handshake");
  CHECK(tls::early_end_error(true, Side::client).hint == "if it does not speak TLS: try ws://");
  CHECK(tls::early_end_error(false, Side::client).hint.empty());
  CHECK(tls::early_end_error(true, Side::server).message ==
        "the client has closed the connection during the TLS handshake");
  CHECK(tls::early_end_error(true, Side::server).hint.empty());
}

TEST_CASE("trouble in setting up is of kind tls") { CHECK(tls::setup_error().kind == base::ErrorKind::tls); }
