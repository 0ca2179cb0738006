#include "tls/verification.h"

#include "conversation.h"

using namespace wscope;
using test::pem;
using State = tls::Engine::State;

namespace {

const test::World& world() {
  static const test::World made;
  return made;
}

/// What becomes of a client of our world that wants `name` from a server with `identity`.
struct Outcome {
  bool open = false;
  base::Error error{};
  std::string alert{};  ///< what the server makes of the client's alert
};

Outcome connect(const tls::ClientOptions& options, const tls::Identity& identity,
                const std::string& name = "a.example") {
  const auto client = tls::Context::client(options);
  const auto server = tls::Context::server({.identity = identity});
  REQUIRE(client.ok());
  REQUIRE(server.ok());
  test::Conversation conversation(*client, *server, name);
  conversation.run();
  Outcome outcome{.open = conversation.open()};
  if (conversation.client.state() == State::failed) outcome.error = conversation.client.error();
  if (conversation.server.state() == State::failed) outcome.alert = conversation.server.error().message;
  return outcome;
}

Outcome connect(const test::Wish& wish, const std::string& name = "a.example") {
  return connect(world().client_options(), world().identity(wish), name);
}

std::string pin_of(const tls::Identity& identity) { return tls::Context::server({.identity = identity}).value().pin(); }

std::string day_from_now(long seconds) {
  return tls::date_text(*X509_get0_notAfter(test::issue({.until = seconds}).certificate.get()));
}

}  // namespace

TEST_CASE("a good certificate is believed") {
  CHECK(connect({}).open);
  CHECK(connect({.names = "DNS:b.example,DNS:a.example"}).open);
  CHECK(connect({.names = "DNS:*.a.example"}, "b.a.example").open);
}

TEST_CASE("an expired certificate tells since when") {
  const Outcome outcome = connect({.from = -9 * test::day, .until = -3 * test::day});
  CHECK(outcome.error.kind == base::ErrorKind::tls);
  CHECK(outcome.error.message == "certificate expired on " + day_from_now(-3 * test::day));
  CHECK(outcome.error.hint == "if it is this machine's clock that is wrong, set it; --insecure skips the check");
  CHECK(outcome.alert == "the client refuses our certificate: certificate expired");
}

TEST_CASE("a certificate of the future tells from when") {
  const Outcome outcome = connect({.from = 3 * test::day, .until = 9 * test::day});
  CHECK(outcome.error.message == "certificate is not valid before " + day_from_now(3 * test::day));
  CHECK(outcome.error.hint == "if it is this machine's clock that is wrong, set it; --insecure skips the check");
}

TEST_CASE("a certificate of another name tells its names and the one that was wanted") {
  const Outcome outcome = connect({.names = "DNS:a.example,DNS:b.example"}, "c.example");
  CHECK(outcome.error.message == "certificate is for a.example, b.example, not c.example");
  CHECK(outcome.error.hint == "--servername NAME asks for another name, --insecure skips the check");
  CHECK(connect({.names = "DNS:1,DNS:2,DNS:3,DNS:4,DNS:5,DNS:6,DNS:7"}).error.message ==
        "certificate is for 1, 2, 3, 4, 5 and 2 more, not a.example");
}

TEST_CASE("a common name does not stand in for alternative names (RFC 9525)") {
  const std::string common =
      "certificate has no subjectAltName for a host (the common name a.example does not count), so it is not for ";
  for (const char* names : {"", "email:x@a.example"}) {
    const Outcome outcome = connect({.subject = "a.example", .names = names});
    CHECK(outcome.error.kind == base::ErrorKind::tls);
    CHECK(outcome.error.message == common + "a.example");
    CHECK(outcome.error.hint.starts_with("--insecure skips the check, --pin sha256//"));
  }
  CHECK(connect({.subject = "a.example", .names = ""}, "127.0.0.1").error.message == common + "127.0.0.1");
  CHECK(connect({.subject = "a.example", .names = "IP:127.0.0.1"}).error.message ==
        "certificate is for 127.0.0.1, not a.example");
  CHECK(connect({.subject = "", .names = ""}).error.message ==
        "certificate has no subjectAltName for a host, so it is not for a.example");
}

TEST_CASE("a wildcard stands for one whole label") {
  CHECK_FALSE(connect({.names = "DNS:*.a.example"}, "c.b.a.example").open);
  CHECK_FALSE(connect({.names = "DNS:*.a.example"}, "a.example").open);
  CHECK_FALSE(connect({.names = "DNS:b*.a.example"}, "bc.a.example").open);
}

