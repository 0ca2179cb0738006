#include "tls/context.h"

#include <fstream>
#include <iterator>

#include <sys/stat.h>

#include "conversation.h"

using namespace wscope;
using test::pem;
using State = tls::Engine::State;

namespace {

const test::World& world() {
  static const test::World made;
  return made;
}

std::string usage_error(const base::Result<tls::Context>& context) {
  REQUIRE_FALSE(context.ok());
  CHECK(context.error().kind == base::ErrorKind::usage);
  return context.error().message;
}

std::string io_error(const base::Result<tls::Context>& context) {
  REQUIRE_FALSE(context.ok());
  CHECK(context.error().kind == base::ErrorKind::io);
  return context.error().message;
}

base::Result<tls::Context> server_as(const tls::Identity& identity) {
  return tls::Context::server({.identity = identity});
}

/// What a client with `options` and a server agree on; empty if they do not.
tls::Session agreed(tls::ClientOptions options, const tls::Context& server) {
  options.ca_file = world().client_options().ca_file;
  const auto client = tls::Context::client(options);
  REQUIRE(client.ok());
  test::Conversation conversation(*client, server);
  conversation.run();
  return conversation.open() ? conversation.client.session() : tls::Session();
}

std::string contents_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a context of the system's trust can be made") {
  const auto context = tls::Context::client({});
  if (!context) CHECK(context.error().message.starts_with("this system has no list of certificates to trust"));
}

TEST_CASE("what a context is told to trust is trusted") {
  const test::TemporaryFolder folder;
  folder.put_hashed(world().authority().certificate.get());
  const tls::Context server = world().server();
  for (const tls::ClientOptions& options :
       {tls::ClientOptions{.ca_path = folder.path()}, world().client_options(),
        tls::ClientOptions{.ca_file = world().identity().certificate_file, .ca_path = folder.path()}}) {
    const auto client = tls::Context::client(options);
    REQUIRE(client.ok());
    test::Conversation conversation(*client, server);
    conversation.run();
    CHECK(conversation.open());
  }
}

TEST_CASE("a trust that cannot be had is told by name") {
  const test::TemporaryFolder folder;
  CHECK(io_error(tls::Context::client({.ca_file = folder.at("x")})) == folder.at("x") + ": no such file or directory");
  CHECK(io_error(tls::Context::client({.ca_path = folder.path()})) ==
        folder.path() + ": holds no certificates named by their hash");
  CHECK(io_error(tls::Context::server({.client_ca = folder.at("x")})) ==
        folder.at("x") + ": no such file or directory");
  CHECK(tls::Context::client({.ca_file = folder.at("x"), .verify = false}).ok());
}

TEST_CASE("a server without an identity makes one, and names its pin") {
  const auto server = tls::Context::server({.names = {"a.example"}});
  REQUIRE(server.ok());
  REQUIRE(server->pin().starts_with("sha256//"));
  const auto client = tls::Context::client({.verify = false, .pins = {server->pin().substr(8)}});
  REQUIRE(client.ok());
  test::Conversation conversation(*client, *server);
  conversation.run();
  REQUIRE(conversation.open());
  CHECK(conversation.client.session().chain.at(0).names == std::vector<std::string>{"a.example"});
}

TEST_CASE("an identity has a pin too, a client without one has none") {
  const test::Certified made = test::issue({});
  CHECK(server_as(world().keep(made))->pin() == tls::pin_of(*made.certificate));
  CHECK(tls::Context::client({.verify = false, .identity = world().keep(made)})->pin() ==
        tls::pin_of(*made.certificate));
  CHECK(world().client().pin().empty());
}

TEST_CASE("the key may be in a file of its own, and encrypted") {
  const test::Certified made = test::issue({});
  const std::string certificate = world().folder().put("c.pem", pem(made.certificate));
  const std::string key = world().folder().put("k.pem", pem(made.key, "secret"));
  CHECK(server_as({certificate, key, "secret"}).ok());
  CHECK(usage_error(server_as({certificate, key, "wrong"})) == key + ": the passphrase is wrong");
  CHECK(usage_error(server_as({certificate, key, ""})) == key + ": the key is encrypted");
  CHECK(io_error(server_as({certificate, "", ""})) == certificate + ": holds no private key in PEM form");
}

