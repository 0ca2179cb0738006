#include "cli/ping_arguments.h"

#include "arguments.h"

using namespace std::chrono_literals;
using namespace wscope;
using namespace wscope::test;
using As = ping::PingPlan::As;

namespace {

session::PingCommand pinging(const Arguments& options) { return parse<session::PingCommand>(line_of("ping", options)); }

std::string complaint_of(const Arguments& options) { return complaint(line_of("ping", options)); }

}  // namespace

TEST_CASE("a ping is a control frame a second, without end") {
  const auto command = pinging({"host"});
  CHECK(command.endpoint.url.host == "host");
  CHECK_FALSE(command.ping.count);
  CHECK(command.ping.interval == 1s);
  CHECK(command.ping.patience == 10s);
  CHECK(command.ping.size == 8);
  CHECK(command.ping.as == As::ping);
  CHECK_FALSE(command.ping.opens);
  CHECK_FALSE(command.ping.only_summary);
  CHECK(command.compression);
}

TEST_CASE("the letters are those of ping(8)") {
  const auto command = pinging({"-c", "3", "-i", "0", "-W", "0.5", "-s", "125", "-q", "--open", "host"});
  CHECK(command.ping.count == 3U);
  CHECK(command.ping.interval == 0s);
  CHECK(command.ping.patience == 500ms);
  CHECK(command.ping.size == 125);
  CHECK(command.ping.only_summary);
  CHECK(command.reporting.verbosity == report::Verbosity::quiet);
  CHECK(command.ping.opens);
  CHECK(pinging({"-s", "0", "host"}).ping.size == 0);
  CHECK(pinging({"--subprotocol", "a", "host"}).request.subprotocols == std::vector<std::string>{"a"});
  CHECK(pinging({"--json", "host"}).reporting.format == streams::OutputFormat::json);
  CHECK(pinging({"--timeout", "3", "host"}).timeout == 3s);
  CHECK(pinging({"--no-color", "host"}).color == view::ColorChoice::never);
}

TEST_CASE("a template stands behind --text, in its word or in the next") {
  CHECK(pinging({"--text", "host"}).ping.as == As::text);
  CHECK_FALSE(pinging({"--text", "host"}).ping.text);
  for (const Arguments& arguments : {Arguments{"--text=a {{seq}}", "host"}, Arguments{"--text", "a {{seq}}", "host"},
                                     Arguments{"host", "--text", "a {{seq}}"}}) {
    const auto command = pinging(arguments);
    CHECK(command.endpoint.url.host == "host");
    REQUIRE(command.ping.text);
    CHECK(command.ping.text->has_names());
  }
}

TEST_CASE("what cannot be pinged, or not so, is said") {
  CHECK(complaint_of({"a", "b"}) == "ping wants one URL");
  CHECK(complaint_of({"--text", "a", "b", "c"}) == "ping wants one URL");
  for (const char* size : {"126", "-1", "x", "", "1000"}) {
    CHECK(complaint_of({std::string("--size=") + size, "host"}).find("--size") == 0);
  }
  CHECK(complaint_of({"--text=a", "-s", "3", "host"}) == "--size is of the usual payload, and --text has another");
  CHECK(complaint_of({"--text={{nothing}}", "host"}).find("--text: ") == 0);
  CHECK(complaint_of({"--text={{", "host"}).find("--text: ") == 0);
}
