#include "tls/authority.h"

#include <doctest/doctest.h>

#include "authority.h"
#include "conversation.h"

using namespace wscope;
using Validity = tls::Authority::Validity;

namespace {

tls::Authority made() {
  auto authority = tls::Authority::make();
  REQUIRE(authority.ok());
  return std::move(*authority);
}

const X509* own(const tls::Context& context) { return SSL_CTX_get0_certificate(context.get()); }

tls::CertificatePointer read(const std::string& pem) {
  const tls::BioPointer bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return tls::CertificatePointer(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

// What a client that trusts `root` makes of it: X509_V_OK, or why not.
int verdict(const X509* certificate, const X509* root, const char* host) {
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, const_cast<X509*>(root));
  X509_STORE_CTX* check = X509_STORE_CTX_new();
  X509_STORE_CTX_init(check, store, const_cast<X509*>(certificate), nullptr);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(check);
  X509_VERIFY_PARAM_set1_host(parameters, host, 0);
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
  X509_verify_cert(check);
  const int error = X509_STORE_CTX_get_error(check);
  X509_STORE_CTX_free(check);
  X509_STORE_free(store);
  return error;
}

}  // namespace

TEST_CASE("what an authority vouches for is trusted, but for what is wrong with it") {
  const tls::Authority authority = made();
  const tls::CertificatePointer root = read(authority.certificate());
  REQUIRE(root);
  const auto right = authority.server_for({"localhost", "127.0.0.1"}, Validity::now);
  REQUIRE(right.ok());
  CHECK(verdict(own(*right), root.get(), "localhost") == X509_V_OK);
  CHECK(verdict(own(*right), root.get(), "a.example") == X509_V_ERR_HOSTNAME_MISMATCH);
  const auto old = authority.server_for({"localhost"}, Validity::expired);
  REQUIRE(old.ok());
  CHECK(verdict(own(*old), root.get(), "localhost") == X509_V_ERR_CERT_HAS_EXPIRED);
  const tls::CertificatePointer other = read(made().certificate());
  CHECK(verdict(own(*right), other.get(), "localhost") != X509_V_OK);
  CHECK(SSL_CTX_check_private_key(right->get()) == 1);
}

TEST_CASE("a certificate is for the names and addresses that it has") {
  const auto server = made().server_for({"localhost", "127.0.0.1"}, Validity::now);
  REQUIRE(server.ok());
  CHECK(tls::is_for_host(*server, "localhost"));
  CHECK(tls::is_for_host(*server, "127.0.0.1"));
  CHECK(!tls::is_for_host(*server, "127.0.0.2"));
  CHECK(!tls::is_for_host(*server, "a.example"));
}

TEST_CASE("the name that a client asks for is known") {
  const tls::Authority authority = made();
  const test::TemporaryFolder folder;
  const auto server = authority.server_for({"localhost", "127.0.0.1"}, Validity::now);
  const auto client = tls::Context::client({.ca_file = folder.put("ca.pem", authority.certificate())});
  REQUIRE(server.ok());
  REQUIRE(client.ok());
  std::string name = "before";
  tls::watch_server_names(*server, name);
  const auto talk = [&](const std::string& host) {
    auto ours = tls::Engine::client(*client, host).value();
    auto theirs = tls::Engine::server(*server).value();
    ours.advance();
    for (int i = 0; i < 4; ++i) {
      std::string got;
      test::receive(theirs, base::as_bytes(test::take_output(ours)), got);
      test::receive(ours, base::as_bytes(test::take_output(theirs)), got);
    }
    CHECK(ours.state() == tls::Engine::State::open);
    CHECK(theirs.state() == tls::Engine::State::open);
  };
  talk("localhost");
  CHECK(name == "localhost");
  talk("127.0.0.1");
  CHECK(name.empty());
}

TEST_CASE("only who is an authority can be one") {
  const test::TemporaryFolder folder;
  const test::Certified root = test::make_authority();
  const auto authority = tls::Authority::read({.certificate_file = folder.put("root.pem", test::pem(root))});
  REQUIRE(authority.ok());
  CHECK(authority->certificate() == test::pem(root.certificate));
  const auto server = authority->server_for({"localhost"}, Validity::now);
  REQUIRE(server.ok());
  CHECK(verdict(own(*server), root.certificate.get(), "localhost") != X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  const std::string leaf = folder.put("leaf.pem", test::pem(test::issue({}, &root)));
  CHECK(!tls::Authority::read({.certificate_file = leaf}).ok());
  CHECK(!tls::Authority::read({.certificate_file = folder.at("none.pem")}).ok());
}
