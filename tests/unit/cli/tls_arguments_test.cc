#include "cli/tls_arguments.h"

#include <string>

#include "arguments.h"
#include "environment.h"

using namespace wscope;
using namespace wscope::test;
using session::ConnectCommand;
using session::ServeCommand;

namespace {

const std::string digest = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const std::string pin = "sha256//" + digest;

tls::ClientOptions client(const Arguments& options) { return with<ConnectCommand>(options).tls; }

tls::ServerOptions server(const Arguments& options) {
  const auto tls = with<ServeCommand>(options).tls;
  REQUIRE(tls.has_value());
  return *tls;
}

}  // namespace

TEST_CASE("a client checks the server against the system's issuers and has no certificate") {
  const Environment environment({Environment::Variable{"SSLKEYLOGFILE"}});
  const ConnectCommand command = connect({"wss://host"});
  CHECK(command.tls.verify);
  CHECK(command.tls.ca_file.empty());
  CHECK(command.tls.ca_path.empty());
  CHECK(command.tls.pins.empty());
  CHECK(command.tls.identity.certificate_file.empty());
  CHECK(command.tls.least == tls::Version::tls_1_2);
  CHECK(command.tls.ciphers.empty());
  CHECK(command.tls.key_log.empty());
  CHECK(!command.server_name);
  CHECK(!command.asks_passphrase);
}

TEST_CASE("whom a client trusts may be said") {
  for (const char* option : {"--ca", "--cacert"}) CHECK(client({option, "a.pem"}).ca_file == "a.pem");
  CHECK(client({"--capath", "certs"}).ca_path == "certs");
  for (const char* option : {"-n", "--no-check", "-k", "--insecure"}) CHECK(!client({option}).verify);
  CHECK(with<ConnectCommand>({"--servername", "other"}).server_name == "other");
  for (const Arguments& empty : {Arguments{"--servername", ""}, Arguments{"--servername="}}) {
    CHECK(with<ConnectCommand>(empty).server_name == "");
  }
  for (const char* option : {"--ca", "--cacert"}) {
    CHECK(complaint_with<ConnectCommand>({option, ""}).find(": empty") != std::string::npos);
  }
}

TEST_CASE("a pin is trust enough, unless issuers are given too") {
  CHECK(client({"--pin", pin}).pins == std::vector<std::string>{digest});
  CHECK(client({"--pin", pin, "--pin=" + pin}).pins.size() == 2);
  CHECK(!client({"--pin", pin}).verify);
  CHECK(!with<ConnectCommand>({"--pin", pin}).insecure);
  CHECK(with<ConnectCommand>({"--pin", pin, "-k"}).insecure);
  CHECK(client({"--pin", pin, "--ca", "a.pem"}).verify);
  CHECK(client({"--pin", pin, "--capath", "certs"}).verify);
  CHECK(!client({"--pin", pin, "--ca", "a.pem", "-k"}).verify);
  for (const std::string& text : {digest, std::string("sha256//"), pin + "AAAA", "sha1//" + digest, "sha256/" + digest,
                                  std::string("sha256//AAAA"), std::string("sha256//!")}) {
    CHECK(complaint_with<ConnectCommand>({"--pin", text}) == "--pin wants sha256// and a digest in base64");
  }
}

TEST_CASE("a client may have a certificate") {
  const ConnectCommand command = with<ConnectCommand>({"--cert", "our.pem"});
  CHECK(command.tls.identity.certificate_file == "our.pem");
  CHECK(command.tls.identity.key_file.empty());
  CHECK(client({"--cert", "our.crt", "--key", "our.key"}).identity.key_file == "our.key");
}

TEST_CASE_TEMPLATE("a passphrase is given or asked for", Wanted, ConnectCommand, ServeCommand) {
  CHECK(with<Wanted>({"--cert=a", "--passphrase"}).asks_passphrase);
  CHECK(with<Wanted>({"--cert=a", "--passphrase="}).asks_passphrase);
  CHECK(!with<Wanted>({"--cert=a", "--passphrase=secret"}).asks_passphrase);
  CHECK(!with<Wanted>({"--cert=a"}).asks_passphrase);
  for (const Arguments& options : {Arguments{"--key", "a"}, Arguments{"--passphrase"}, Arguments{"--passphrase=a"}}) {
    CHECK(complaint_with<Wanted>(options) == "--key and --passphrase need --cert");
  }
}

TEST_CASE_TEMPLATE("the oldest version is one of two", Wanted, ConnectCommand, ServeCommand) {
  for (const char* text : {"1.1", "1", "tls1.2", "1.2|1.3"}) {
    CHECK(complaint_with<Wanted>({"--cert=a", "--tls-min", text}) ==
          std::string("--tls-min wants 1.2|1.3, not \"") + text + "\"");
  }
  CHECK(complaint_with<Wanted>({"--cert=a", "--tls-min="}) == "--tls-min wants 1.2|1.3, not \"\"");
}

TEST_CASE("both sides choose versions and ciphers") {
  CHECK(client({"--tls-min", "1.3"}).least == tls::Version::tls_1_3);
  CHECK(client({"--tls-min=1.2"}).least == tls::Version::tls_1_2);
  CHECK(client({"--ciphers", "AES128-SHA"}).ciphers == "AES128-SHA");
  CHECK(client({"--cert=a", "--passphrase=secret"}).identity.passphrase == "secret");
  CHECK(server({"--tls", "--tls-min", "1.3"}).least == tls::Version::tls_1_3);
  CHECK(server({"--tls", "--ciphers", "AES128-SHA"}).ciphers == "AES128-SHA");
  CHECK(server({"--cert=a", "--passphrase=secret"}).identity.passphrase == "secret");
}

TEST_CASE("secrets are logged where SSLKEYLOGFILE says") {
  const Environment environment({Environment::Variable{"SSLKEYLOGFILE", "keys.log"}});
  CHECK(client({}).key_log == "keys.log");
  CHECK(server({"--tls"}).key_log == "keys.log");
  const Environment nothing({Environment::Variable{"SSLKEYLOGFILE", ""}});
  CHECK(client({}).key_log.empty());
}

TEST_CASE("a server speaks TLS if it is asked for, has a certificate or wants one of its clients") {
  CHECK(!served({"listen", "80"}).tls);
  CHECK(!served({"echo"}).tls);
  CHECK(server({"--tls"}).identity.certificate_file.empty());
  CHECK(server({"--tls"}).names.empty());
  CHECK(server({"--cert", "our.crt", "--key", "our.key"}).identity.key_file == "our.key");
  CHECK(server({"--client-ca", "theirs.pem"}).client_ca == "theirs.pem");
  CHECK(served({"echo", "--tls"}).tls.has_value());
  for (const Arguments& options : {Arguments{"--tls-min", "1.3"}, Arguments{"--ciphers", "a"}}) {
    CHECK(complaint_with<ServeCommand>(options) == "--tls-min and --ciphers need --tls");
  }
  for (const char* option : {"--cert", "--key", "--client-ca", "--ciphers"}) {
    CHECK(complaint_with<ServeCommand>({option, ""}) == std::string(option) + ": empty");
  }
}
