#include "cli/relay_arguments.h"

#include "arguments.h"

using namespace std::chrono_literals;
using namespace wscope;
using namespace wscope::test;

namespace {

session::ServeCommand serving(Arguments options) {
  options.insert(options.begin(), "listen");
  return parse<session::ServeCommand>(options);
}

std::string complaint_of(Arguments options) {
  options.insert(options.begin(), "listen");
  return complaint(options);
}

}  // namespace

TEST_CASE("routes of a relay end with the one for all paths") {
  const auto command = serving({"--relay", "tcp:localhost:22", "--relay", "/a=echo:", "-s", "mine", "--idle", "3"});
  REQUIRE(command.relay);
  CHECK(command.service == link::ServiceKind::relay);
  REQUIRE(command.relay->routes.size() == 2);
  CHECK(command.relay->routes[0].path == "/a");
  CHECK(command.relay->routes[1].target.text() == "tcp:localhost:22");
  CHECK(command.relay->idle == 3s);
  CHECK(command.admission.subprotocols == std::vector<std::string>{"mine", "binary"});
  CHECK_FALSE(command.compression);
  CHECK(serving({"--relay", "echo:", "--compress"}).compression);
}

TEST_CASE("a relay may have a file of tokens") {
  const auto command = serving({"--relay-file", "tokens", "--relay", "/a=echo:"});
  REQUIRE(command.relay);
  CHECK(command.relay->token_file == "tokens");
  CHECK_FALSE(serving({}).relay);
}

TEST_CASE("what a relay cannot be is said") {
  CHECK(complaint_of({"--relay", "nonsense"}).find("--relay: not a target") == 0);
  CHECK(complaint_of({"--relay", "echo:", "--relay", "echo:"}) == "two --relay without a path");
  CHECK(complaint_of({"--relay", "/a=echo:", "--relay", "/a=echo:"}) == "two --relay for the path /a");
  CHECK(complaint_of({"--relay", "echo:", "--relay-file", "x"}).find("both for all other paths") != std::string::npos);
  CHECK(complaint_of({"--idle", "3"}) == "--idle is for --relay");
  CHECK(complaint_of({"--compress"}).find("--compress is for --relay") == 0);
}
