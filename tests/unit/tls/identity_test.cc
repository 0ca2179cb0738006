#include "tls/identity.h"

#include <string>

#include <unistd.h>

#include "authority.h"

using namespace wscope;
using test::pem;

namespace {

tls::Proof proof_of(const tls::Identity& identity) {
  auto proof = tls::read_identity(identity);
  if (!proof) FAIL(proof.error().message);
  return std::move(proof).value();
}

std::string error_of(const tls::Identity& identity) {
  const auto proof = tls::read_identity(identity);
  REQUIRE_FALSE(proof.ok());
  const std::string& message = proof.error().message;
  return message.substr(message.find(": ") + 2);
}

}  // namespace

TEST_CASE("certificate, chain and key come from one file or two, PEM or PKCS#12") {
  const test::TemporaryFolder folder;
  const test::Certified authority = test::make_authority();
  const test::Certified own = test::issue({}, &authority);
  const std::string certificates = folder.put("c.pem", pem(own.certificate) + pem(authority.certificate));
  const std::string both = folder.put("both.pem", pem(own) + pem(authority.certificate));
  const std::string key = folder.put("k.pem", pem(own.key, "secret"));
  const std::string packed = folder.put("c.p12", test::pkcs12(own, "secret", {authority.certificate.get()}));
  for (const tls::Identity& identity :
       {tls::Identity{certificates, key, "secret"}, tls::Identity{both, "", ""}, tls::Identity{both, both, ""},
        tls::Identity{packed, "", "secret"}, tls::Identity{packed, packed, "secret"},
        tls::Identity{packed, key, "secret"}, tls::Identity{certificates, packed, "secret"}}) {
    CAPTURE(identity.certificate_file);
    CAPTURE(identity.key_file);
    const tls::Proof proof = proof_of(identity);
    REQUIRE(proof.certificates.size() == 2);
    CHECK(X509_cmp(proof.certificates[0].get(), own.certificate.get()) == 0);
    CHECK(X509_cmp(proof.certificates[1].get(), authority.certificate.get()) == 0);
    CHECK(EVP_PKEY_eq(proof.key.get(), own.key.get()) == 1);
  }
}

TEST_CASE("what a file lacks is told by its name") {
  const test::TemporaryFolder folder;
  const test::Certified own = test::issue({});
  const std::string certificate = folder.put("c.pem", pem(own.certificate));
  const std::string keyless = folder.put("keyless.p12", test::pkcs12({}, "x", {own.certificate.get()}));
  CHECK(error_of({folder.at("none.pem"), "", ""}) == "no such file or directory");
  CHECK(error_of({certificate, folder.at("none.pem"), ""}) == "no such file or directory");
  CHECK(error_of({certificate, "", ""}) == "holds no private key in PEM form");
  CHECK(error_of({folder.put("k.pem", pem(own.key)), "", ""}) == "holds no certificate in PEM form");
  CHECK(error_of({keyless, "", "x"}) == "holds no private key");
  CHECK(error_of({certificate, keyless, "x"}) == "holds no private key");
  CHECK(error_of({folder.put("key.p12", test::pkcs12({test::issue({}).key, nullptr}, "x")), "", "x"}) ==
        "holds no certificate");
}

TEST_CASE("a pipe, which can be read once, has both") {
  const test::Certified own = test::issue({});
  for (const std::string& text : {pem(own), test::pkcs12(own, "")}) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    CHECK(proof_of({"/dev/fd/" + std::to_string(ends[0]), "", ""}).key != nullptr);
    ::close(ends[0]);
  }
}
