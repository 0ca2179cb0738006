#include "tls/pkcs12.h"

#include <string>

#include <openssl/err.h>

#include "authority.h"
#include "base/base64.h"
#include "base/bytes.h"

using namespace wscope;
using test::Encryption;

namespace {

tls::Pkcs12 taken_apart(const std::string& bytes, const std::string& passphrase) {
  auto contents = tls::read_pkcs12(bytes, "a.p12", passphrase);
  if (!contents) FAIL(contents.error().message);
  return std::move(contents).value();
}

base::Error error_of(const std::string& bytes, const std::string& passphrase) {
  const auto contents = tls::read_pkcs12(bytes, "a.p12", passphrase);
  REQUIRE_FALSE(contents.ok());
  return contents.error();
}

// Made by "openssl pkcs12 -export -legacy" with the passphrase "secret": as most programs write them, with RC2.
constexpr const char* legacy =
    "MIIDcgIBAzCCAzgGCSqGSIb3DQEHAaCCAykEggMlMIIDITCCAhcGCSqGSIb3DQEHBqCCAggwggIEAgEAMIIB/QYJKoZIhvcNAQcB"
    "MBwGCiqGSIb3DQEMAQYwDgQIUfk+JEar8AYCAggAgIIB0IfjyzVrPJ/y0yQGeilEWoxcEmbW+Gmp1+jULTa/PIS58Z/KjKpsIN7J"
    "oE+kAjD34DBbz2PyUADtPpS60oe09NMklYxE9REBmRsjA1+E7oLIc00Xqdqu8ZKOOeICYT5Ddms4mU1OVe/kbJFmo4aWzJdUyS1o"
    "34Eo/Vrb7wTkYxGXCm8S35ZI9xFY/B7wF/TvzfIchDBOxij5+rACt+I0JQy5iKHvMJONXcYwCsWDeUYdOS0X8X8E6kKh9mYFPZ7+"
    "/itBbZiZ46g1JFXx30dFAqX/ZJtKwbMmcITXxrbwoqjn/TMKqbXwlsQNEjy00PHvezn8dX6oKdowmkg2gsoisfDmDd+/zgVaYMHF"
    "2m8JAjdFatap/muPa9Jiako/q8nfgQ08Sz+bhz+xlMzOF+hQ13gKpIWOHI7QBuIySEui4UjkoLKf4WTZ8PlJajSpaUZhzrDS+jHA"
    "Re3fLltlKuvkUhMZODwtv8QMmPtDDf5l92RMprjVFTy/W+KkBFws6xzUD0QqUCVJX5r+QK8WuWPjMQrN60/4YZWWRo6iiza+hW55"
    "osrcPP8Pld+CWBq01HZnE4GWMY6tDycDtebV9hhf8S98hfkI8OrIykRnGcHp+cqvMIIBAgYJKoZIhvcNAQcBoIH0BIHxMIHuMIHr"
    "BgsqhkiG9w0BDAoBAqCBtDCBsTAcBgoqhkiG9w0BDAEDMA4ECKJsU3/nLldsAgIIAASBkHFXH/ZgYzM1isk4eeURj45hJ9KmkG7d"
    "IhveLqgG3hvGvC9o39CtaWKnqaGWUbeShbogtRUWpUm+KNrMcroOKf8ietPsG5crNOBjWByL698fmEAae8l962vmGj4EMwfiJS3e"
    "wrhVGXjebWrNZqkKCvcI3Tb8ouES3cQWUEdd44i4aRsmRnBJ/CnKocZfthI7ETElMCMGCSqGSIb3DQEJFTEWBBRWUg+fFbjz1Cr3"
    "avG3wyElJ2a7YzAxMCEwCQYFKw4DAhoFAAQUw50oJuQa7VX8lpR+edRuTzTB1LQECKJK3xqWt4guAgIIAA==";

bool same(const tls::CertificatePointer& a, const tls::CertificatePointer& b) {
  return a && b && X509_cmp(a.get(), b.get()) == 0;
}

}  // namespace

TEST_CASE("a file has a certificate, its key, and the chain from it up in whatever order") {
  const test::Certified root = test::make_authority("root");
  const test::Certified middle = test::issue({.subject = "middle", .names = "", .authority = true}, &root);
  const test::Certified own = test::issue({}, &middle);
  const test::Certified stranger = test::issue({.subject = "stranger"});
  for (const Encryption encryption : {Encryption::usual, Encryption::none}) {
    const std::string passphrase = encryption == Encryption::none ? "" : "secret";
    const std::string bytes = test::pkcs12(
        own, passphrase, {stranger.certificate.get(), root.certificate.get(), middle.certificate.get()}, encryption);
    CHECK(tls::is_pkcs12(bytes));
    const tls::Pkcs12 contents = taken_apart(bytes, passphrase);
    CHECK(same(contents.certificate, own.certificate));
    CHECK(EVP_PKEY_eq(contents.key.get(), own.key.get()) == 1);
    REQUIRE(contents.chain.size() == 3);
    CHECK(same(contents.chain[0], middle.certificate));
    CHECK(same(contents.chain[1], root.certificate));
    CHECK(same(contents.chain[2], stranger.certificate));
  }
}

TEST_CASE("an empty passphrase is one, too") {
  const test::Certified own = test::issue({});
  CHECK(same(taken_apart(test::pkcs12(own, ""), "").certificate, own.certificate));
}

TEST_CASE("a passphrase that is wrong or missing is told, without it") {
  const std::string bytes = test::pkcs12(test::issue({}), "secret");
  CHECK(error_of(bytes, "guess").message == "a.p12: the passphrase is wrong");
  CHECK(error_of(bytes, "").message == "a.p12: is encrypted");
  CHECK(error_of(bytes, "").hint == "--passphrase unlocks it");
  CHECK(error_of(bytes, "").kind == base::ErrorKind::usage);
}

TEST_CASE("encryption that OpenSSL has given up is called that, once the passphrase is right") {
  const auto bytes = base::base64_decode(legacy);
  REQUIRE(bytes.has_value());
  const std::string text(base::as_text(*bytes));
  CHECK(tls::is_pkcs12(text));
  CHECK(error_of(text, "guess").message == "a.p12: the passphrase is wrong");
  const base::Error error = error_of(text, "secret");
  CHECK(error.kind == base::ErrorKind::io);
  CHECK(error.message == "a.p12: is encrypted in a way that OpenSSL has given up (RC2, most likely)");
  CHECK(error.hint.find("openssl pkcs12 -legacy") == 0);
}

TEST_CASE("what is no PKCS#12, or a damaged one, is told") {
  const test::Certified own = test::issue({});
  CHECK_FALSE(tls::is_pkcs12(""));
  CHECK_FALSE(tls::is_pkcs12("0"));
  CHECK_FALSE(tls::is_pkcs12(test::pem(own)));
  CHECK(error_of("x", "").message == "a.p12: is not PKCS#12");
  std::string bytes = test::pkcs12(own, "secret");
  CHECK_FALSE(tls::is_pkcs12(bytes.substr(0, bytes.size() / 2)));
  for (std::size_t i = 0; i < bytes.size(); i += 7) {  // whatever that makes of it, it is an error or not
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    static_cast<void>(tls::read_pkcs12(damaged, "a.p12", "secret").ok());
  }
  CHECK(ERR_peek_error() == 0);
}
