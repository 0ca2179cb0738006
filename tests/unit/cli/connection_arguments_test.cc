#include "cli/connection_arguments.h"

#include "arguments.h"

using namespace std::chrono_literals;
using namespace wscope;
using namespace wscope::test;

// What each of them means is told with the command that has them: see connect_arguments_test.cc.
TEST_CASE("whoever makes a connection has the options of connections") {
  for (const Arguments& command : {Arguments{"connect"}, Arguments{"forward", "-"}}) {
    Arguments arguments = command;
    for (const char* word :
         {"wss://host/", "-H", "A: b", "-u", "me", "--connect-timeout", "3", "--max-frame", "1K", "-k", "-L",
          "--resolve", "host:443:127.0.0.1", "--compress", "client_no_context_takeover"}) {
      arguments.emplace_back(word);
    }
    auto parsed = cli::parse_command_line(arguments);
    REQUIRE(parsed.ok());
    const auto* client = std::get_if<session::ConnectCommand>(&*parsed);
    const auto* forward = std::get_if<session::ForwardCommand>(&*parsed);
    const link::ConnectPlan* plan = client;
    if (forward != nullptr) plan = forward;
    REQUIRE(plan != nullptr);
    CHECK(plan->endpoint.url.host == "host");
    CHECK(plan->request.headers.contains("A"));
    CHECK(plan->request.headers.contains("User-Agent"));
    CHECK(plan->asks_password_of == "me");
    CHECK(plan->timeouts.connect == 3s);
    CHECK(plan->limits.frame == 1024);
    CHECK(plan->insecure);
    CHECK(plan->redirects == 10U);
    CHECK(plan->route.resolutions.size() == 1);
    CHECK(plan->compression->client_no_context_takeover);
  }
}

TEST_CASE("a header decides on the compression that an option offers") {
  CHECK_FALSE(connect({"host", "-H", "Sec-WebSocket-Extensions:"}).compression);
  const auto two = connect({"host", "-H", "Sec-WebSocket-Extensions: permessage-deflate, x, permessage-deflate"});
  CHECK(two.compression);
  CHECK(two.further_compression.size() == 1);
  CHECK(complaint({"host", "--compress", "nonsense"}).find("--compress: ") == 0);
}
