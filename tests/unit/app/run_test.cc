#include "app/run.h"

#include "streams.h"

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
  CHECK(run({"wss://host/"}).status == 5);
}
