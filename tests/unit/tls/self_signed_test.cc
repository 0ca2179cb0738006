#include "tls/self_signed.h"

#include <doctest/doctest.h>

#include <vector>

#include "tls/certificate.h"

using namespace wscope;
using Names = std::vector<std::string>;

namespace {

tls::KeyAndCertificate made_for(const Names& names) {
  auto made = tls::make_self_signed(names);
  REQUIRE(made.ok());
  return std::move(*made);
}

}  // namespace

TEST_CASE("a certificate of our own make holds for the names it is made for") {
  const Names names = {"localhost", "*.a.example", "127.0.0.1", "::1"};
  const tls::KeyAndCertificate made = made_for(names);
  CHECK(tls::view_of(*made.certificate).names == names);
  CHECK(tls::view_of(*made.certificate).subject == "CN=localhost");
  CHECK(X509_check_host(made.certificate.get(), "localhost", 0, 0, nullptr) == 1);
  CHECK(X509_check_host(made.certificate.get(), "b.a.example", 0, 0, nullptr) == 1);
  CHECK(X509_check_host(made.certificate.get(), "b.example", 0, 0, nullptr) == 0);
  CHECK(X509_check_ip_asc(made.certificate.get(), "127.0.0.1", 0) == 1);
  CHECK(X509_check_ip_asc(made.certificate.get(), "::1", 0) == 1);
}

TEST_CASE("it is signed by its own key, for TLS servers only") {
  const tls::KeyAndCertificate made = made_for({"localhost"});
  CHECK(X509_verify(made.certificate.get(), made.key.get()) == 1);
  CHECK(X509_check_private_key(made.certificate.get(), made.key.get()) == 1);
  CHECK(X509_check_purpose(made.certificate.get(), X509_PURPOSE_SSL_SERVER, 0) == 1);
  CHECK(X509_check_purpose(made.certificate.get(), X509_PURPOSE_SSL_CLIENT, 0) == 0);
  CHECK(X509_check_ca(made.certificate.get()) == 0);
}

TEST_CASE("it is valid by now, and for 30 days") {
  const tls::KeyAndCertificate made = made_for({"localhost"});
  CHECK(X509_cmp_current_time(X509_get0_notBefore(made.certificate.get())) < 0);
  int days = 0;
  int seconds = 0;
  REQUIRE(ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(made.certificate.get())) == 1);
  CHECK(days * 24L * 60 * 60 + seconds > 30L * 24 * 60 * 60 - 60);
  CHECK(days * 24L * 60 * 60 + seconds <= 30L * 24 * 60 * 60);
}

TEST_CASE("each has a key and a serial number of its own") {
  const tls::KeyAndCertificate one = made_for({"localhost"});
  const tls::KeyAndCertificate other = made_for({"localhost"});
  const ASN1_INTEGER* serial = X509_get0_serialNumber(one.certificate.get());
  CHECK(ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(other.certificate.get())) != 0);
  CHECK(serial->type == V_ASN1_INTEGER);  // not negative
  CHECK(tls::pin_of(*one.certificate) != tls::pin_of(*other.certificate));
}

TEST_CASE("a long name, or none, is no common name") {
  const std::string name(70, 'x');
  CHECK(tls::view_of(*made_for({name}).certificate).subject == "CN=wscope");
  CHECK(tls::view_of(*made_for({name}).certificate).names == Names{name});
  CHECK(tls::view_of(*made_for({}).certificate).subject == "CN=wscope");
  CHECK(tls::view_of(*made_for({}).certificate).names.empty());
}
