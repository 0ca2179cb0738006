#include "tls/certificate.h"

#include "authority.h"

using namespace wscope;
using Names = std::vector<std::string>;

namespace {

tls::CertificatePointer with_subject(std::initializer_list<std::pair<const char*, const char*>> parts) {
  tls::CertificatePointer certificate(X509_new());
  for (const auto& [key, value] : parts) {
    REQUIRE(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), key, MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(value), -1, -1, 0) == 1);
  }
  return certificate;
}

std::string subject(std::initializer_list<std::pair<const char*, const char*>> parts) {
  return tls::name_text(*X509_get_subject_name(with_subject(parts).get()));
}

std::string date(const char* time) {
  ASN1_TIME* made = ASN1_TIME_new();
  REQUIRE(ASN1_TIME_set_string(made, time) == 1);
  std::string text = tls::date_text(*made);
  ASN1_TIME_free(made);
  return text;
}

}  // namespace

TEST_CASE("a name is written with its most specific part first") {
  CHECK(subject({{"C", "US"}, {"O", "Let's Encrypt"}, {"CN", "R3"}}) == "CN=R3, O=Let's Encrypt, C=US");
  CHECK(subject({{"CN", "m\xc3\xbcller.example"}}) == "CN=m\xc3\xbcller.example");
  CHECK(subject({}) == "nobody");
}

TEST_CASE("a name cannot look like two, nor hold control characters") {
  CHECK(subject({{"CN", "a, O=b"}}) == "CN=a\\, O=b");
  CHECK(subject({{"CN", "a\x1b[2J\n"}}) == "CN=a\\1B[2J\\0A");
}

TEST_CASE("a date is written as in ISO 8601") {
  CHECK(date("20260131235959Z") == "2026-01-31");
  CHECK(date("991231000000Z") == "1999-12-31");
}

TEST_CASE("a view tells what a certificate says") {
  const test::Certified authority = test::make_authority();
  test::Certified made =
      test::issue({.subject = "b.example", .names = "DNS:b.example,DNS:*.b.example,IP:127.0.0.1,IP:::1"}, &authority);
  ASN1_TIME_set_string(X509_getm_notBefore(made.certificate.get()), "20260131120000Z");
  ASN1_TIME_set_string(X509_getm_notAfter(made.certificate.get()), "20270228235959Z");
  const tls::CertificateView view = tls::view_of(*made.certificate);
  CHECK(view.subject == "CN=b.example");
  CHECK(view.issuer == "CN=Test Authority");
  CHECK(view.names == Names{"b.example", "*.b.example", "127.0.0.1", "::1"});
  CHECK(view.not_before == "2026-01-31 12:00:00 UTC");
  CHECK(view.not_after == "2027-02-28 23:59:59 UTC");
}

TEST_CASE("a certificate without dates has a view") {
  const tls::CertificatePointer bare(X509_new());
  CHECK(tls::view_of(*bare).subject == "nobody");
  CHECK(tls::view_of(*bare).names.empty());
}

TEST_CASE("a certificate holds for its alternative names, never for its common name") {
  const auto held_for = [](const std::string& names) {
    return tls::names_held_for(*test::issue({.subject = "common", .names = names}).certificate);
  };
  CHECK(held_for("DNS:a.example,IP:10.0.0.1,email:x@a.example") == Names{"a.example", "10.0.0.1"});
  CHECK(held_for("IP:10.0.0.1") == Names{"10.0.0.1"});
  CHECK(held_for("email:x@a.example").empty());
  CHECK(held_for("").empty());
  CHECK(tls::common_name(*test::issue({.subject = "common"}).certificate) == "common");
  CHECK(tls::common_name(*with_subject({{"O", "somebody"}})).empty());
}

TEST_CASE("a pin is that of the public key") {
  // openssl x509 -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
  constexpr const char* certificate = R"(-----BEGIN CERTIFICATE-----
MIIBfTCCASOgAwIBAgIUOtvK/mAjFHPucahPii7+pMqUkkUwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJYS5leGFtcGxlMB4XDTI2MTEyMTA5NTczNFoXDTM2MTExODA5
NTczNFowFDESMBAGA1UEAwwJYS5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEd3PW8ZWD3TtWelbqazU0QsmtkfGGT6hk8AtjFjYkfwajz8Riz5u0+Yj8
C0p3zI5yiq44GDg6le06SZGPdqkg1KNTMFEwHQYDVR0OBBYEFCcD7kpPYNs8VkHS
9/MgZSHDT1qdMB8GA1UdIwQYMBaAFCcD7kpPYNs8VkHS9/MgZSHDT1qdMA8GA1Ud
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgPcLB+s383kiGlgwlUZZXRpI5
ZSY5d5CjJMCojKumS+UCIQD06I8XcofppTiVNsSB4OA0st80ghgcVM9Qbm26F9vv
dg==
-----END CERTIFICATE-----
)";
  const tls::BioPointer bio(BIO_new_mem_buf(certificate, -1));
  const tls::CertificatePointer read(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  REQUIRE(read);
  CHECK(tls::pin_of(*read) == "sha256//6AIxXvFqkuuO65v4Adpp+T2kIao/GD1olFFsuUHF218=");
}

TEST_CASE("a certificate without a key has no pin") {
  CHECK(tls::pin_of(*tls::CertificatePointer(X509_new())).empty());
}