TEST_CASE("an address is compared with addresses") {
  CHECK(connect({.names = "IP:127.0.0.1"}, "127.0.0.1").open);
  CHECK(connect({.names = "IP:::1"}, "::1").open);
  CHECK(connect({.names = "IP:::1"}, "0:0::1").open);
  CHECK(connect({.names = "IP:10.0.0.1,DNS:127.0.0.1"}, "127.0.0.1").error.message ==
        "certificate is for 127.0.0.1 (a DNS name), 10.0.0.1, not the address 127.0.0.1");
  CHECK(connect({.names = "IP:10.0.0.1"}, "127.0.0.1").error.message.ends_with(", not 127.0.0.1"));
}

TEST_CASE("a self-signed certificate is told as such, with what trusts it") {
  const tls::Identity identity = world().keep(test::issue({}));
  const Outcome outcome = connect(world().client_options(), identity);
  CHECK(outcome.error.message == "certificate is self-signed");
  CHECK(outcome.error.hint == "--insecure skips the check, --pin " + pin_of(identity) + " trusts this very key");
  CHECK(outcome.alert == "the client refuses our certificate: unknown issuer");
}

TEST_CASE("a self-signed certificate can be believed by itself") {
  const tls::Identity identity = world().keep(test::issue({}));
  CHECK(connect({.ca_file = identity.certificate_file}, identity).open);
}

TEST_CASE("an unknown issuer is named") {
  const test::Certified other = test::make_authority("Other Authority");
  const test::Certified made = test::issue({}, &other);
  const Outcome outcome = connect(world().client_options(), world().keep(made));
  CHECK(outcome.error.message == "unknown issuer: CN=Other Authority");
  CHECK(outcome.error.hint == "--insecure skips the check, --cacert FILE trusts another issuer");
  const std::string chain = world().folder().put("chain.pem", pem(made) + pem(other.certificate));
  CHECK(connect(world().client_options(), {.certificate_file = chain}).error.message ==
        "unknown issuer: CN=Other Authority");
}

TEST_CASE("a chain leads from the certificate to the authority") {
  const test::Certified middle =
      test::issue({.subject = "Middle", .names = "", .authority = true}, &world().authority());
  const test::Certified made = test::issue({}, &middle);
  const std::string chain = world().folder().put("chain.pem", pem(made) + pem(middle.certificate));
  CHECK(connect(world().client_options(), {.certificate_file = chain}).open);
  // Without it, only who knows it already can follow; it does for an authority.
  CHECK(connect(world().client_options(), world().keep(made)).error.message == "unknown issuer: CN=Middle");
  CHECK(connect({.ca_file = world().folder().put("middle.pem", pem(middle.certificate))}, world().keep(made)).open);
}

TEST_CASE("a fault of an issuer is told as the issuer's") {
  const test::Certified old =
      test::issue({.subject = "Old", .names = "", .from = -9 * test::day, .until = -3 * test::day, .authority = true},
                  &world().authority());
  const std::string chain = world().folder().put("chain.pem", pem(test::issue({}, &old)) + pem(old.certificate));
  CHECK(connect(world().client_options(), {.certificate_file = chain}).error.message ==
        "certificate of the issuer CN=Old expired on " + day_from_now(-3 * test::day));
  const test::Certified none = test::issue({.subject = "None", .names = ""}, &world().authority());
  const std::string bad = world().folder().put("chain.pem", pem(test::issue({}, &none)) + pem(none.certificate));
  CHECK(connect(world().client_options(), {.certificate_file = bad}).error.message ==
        "certificate of the issuer CN=None may not issue others");
}

TEST_CASE("a certificate for other purposes is refused") {
  CHECK(connect({.purpose = "clientAuth"}).error.message == "certificate is not meant for a server");
}

TEST_CASE("a false signature is refused") {
  const test::Certified impostor = test::make_authority();  // of the same name
  CHECK(connect(world().client_options(), world().keep(test::issue({}, &impostor))).error.message ==
        "certificate has a wrong signature");
}

TEST_CASE("without verification anything is believed") {
  CHECK(connect({.verify = false}, world().keep(test::issue({.from = -2, .until = -1})), "c.example").open);
}