TEST_CASE("a key of another certificate is refused") {
  const std::string certificate = world().folder().put("c.pem", pem(test::issue({}).certificate));
  const std::string key = world().folder().put("k.pem", pem(test::issue({}).key));
  CHECK(usage_error(server_as({certificate, key, ""})) ==
        key + ": the key is not that of the certificate in " + certificate);
}

TEST_CASE("an identity that cannot be read is told by name") {
  const std::string none = world().folder().at("none.pem");
  CHECK(io_error(server_as({none, "", ""})) == none + ": no such file or directory");
  CHECK(io_error(tls::Context::client({.verify = false, .identity = {.certificate_file = none}})) ==
        none + ": no such file or directory");
  const std::string certificate = world().folder().put("c.pem", pem(test::issue({}).certificate));
  CHECK(io_error(server_as({certificate, none, ""})) == none + ": no such file or directory");
}

TEST_CASE("a certificate that OpenSSL thinks too weak is told by name") {
  tls::KeyPointer key(EVP_RSA_gen(1024));
  test::Certified weak = test::issue({});
  X509_set_pubkey(weak.certificate.get(), key.get());
  REQUIRE(X509_sign(weak.certificate.get(), key.get(), EVP_sha256()) > 0);
  weak.key = std::move(key);
  const tls::Identity identity = world().keep(weak);
  const auto context = server_as(identity);
  if (context.ok()) return;  // a library with lower standards
  CHECK(io_error(context) == identity.certificate_file + ": OpenSSL refuses the certificate: ee key too small");
}

TEST_CASE("TLS 1.3 is spoken if both can, and 1.2 if one cannot") {
  tls::Context server = world().server();
  CHECK(agreed({}, server).version == "TLSv1.3");
  SSL_CTX_set_max_proto_version(server.get(), TLS1_2_VERSION);
  CHECK(agreed({}, server).version == "TLSv1.2");
}

TEST_CASE("nothing less than the least version is spoken") {
  tls::Context server = world().server();
  SSL_CTX_set_max_proto_version(server.get(), TLS1_2_VERSION);
  CHECK(agreed({.least = tls::Version::tls_1_3}, server).version.empty());
  const auto strict = tls::Context::server({.identity = world().identity(), .least = tls::Version::tls_1_3});
  CHECK(agreed({}, *strict).version == "TLSv1.3");
}

