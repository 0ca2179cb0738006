#include "link/server_setup.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

#include <unistd.h>

#include "net/file.h"
#include "serving.h"

using namespace wscope;

namespace {

link::ServePlan anywhere() {
  link::ServePlan command;
  command.address = {.host = "127.0.0.1", .port = 0};
  return command;
}

}  // namespace

TEST_CASE("what is asked for on the command line is what the server does") {
  link::ServePlan command;
  command.admission.path = "/chat";
  command.compression = false;
  command.compression_level = 9;
  command.once = true;
  command.slow = link::SlowClient::drop;
  command.limits.frame = 7;
  command.timeouts.close = std::chrono::seconds(3);
  const link::Server::Options options = link::server_options(command, nullptr);
  CHECK(options.admission.path == "/chat");
  CHECK_FALSE(options.compression);
  CHECK(options.compression_level == 9);
  CHECK(options.once);
  CHECK(options.slow == link::SlowClient::drop);
  CHECK(options.limits.frame == 7);
  CHECK(options.timeouts.close == std::chrono::seconds(3));
  CHECK(options.tls == nullptr);
}

TEST_CASE("messages come in pieces where nobody must wait for their end") {
  const struct {
    link::ServiceKind service;
    bool once;
    bool whole;
  } rows[] = {
      {link::ServiceKind::pipe, false, true},     {link::ServiceKind::pipe, true, false},
      {link::ServiceKind::echo, false, false},    {link::ServiceKind::broadcast, false, true},
      {link::ServiceKind::broadcast, true, true},
  };
  for (const auto& row : rows) {
    link::ServePlan command;
    command.service = row.service;
    command.once = row.once;
    CHECK(link::server_options(command, nullptr).whole == row.whole);
  }
}

TEST_CASE("a server tells where it listens") {
  const link::ServePlan command = anywhere();
  link::Loop loop;
  test::Notes notes;
  link::Server server(loop, link::server_options(command, nullptr), notes, nullptr);
  notes.server = &server;
  REQUIRE(server.listen(command.address).ok());
  const view::ListeningView listening = link::describe_listening(server, command, nullptr);
  CHECK(listening.port == server.address().port());
  CHECK(listening.port != 0);
  CHECK(listening.url == "ws://127.0.0.1:" + std::to_string(listening.port) + "/");
  CHECK(listening.address == "127.0.0.1");
  CHECK(listening.pin.empty());
}

TEST_CASE("a server with a certificate made for it tells its pin") {
  link::ServePlan command = anywhere();
  command.tls.emplace();
  const auto context = link::server_context(command);
  REQUIRE(context.ok());
  link::Loop loop;
  test::Notes notes;
  link::Server server(loop, link::server_options(command, &*context), notes, nullptr);
  notes.server = &server;
  REQUIRE(server.listen(command.address).ok());
  const view::ListeningView listening = link::describe_listening(server, command, &*context);
  CHECK(listening.url.starts_with("wss://127.0.0.1:"));
  CHECK(listening.pin.starts_with("sha256//"));
  CHECK(listening.pin == context->pin());
}

TEST_CASE("a certificate that is not there is an error") {
  link::ServePlan command = anywhere();
  command.tls.emplace().identity.certificate_file = "/nowhere/certificate.pem";
  const auto context = link::server_context(command);
  REQUIRE(!context.ok());
  CHECK(context.error().message.find("/nowhere/certificate.pem") != std::string::npos);
}

TEST_CASE("all servers but an echo are guarded") {
  using Scope = link::GuardOptions::Scope;
  link::ServePlan command = anywhere();
  command.admission.origins = {"https://a.example"};
  command.admission.allowed_hosts = {"app.example"};
  for (const link::ServiceKind service : {link::ServiceKind::pipe, link::ServiceKind::broadcast}) {
    command.service = service;
    const link::GuardOptions guard = link::server_options(command, nullptr).guard;
    CHECK(guard.scope == Scope::full);
    CHECK(guard.origins == command.admission.origins);
    CHECK_FALSE(guard.secure);
    CHECK(std::count(guard.names.begin(), guard.names.end(), "app.example") == 1);
  }
  const auto context = link::server_context([&] {
    command.tls.emplace();
    return command;
  }());
  REQUIRE(context.ok());
  CHECK(link::server_options(command, &*context).guard.secure);
  command.service = link::ServiceKind::echo;
  const link::GuardOptions guard = link::server_options(command, nullptr).guard;
  CHECK(guard.scope == Scope::origins);
  CHECK(guard.origins == command.admission.origins);
}

TEST_CASE("the name of this machine is a server's own, also as it is announced in the local network") {
  std::array<char, 256> host{};
  REQUIRE(::gethostname(host.data(), host.size() - 1) == 0);
  const auto name = http::parse_authority(host.data());
  const auto announced = http::parse_authority(std::string(host.data()) + ".local");
  if (!name || !announced) return;  // a machine without a proper name
  const auto names = link::server_options(anywhere(), nullptr).guard.names;
  CHECK(std::count(names.begin(), names.end(), announced->host.text) > 0);
  CHECK(std::count(names.begin(), names.end(), name->host.text) > 0);
}

TEST_CASE("a person is told if more may come than this machine") {
  const auto warning = [](link::ServePlan command) {
    link::Loop loop;
    test::Notes notes;
    link::Server server(loop, {}, notes, nullptr);
    notes.server = &server;
    REQUIRE(server.listen({.host = command.address.host, .port = 0}).ok());
    if (!command.tls)
      CHECK(link::describe_listening(server, command, nullptr).warning ==
            link::admission_warning(server.addresses(), command));
    return link::admission_warning(server.addresses(), command);
  };
  link::ServePlan command;
  for (const char* host : {"", "127.0.0.1", "127.0.0.2"}) {
    command.address.host = host;
    CHECK(warning(command).empty());
  }
  command.address.host = "0.0.0.0";
  CHECK(warning(command) ==
        "Whoever reaches this address can read and write here: --auth, --client-ca or --allow says who may");
  command.admission.addresses = {net::AddressRange::parse("10.0.0.0/8").value()};
  CHECK(warning(command).empty());
  command.admission.addresses.clear();
  command.tls.emplace().client_ca = "ca.pem";
  CHECK(warning(command).empty());
  command.tls.reset();
  for (const link::ServiceKind service : {link::ServiceKind::echo, link::ServiceKind::broadcast}) {
    command.service = service;
    CHECK(warning(command).empty());
  }
  command.admission.credentials = http::Credentials{"a", "b"};
  CHECK(warning(command) == "The password can be read on the way here, as can all else: --tls encrypts");
  command.tls.emplace();
  CHECK(warning(command).empty());
}

TEST_CASE("a certificate is written without its key") {
  std::string folder = (std::filesystem::temp_directory_path() / "wscope-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  link::ServePlan command = anywhere();
  command.tls.emplace();
  const auto context = link::server_context(command);
  REQUIRE(context.ok());
  CHECK(link::write_certificate(command, *context).ok());  // not asked for
  command.certificate_copy = folder + "/certificate.pem";
  CHECK(link::write_certificate(command, *context).ok());
  const auto text = net::read_file(command.certificate_copy);
  REQUIRE(text.ok());
  CHECK(text->starts_with("-----BEGIN CERTIFICATE-----\n"));
  CHECK(text->find("KEY") == std::string::npos);
  command.certificate_copy = folder + "/not there/certificate.pem";
  CHECK_FALSE(link::write_certificate(command, *context).ok());
  std::filesystem::remove_all(folder);
}
