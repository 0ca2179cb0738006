#include "check/report_output.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "net/file.h"

using namespace wscope;
using namespace wscope::check;

TEST_CASE("a report goes to its file") {
  char name[] = "/tmp/wscope-check-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  const std::string path = folder + "/x.tap";
  net::Poller poller;
  ReportOutputs outputs(poller, 0);
  REQUIRE(outputs.open({ReportFormat::tap, path}));
  outputs.begin({.cases = 0});
  outputs.end({}, true);
  CHECK(!outputs.error());
  CHECK(*net::read_regular_file(path) == "TAP version 14\n1..0\nBail out! interrupted\n");
  std::filesystem::remove_all(folder);
}

TEST_CASE("a file that cannot be made is an error") {
  net::Poller poller;
  ReportOutputs outputs(poller, 0);
  const auto opened = outputs.open({ReportFormat::json, "/nowhere/x"});
  REQUIRE(!opened.ok());
  CHECK(opened.error().kind == base::ErrorKind::io);
}