TEST_CASE("ciphers are chosen by name for each version") {
  tls::Context server = world().server();
  const std::string both = "ECDHE-ECDSA-CHACHA20-POLY1305:TLS_CHACHA20_POLY1305_SHA256";
  CHECK(agreed({.ciphers = both}, server).cipher == "TLS_CHACHA20_POLY1305_SHA256");
  CHECK(agreed({.ciphers = "TLS_AES_128_GCM_SHA256, ECDHE-ECDSA-AES128-GCM-SHA256"}, server).cipher ==
        "TLS_AES_128_GCM_SHA256");
  CHECK(agreed({.ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305"}, server).version == "TLSv1.3");
  SSL_CTX_set_max_proto_version(server.get(), TLS1_2_VERSION);
  CHECK(agreed({.ciphers = both}, server).cipher == "ECDHE-ECDSA-CHACHA20-POLY1305");
  CHECK(agreed({.ciphers = "TLS_CHACHA20_POLY1305_SHA256"}, server).version == "TLSv1.2");
  const auto chosen = tls::Context::server({.identity = world().identity(), .ciphers = "TLS_AES_128_GCM_SHA256"});
  CHECK(agreed({}, *chosen).cipher == "TLS_AES_128_GCM_SHA256");
}

TEST_CASE("ciphers that do not exist are told") {
  for (const char* list : {"NONSENSE", "TLS_NONSENSE", "TLS_AES_128_GCM_SHA256:TLS_NONSENSE"}) {
    const auto context = tls::Context::client({.verify = false, .ciphers = list});
    CHECK(usage_error(context) == "no such cipher in \"" + std::string(list) + '"');
    CHECK(context.error().hint == "\"openssl ciphers -v\" lists what there is");
  }
}

TEST_CASE("secrets are appended to the key log") {
  const std::string path = world().folder().put("keys", "# kept\n");
  const auto client = tls::Context::client({.verify = false, .key_log = path});
  const auto server = tls::Context::server({.identity = world().identity(), .key_log = path});
  REQUIRE(client.ok());
  REQUIRE(server.ok());
  test::Conversation conversation(*client, *server);
  conversation.run();
  REQUIRE(conversation.open());
  const std::string log = contents_of(path);
  CHECK(log.starts_with("# kept\n"));
  CHECK(log.ends_with("\n"));
  const std::size_t first = log.find("\nCLIENT_TRAFFIC_SECRET_0 ");
  REQUIRE(first != std::string::npos);
  CHECK(log.find("\nCLIENT_TRAFFIC_SECRET_0 ", first + 1) != std::string::npos);
}

TEST_CASE("a key log that cannot be written is told by name") {
  const std::string path = world().folder().at("none/keys");
  CHECK(io_error(tls::Context::client({.verify = false, .key_log = path})) == path + ": no such file or directory");
}

TEST_CASE("a key log is a regular file: nobody waits for the reader of a pipe") {
  const std::string path = world().folder().at("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(io_error(tls::Context::client({.verify = false, .key_log = path})) == path + ": is not a regular file");
  CHECK(io_error(tls::Context::server({.key_log = path})) == path + ": is not a regular file");
  CHECK(io_error(tls::Context::client({.verify = false, .key_log = "/dev/tty"})).starts_with("/dev/tty: "));
}

TEST_CASE("a context can be moved while engines use it") {
  tls::Context client = tls::Context::client({.verify = false, .pins = {"no such pin"}}).value();
  tls::Context server = world().server();
  test::Conversation conversation(client, server);
  const tls::Context moved_client = std::move(client);
  const tls::Context moved_server = std::move(server);
  conversation.run();
  REQUIRE(conversation.client.state() == State::failed);
  CHECK(conversation.client.error().message.starts_with("pin does not match"));
}

TEST_CASE("a server has nothing to do with a client that does not want http/1.1") {
  const tls::Context server = world().server();
  for (const std::string offer : {"\x02h2\x08http/1.1", "\x02h2", ""}) {
    const bool agreed = offer != "\x02h2";
    CAPTURE(offer);
    test::RawPeer client(test::RawPeer::Role::client);
    if (!offer.empty()) {
      SSL_CTX_set_alpn_protos(client.context(), reinterpret_cast<const unsigned char*>(offer.data()),
                              static_cast<unsigned>(offer.size()));
    }
    tls::Engine engine = tls::Engine::server(server).value();
    client.converse(engine);
    CHECK((engine.state() == State::open) == agreed);
    if (agreed) CHECK(engine.session().protocol == (offer.empty() ? "" : "http/1.1"));
    if (!agreed) CHECK(engine.error().message == "the client does not want to speak http/1.1");
  }
}

TEST_CASE("a server that does not agree to http/1.1 is told") {
  test::RawPeer server(test::RawPeer::Role::server);
  server.use(test::issue({}, &world().authority()));
  SSL_CTX_set_alpn_select_cb(
      server.context(),
      [](SSL*, const unsigned char**, unsigned char*, const unsigned char*, unsigned, void*) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
      },
      nullptr);
  const tls::Context context = world().client();
  tls::Engine client = tls::Engine::client(context, "a.example").value();
  server.converse(client);
  REQUIRE(client.state() == State::failed);
  CHECK(client.error().message == "the server does not want to speak http/1.1");
}

TEST_CASE("a server names those who may have issued the certificate that it demands") {
  const auto server =
      tls::Context::server({.identity = world().identity(), .client_ca = world().client_options().ca_file});
  REQUIRE(server.ok());
  const STACK_OF(X509_NAME)* names = SSL_CTX_get_client_CA_list(server->get());
  REQUIRE(sk_X509_NAME_num(names) == 1);
  CHECK(tls::name_text(*sk_X509_NAME_value(names, 0)) == "CN=Test Authority");
}
