#include "app/run.h"

#include "unit/report/reports.h"
#include "unit/streams/streams.h"

using namespace wscope;

namespace {

test::Run run(const std::vector<std::string>& arguments) {
  return test::with_input("", [&] { return app::run(arguments); });
}

}  // namespace

TEST_CASE("help and version go to stdout") {
  const auto version = run({"--version"});
  CHECK(version.status == 0);
  CHECK(version.out.substr(0, 7) == "wscope ");
  CHECK(version.err.empty());
  CHECK(run({"--help"}).status == 0);
}

TEST_CASE("text that cannot be printed is a failure") {
  const net::UniqueFd none;
  const net::UniqueFd err = test::temporary_file();
  int status = 0;
  {
    const test::Streams streams(none, none, err);
    status = app::run({"--version"});
  }
  CHECK(status == 1);
  CHECK(test::content_of(err) == "wscope: cannot write to the standard output\n");
}

TEST_CASE("an error goes to stderr and makes the exit status") {
  const auto usage = run({"--nonsense", "host"});
  CHECK(usage.status == 2);
  CHECK(usage.out.empty());
  CHECK(usage.err.find("wscope: ") == 0);
  CHECK(usage.err.find("\nhint: try wscope --help\n") != std::string::npos);
  CHECK(run({"--ca=/nowhere", "wss://host/"}).status == 1);
}

TEST_CASE("without a URL there must be a person or a script") {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{}, {"connect"}, {"-v"}}) {
    const auto ended = run(arguments);
    CHECK(ended.status == 2);
    CHECK(ended.out.empty());
    CHECK(ended.err.find("wscope: no URL\n") == 0);
  }
  const auto scripted = test::with_input("/connect echo:\nhello\n", [] { return app::run({"--commands=-"}); });
  CHECK(scripted.status == 0);
  CHECK(scripted.out == "hello\n");
  CHECK(scripted.err.empty());
}

TEST_CASE("an error of the command line is an event where events were asked for") {
  using Arguments = std::vector<std::string>;
  for (Arguments arguments : {Arguments{"--json"},
                              {"--out", "json"},
                              {"--out=json"},
                              {"--format", "json"},
                              {"run", "--report", "json"},
                              {"run", "--report=json"}}) {
    CAPTURE(arguments.front());
    arguments.insert(arguments.end(), {"--nonsense", "host"});
    const auto usage = run(arguments);
    CHECK(usage.status == 2);
    const auto events = test::events_in(usage.out);
    REQUIRE(events.size() == 1);
    CHECK(events[0].find(R"({"event":"error","conn":0,"kind":"usage","message":")") == 0);
    CHECK(events[0].find(R"(","exit":2})") != std::string::npos);
    CHECK(usage.err.find("wscope: ") == 0);
  }
}

TEST_CASE("who wants quiet gets errors without hints") {
  const net::UniqueFd listener = test::listen_anywhere();
  const std::string port = std::to_string(net::local_address(listener.get()).port());
  const auto wordy = run({"listen", port});
  CHECK(wordy.status == 1);
  const auto quiet = run({"listen", "-q", port});
  CHECK(quiet.status == 1);
  for (const auto& ended : {wordy, quiet}) {
    CHECK(ended.out.empty());
    CHECK(ended.err == "wscope: 127.0.0.1:" + port + ": address already in use\n");
  }
  const auto lines = run({"-q", "--max-size", "1", "-x", "toolong", "echo:"});
  CHECK(lines.status == 7);
  CHECK(lines.err ==
        "wscope: the peer sent too long a message: 7 bytes, over the limit of 1 (--max-size); we sent 1009\n");
}
