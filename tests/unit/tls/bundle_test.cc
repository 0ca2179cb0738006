#include "tls/bundle.h"

#include "authority.h"

using namespace wscope;
using test::pem;

namespace {

/// A bundle, and a store that is filled from it.
class Fixture {
 public:
  explicit Fixture(const std::string& text)
      : bundle_(tls::Bundle::open(folder_.put("bundle.pem", text)).value()), store_(X509_STORE_new()) {}
  ~Fixture() { X509_STORE_free(store_); }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  /// How many certificates the store has after a check of `leaf` with `other` beside it.
  int check(const X509* leaf, X509* other = nullptr) {
    STACK_OF(X509)* others = sk_X509_new_null();
    if (other != nullptr) sk_X509_push(others, other);
    X509_STORE_CTX* verification = X509_STORE_CTX_new();
    REQUIRE(X509_STORE_CTX_init(verification, store_, const_cast<X509*>(leaf), others) == 1);
    bundle_.add_issuers(*verification);
    believed_ = X509_verify_cert(verification) == 1;
    X509_STORE_CTX_free(verification);
    sk_X509_free(others);
    return sk_X509_OBJECT_num(X509_STORE_get0_objects(store_));
  }
  int check(const test::Certified& certified) { return check(certified.certificate.get()); }
  [[nodiscard]] bool believed() const noexcept { return believed_; }
  [[nodiscard]] X509_STORE* store() noexcept { return store_; }

 private:
  test::TemporaryFolder folder_{};
  tls::Bundle bundle_;
  X509_STORE* store_;
  bool believed_ = false;
};

// Of version 1: without the field that says so.
test::Certified make_old_authority() {
  test::Certified made = test::make_authority("old");
  while (X509_get_ext_count(made.certificate.get()) > 0) {
    X509_EXTENSION_free(X509_delete_ext(made.certificate.get(), 0));
  }
  X509_set_version(made.certificate.get(), X509_VERSION_1);
  REQUIRE(X509_sign(made.certificate.get(), made.key.get(), EVP_sha256()) > 0);
  return made;
}

std::string trusted_pem(X509* certificate) {
  const tls::BioPointer bio(BIO_new(BIO_s_mem()));
  X509_add1_trust_object(certificate, OBJ_nid2obj(NID_server_auth));
  REQUIRE(PEM_write_bio_X509_AUX(bio.get(), certificate) == 1);
  return test::contents(bio.get());
}

}  // namespace

TEST_CASE("of a bundle only the issuer that is needed is read") {
  const test::Certified one = test::make_authority("one");
  const test::Certified two = test::make_authority("two");
  const test::Certified three = test::make_authority("three");
  Fixture fixture("A comment\n" + pem(one.certificate) + pem(two) + "\n" + pem(three.certificate));
  CHECK(fixture.check(test::issue({}, &two)) == 1);
  CHECK(fixture.believed());
  CHECK(fixture.check(test::issue({}, &three)) == 2);
  CHECK(fixture.believed());
  CHECK(fixture.check(test::issue({}, &two)) == 2);
  CHECK(fixture.believed());
}

TEST_CASE("an issuer that is not in the bundle stays unknown") {
  const test::Certified one = test::make_authority("one");
  const test::Certified two = test::make_authority("two");
  Fixture fixture(pem(one.certificate));
  for (int i = 0; i < 2; ++i) {
    CHECK(fixture.check(test::issue({}, &two)) == 0);
    CHECK_FALSE(fixture.believed());
  }
}

TEST_CASE("the issuer of what came beside the certificate is read too") {
  const test::Certified root = test::make_authority("root");
  const test::Certified middle = test::issue({.subject = "middle", .names = "", .authority = true}, &root);
  Fixture fixture(pem(root.certificate));
  CHECK(fixture.check(test::issue({}, &middle).certificate.get(), middle.certificate.get()) == 1);
  CHECK(fixture.believed());
}

TEST_CASE("all issuers of one name are read") {
  const test::Certified one = test::make_authority("same");
  const test::Certified two = test::make_authority("same");
  Fixture fixture(pem(one.certificate) + pem(two.certificate));
  CHECK(fixture.check(test::issue({}, &two)) == 2);
}

TEST_CASE("an issuer is found under any spelling of its name") {
  const test::Certified in_bundle = test::make_authority("Some  AUTHORITY");
  test::Certified issuer = test::make_authority("some authority");
  Fixture fixture(pem(in_bundle.certificate));
  CHECK(fixture.check(test::issue({}, &issuer)) == 1);
}

TEST_CASE("what the store knows is not looked up") {
  const test::Certified one = test::make_authority("one");
  const test::Certified two = test::make_authority("one");
  Fixture fixture(pem(two.certificate));
  X509_STORE_add_cert(fixture.store(), one.certificate.get());
  CHECK(fixture.check(test::issue({}, &one)) == 1);
  CHECK(fixture.believed());
}

TEST_CASE("certificates of version 1, and with trust settings, are read") {
  const test::Certified old = make_old_authority();
  CHECK(Fixture(pem(old.certificate)).check(test::issue({}, &old)) == 1);
  const test::Certified trusted = test::make_authority("trusted");
  const std::string text = trusted_pem(trusted.certificate.get());
  CHECK(text.starts_with("-----BEGIN TRUSTED CERTIFICATE-----"));
  CHECK(Fixture(text).check(test::issue({}, &trusted)) == 1);
}

TEST_CASE("what is damaged in a bundle is passed over") {
  const test::Certified one = test::make_authority("one");
  const std::string block = "-----BEGIN CERTIFICATE-----\n%-----END CERTIFICATE-----\n";
  std::string text;
  for (const std::string contents : {"", "MA==\n", "MAA=\n", "MAIwAA==\n", "MAUwA6ADAgEC\n", "MAYwBKECAgEC\n"}) {
    text += std::string(block).replace(block.find('%'), 1, contents);
  }
  CHECK(Fixture(text + pem(one.certificate)).check(test::issue({}, &one)) == 1);
}

TEST_CASE("a file that is no bundle is told by name") {
  const test::TemporaryFolder folder;
  const auto none = tls::Bundle::open(folder.at("none.pem"));
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().kind == base::ErrorKind::io);
  CHECK(none.error().message == folder.at("none.pem") + ": no such file or directory");
  const std::string empty = folder.put("empty.pem", "nothing");
  CHECK(tls::Bundle::open(empty).error().message == empty + ": holds no certificate in PEM form");
}