TEST_CASE("one pin has to match, with verification and without") {
  const tls::Identity good = world().identity();
  const tls::Identity self_signed = world().keep(test::issue({}));
  const std::string pin = pin_of(good).substr(tls::pin_prefix.size());
  const std::string other = pin_of(self_signed).substr(tls::pin_prefix.size());
  tls::ClientOptions options = world().client_options();
  options.pins = {pin};
  CHECK(connect(options, good).open);
  CHECK(connect(options, self_signed).error.message == "certificate is self-signed");
  options.pins = {other, pin};
  CHECK(connect(options, good).open);
  options.pins = {other};
  const Outcome outcome = connect(options, good);
  CHECK(outcome.error.message == "pin does not match: the server's is sha256//" + pin);
  CHECK(outcome.alert == "the client refuses our certificate: bad certificate");
  options.verify = false;
  CHECK(connect(options, self_signed, "any").open);
  CHECK(connect(options, good).error.message == "pin does not match: the server's is sha256//" + pin);
  options.pins = {""};
  CHECK_FALSE(connect(options, good).open);
}

// --- certificates of clients

namespace {

struct ClientOutcome {
  bool open = false;
  std::string server{};
  base::Error client{};
};

ClientOutcome show(const tls::Identity& identity, tls::Version version) {
  tls::ClientOptions options = world().client_options();
  options.identity = identity;
  options.least = version;
  const auto client = tls::Context::client(options);
  const auto server = tls::Context::server({.identity = world().identity(), .client_ca = options.ca_file});
  REQUIRE(client.ok());
  REQUIRE(server.ok());
  if (version == tls::Version::tls_1_2) SSL_CTX_set_max_proto_version(server->get(), TLS1_2_VERSION);
  test::Conversation conversation(*client, *server);
  conversation.run();
  ClientOutcome outcome{.open = conversation.open()};
  if (conversation.server.state() == State::failed) outcome.server = conversation.server.error().message;
  if (conversation.client.state() == State::failed) outcome.client = conversation.client.error();
  return outcome;
}

}  // namespace

TEST_CASE("a client shows its certificate to a server that wants one") {
  for (const auto version : {tls::Version::tls_1_2, tls::Version::tls_1_3}) {
    CHECK(show(world().identity({.subject = "me", .names = ""}), version).open);
  }
}

TEST_CASE("a client without a certificate hears that one is wanted") {
  for (const auto version : {tls::Version::tls_1_2, tls::Version::tls_1_3}) {
    const ClientOutcome outcome = show({}, version);
    CHECK(outcome.server == "the client shows no certificate");
    CHECK(outcome.client.message == "the server wants a client certificate");
    CHECK(outcome.client.hint == "--cert FILE gives one, with --key FILE for its key");
  }
}

TEST_CASE("a client hears that its certificate is refused") {
  for (const auto version : {tls::Version::tls_1_2, tls::Version::tls_1_3}) {
    const ClientOutcome self_signed = show(world().keep(test::issue({})), version);
    CHECK(self_signed.server == "the client's certificate is self-signed");
    CHECK(self_signed.client.message == "the server refuses our certificate: unknown issuer");
    const ClientOutcome expired = show(world().identity({.from = -2 * test::day, .until = -test::day}), version);
    CHECK(expired.server == "the client's certificate expired on " + day_from_now(-test::day));
    CHECK(expired.client.message == "the server refuses our certificate: certificate expired");
    CHECK(show(world().identity({.purpose = "serverAuth"}), version).server ==
          "the client's certificate is not meant for a client");
  }
}

TEST_CASE("a server sees the chain that a client shows, its own certificate first") {
  const test::Certified middle =
      test::issue({.subject = "Middle", .names = "", .authority = true}, &world().authority());
  const test::Certified own = test::issue({.subject = "me", .names = ""}, &middle);
  tls::ClientOptions options = world().client_options();
  options.identity.certificate_file = world().folder().put("me.pem", pem(own) + pem(middle.certificate));
  const auto client = tls::Context::client(options);
  const auto server = tls::Context::server({.identity = world().identity(), .client_ca = options.ca_file});
  test::Conversation conversation(*client, *server);
  conversation.run();
  REQUIRE(conversation.open());
  const tls::Session session = conversation.server.session();
  REQUIRE(session.chain.size() == 2);
  CHECK(session.chain[0].subject == "CN=me");
  CHECK(session.chain[1].subject == "CN=Middle");
  CHECK(session.pin == client->pin());
}
