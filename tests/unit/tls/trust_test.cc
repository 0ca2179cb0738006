#include "tls/trust.h"

#include <cstdlib>
#include <optional>

#include "authority.h"

using namespace wscope;
using test::pem;

namespace {

struct FreeStore {
  void operator()(X509_STORE* store) const noexcept { X509_STORE_free(store); }
};

/// A trust of its own, and what comes of it.
struct Fixture {
  std::unique_ptr<X509_STORE, FreeStore> store{X509_STORE_new()};
  tls::Trust trust{store.get()};

  [[nodiscard]] bool believes(const test::Certified& certified) {
    X509_STORE_CTX* verification = X509_STORE_CTX_new();
    REQUIRE(X509_STORE_CTX_init(verification, store.get(), certified.certificate.get(), nullptr) == 1);
    if (trust.bundle) trust.bundle->add_issuers(*verification);
    const bool believed = X509_verify_cert(verification) == 1;
    X509_STORE_CTX_free(verification);
    return believed;
  }
  /// How many certificates have been read.
  [[nodiscard]] int read() const { return sk_X509_OBJECT_num(X509_STORE_get0_objects(store.get())); }
};

/// An environment variable for a while.
class Variable {
 public:
  Variable(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~Variable() { set(before_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void set(const std::optional<std::string>& value) {
    if (value) {
      ::setenv(name_, value->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

  const char* name_;
  std::optional<std::string> before_;
};

std::string error_of(const base::Result<void>& result, base::ErrorKind kind = base::ErrorKind::io) {
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == kind);
  return result.error().message;
}

}  // namespace

TEST_CASE("all certificates of a file are believed") {
  const test::TemporaryFolder folder;
  const test::Certified one = test::make_authority("one");
  const test::Certified two = test::make_authority("two");
  Fixture store;
  REQUIRE(tls::trust_file(store.trust, folder.put("ca.pem", pem(one.certificate) + pem(two.certificate))).ok());
  CHECK(store.believes(test::issue({}, &one)));
  CHECK(store.believes(test::issue({}, &two)));
  CHECK_FALSE(store.believes(test::issue({})));
}

TEST_CASE("a file that cannot be believed is told by name") {
  const test::TemporaryFolder folder;
  Fixture store;
  CHECK(error_of(tls::trust_file(store.trust, folder.at("x"))) == folder.at("x") + ": no such file or directory");
  const std::string empty = folder.put("empty", "");
  CHECK(error_of(tls::trust_file(store.trust, empty)) == empty + ": holds no certificate in PEM form");
}

TEST_CASE("of a directory a certificate is read when it is needed") {
  const test::TemporaryFolder folder;
  const test::Certified one = test::make_authority("one");
  const test::Certified two = test::make_authority("two");
  folder.put_hashed(one.certificate.get());
  folder.put_hashed(two.certificate.get());
  Fixture store;
  REQUIRE(tls::trust_directory(store.trust, folder.path()).ok());
  CHECK(store.read() == 0);
  CHECK(store.believes(test::issue({}, &one)));
  CHECK(store.read() == 1);
}

TEST_CASE("several directories are separated by colons") {
  const test::TemporaryFolder folder;
  const test::TemporaryFolder empty;
  const test::Certified one = test::make_authority("one");
  folder.put_hashed(one.certificate.get());
  for (const std::string& paths : {empty.path() + ":" + folder.path(), folder.path() + ":" + empty.at("none")}) {
    Fixture store;
    REQUIRE(tls::trust_directory(store.trust, paths).ok());
    CHECK(store.believes(test::issue({}, &one)));
  }
}

TEST_CASE("a directory without hashed names is refused") {
  const test::TemporaryFolder folder;
  Fixture store;
  const std::string expected = folder.path() + ": holds no certificates named by their hash";
  CHECK(error_of(tls::trust_directory(store.trust, folder.path())) == expected);
  for (const char* name : {"ca.pem", "12345678", "12345678.", "1234567.0", "1234567g.0", "12345678.x", "12345678.r0"}) {
    folder.put(name, "");
  }
  CHECK(error_of(tls::trust_directory(store.trust, folder.path())) == expected);
  CHECK_FALSE(tls::trust_directory(store.trust, folder.at("none")).ok());
  folder.put("1234abcd.10", "");
  CHECK(tls::trust_directory(store.trust, folder.path()).ok());
}

TEST_CASE("a bundle is looked into only where there is no directory") {
  const test::TemporaryFolder folder;
  const test::TemporaryFolder empty;
  const test::Certified one = test::make_authority("one");
  const test::Certified two = test::make_authority("two");
  const std::vector<std::string> bundles = {folder.at("none.pem"), folder.put("empty.pem", ""),
                                            folder.put("two.pem", pem(one.certificate) + pem(two.certificate))};
  folder.put_hashed(one.certificate.get());
  const std::vector<std::string> directories = {empty.path(), folder.path()};
  Fixture by_directory;
  REQUIRE(tls::trust_first(by_directory.trust, {.directories = directories, .bundles = bundles}).ok());
  CHECK(by_directory.believes(test::issue({}, &one)));
  CHECK_FALSE(by_directory.believes(test::issue({}, &two)));
  Fixture by_bundle;
  REQUIRE(tls::trust_first(by_bundle.trust, {.directories = std::span(directories).first(1), .bundles = bundles}).ok());
  CHECK(by_bundle.read() == 0);
  CHECK(by_bundle.believes(test::issue({}, &two)));
  CHECK(by_bundle.read() == 1);
}

TEST_CASE("a system without anything to believe is told so") {
  Fixture fixture;
  CHECK(error_of(tls::trust_first(fixture.trust, {}), base::ErrorKind::tls) ==
        "this system has no list of certificates to trust");
  const test::TemporaryFolder folder;
  const std::vector<std::string> directories = {folder.at("none")};
  const std::vector<std::string> bundles = {folder.at("none.pem"), folder.at("other.pem")};
  const auto result = tls::trust_first(fixture.trust, {.directories = directories, .bundles = bundles});
  CHECK(error_of(result, base::ErrorKind::tls) == "this system has no list of certificates to trust: none in " +
                                                      directories[0] + ", " + bundles[0] + ", " + bundles[1]);
  CHECK(result.error().hint == "--cacert FILE says whom to trust, --insecure skips the check");
}

TEST_CASE("SSL_CERT_DIR is believed in place of the system's") {
  const test::TemporaryFolder folder;
  const test::Certified one = test::make_authority("one");
  folder.put_hashed(one.certificate.get());
  const Variable directory("SSL_CERT_DIR", folder.path());
  const Variable file("SSL_CERT_FILE", std::nullopt);
  Fixture fixture;
  REQUIRE(tls::trust_system(fixture.trust).ok());
  CHECK(fixture.believes(test::issue({}, &one)));
  CHECK(fixture.read() == 1);
}

TEST_CASE("SSL_CERT_FILE is believed in place of the system's, beside a directory") {
  const test::TemporaryFolder folder;
  const test::Certified one = test::make_authority("one");
  const test::Certified two = test::make_authority("two");
  folder.put_hashed(one.certificate.get());
  const Variable file("SSL_CERT_FILE", folder.put("two.pem", pem(two.certificate)));
  const Variable directory("SSL_CERT_DIR", folder.path());
  Fixture both;
  REQUIRE(tls::trust_system(both.trust).ok());
  CHECK(both.believes(test::issue({}, &one)));
  CHECK(both.believes(test::issue({}, &two)));
  const Variable no_directory("SSL_CERT_DIR", folder.at("none"));
  Fixture alone;
  REQUIRE(tls::trust_system(alone.trust).ok());
  CHECK_FALSE(alone.believes(test::issue({}, &one)));
  CHECK(alone.believes(test::issue({}, &two)));
}

TEST_CASE("an SSL_CERT_FILE that is no bundle is told by name") {
  const test::TemporaryFolder folder;
  const Variable file("SSL_CERT_FILE", folder.at("none.pem"));
  Fixture fixture;
  CHECK(error_of(tls::trust_system(fixture.trust)) == folder.at("none.pem") + ": no such file or directory");
}
