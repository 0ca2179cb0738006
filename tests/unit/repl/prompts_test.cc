#include "repl/prompts.h"

#include <csignal>
#include <string>

#include "unit/term/terminal.h"

using namespace wscope;
using repl::ask_what_is_missing;
using test::Person;
using test::Terminal;

namespace {

net::Signals catch_signals() {
  auto signals = net::Signals::install({SIGINT, SIGTERM});
  REQUIRE(signals.ok());
  return std::move(*signals);
}

/// What is to be asked for and must be answered.
template <typename Command>
void ask(Command& command, const Terminal& terminal) {
  net::Signals signals = catch_signals();
  const auto asked = ask_what_is_missing(command, signals, terminal.path());
  if (!asked) FAIL(asked.error().message);
  CHECK(!asked->has_value());
}

/// The message of a usage error.
template <typename Command>
std::string complaint(Command& command, const char* terminal) {
  net::Signals signals = catch_signals();
  const auto asked = ask_what_is_missing(command, signals, terminal);
  REQUIRE(!asked.ok());
  CHECK(asked.error().kind == base::ErrorKind::usage);
  return asked.error().message;
}

link::ConnectPlan with_user() {
  link::ConnectPlan command;
  command.asks_password_of = "me";
  return command;
}

}  // namespace

TEST_CASE("nothing is asked for that is not missing") {
  net::Signals signals = catch_signals();
  link::ConnectPlan client;
  link::ServePlan server;
  CHECK(ask_what_is_missing(client, signals, "/nonexistent").ok());
  CHECK(ask_what_is_missing(server, signals, "/nonexistent").ok());
}

TEST_CASE("a password becomes Basic credentials") {
  const Terminal terminal;
  link::ConnectPlan command = with_user();
  {
    const Person person(terminal, "Password for me: ", [&] { terminal.type("open sesame:\n"); });
    ask(command, terminal);
  }
  CHECK(command.request.headers == http::Headers{{"Authorization", "Basic bWU6b3BlbiBzZXNhbWU6"}});
}

TEST_CASE("a passphrase is that of the key's file, or of the certificate's if the key is in there") {
  const Terminal terminal;
  link::ConnectPlan client;
  client.asks_passphrase = true;
  client.tls.identity = {"our.crt", "our.key"};
  {
    const Person person(terminal, "Passphrase for our.key: ", [&] { terminal.type("\tsecret \n"); });
    ask(client, terminal);
  }
  CHECK(client.tls.identity.passphrase == "\tsecret ");
  link::ServePlan server;
  server.asks_passphrase = true;
  server.tls.emplace().identity = {"our.pem"};
  {
    const Person person(terminal, "Passphrase for our.pem: ", [&] { terminal.type("secret\n"); });
    ask(server, terminal);
  }
  CHECK(server.tls->identity.passphrase == "secret");
}

TEST_CASE("a password at the proxy is asked for if there is a proxy that needs it") {
  const Terminal terminal;
  link::ConnectPlan command;
  command.route.asks_proxy_password = true;
  command.route.proxy_credentials = http::Credentials{"me", ""};
  ask(command, terminal);  // there is no proxy
  command.route.proxy = link::Proxy{link::Proxy::Kind::http, "proxy", 1};
  {
    const Person person(terminal, "Password for me at the proxy: ", [&] { terminal.type("secret\n"); });
    ask(command, terminal);
  }
  CHECK(command.route.proxy_credentials == http::Credentials{"me", "secret"});
}

TEST_CASE("a password is asked for before a passphrase") {
  const Terminal terminal;
  link::ConnectPlan command = with_user();
  command.asks_passphrase = true;
  command.tls.identity = {"our.pem"};
  {
    const Person person(terminal, "Password for me: ", [&] {
      terminal.type("a\n");
      static_cast<void>(terminal.look("Passphrase for our.pem: "));
      terminal.type("b\n");
    });
    ask(command, terminal);
  }
  CHECK(command.request.headers == http::Headers{{"Authorization", "Basic bWU6YQ=="}});
  CHECK(command.tls.identity.passphrase == "b");
}

TEST_CASE("a signal ends the asking, and is told") {
  const Terminal terminal;
  link::ConnectPlan command = with_user();
  command.asks_passphrase = true;
  net::Signals signals = catch_signals();
  const Person person(terminal, "Password for me: ", [] { ::kill(::getpid(), SIGINT); });
  const auto asked = ask_what_is_missing(command, signals, terminal.path());
  REQUIRE(asked.ok());
  CHECK(*asked == SIGINT);
  CHECK(command.request.headers.empty());
}

TEST_CASE("a window of another size, and a child that has ended, interrupt nobody") {
  auto signals = net::Signals::install({SIGWINCH, SIGCHLD});
  REQUIRE(signals.ok());
  const Terminal terminal;
  link::ConnectPlan command = with_user();
  const Person person(terminal, "Password for me: ", [&terminal] {
    for (const int number : {SIGWINCH, SIGCHLD, SIGWINCH}) ::kill(::getpid(), number);
    terminal.type("a\n");
  });
  const auto asked = ask_what_is_missing(command, *signals, terminal.path());
  REQUIRE(asked.ok());
  CHECK(!asked->has_value());
  CHECK(command.request.headers == http::Headers{{"Authorization", "Basic bWU6YQ=="}});
}

TEST_CASE("a password that cannot be sent is a usage error that does not repeat it") {
  const Terminal terminal;
  link::ConnectPlan command = with_user();
  const Person person(terminal, "Password for me: ", [&] { terminal.type("secret\x01\n"); });
  CHECK(complaint(command, terminal.path()) == "--user: a control character in the password");
}

TEST_CASE("without a terminal, or an answer, it is a usage error") {
  link::ConnectPlan command = with_user();
  CHECK(complaint(command, "/dev/null") == "--user: no terminal to ask for the password on");
  link::ServePlan server;
  server.asks_passphrase = true;
  server.tls.emplace().identity = {"our.pem"};
  CHECK(complaint(server, "/dev/null") == "--passphrase: no terminal to ask for it on");
  const Terminal terminal;
  const Person person(terminal, "Password for me: ", [&] { terminal.type("\x04"); });
  CHECK(complaint(command, terminal.path()) == "--user: no line was typed");
}
