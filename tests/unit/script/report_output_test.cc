#include "script/report_output.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "net/file.h"
#include "unit/script/results.h"

using namespace wscope;
using namespace wscope::script;

namespace {

struct Folder {
  Folder() {
    char name[] = "/tmp/wscope-reports-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path{};
};

}  // namespace

TEST_CASE("a report goes to its file, with the events of each script in its turn") {
  const Folder folder;
  const std::string path = folder.path + "/r.json";
  net::Poller poller;
  ReportOutputs outputs(poller, false);
  REQUIRE(outputs.open({ReportFormat::json, path}));
  CHECK(outputs.want_events());
  outputs.begin(2);
  outputs.add_event(1, "second\n");
  outputs.add_event(0, "first\n");
  outputs.add(0, passed_script());
  outputs.add_event(1, "third\n");
  outputs.add(1, skipped_script());
  outputs.end({}, false);
  CHECK(!outputs.error());
  const auto content = net::read_regular_file(path);
  REQUIRE(content);
  const std::size_t first = content->find("first\n");
  const std::size_t result = content->find("tick.ws");
  const std::size_t second = content->find("second\nthird\n");
  const std::size_t last = content->find("later.ws");
  CHECK(first < result);
  CHECK(result < second);
  CHECK(second < last);
  CHECK(last != std::string::npos);
}

TEST_CASE("who is ahead of its turn is full at some point") {
  net::Poller poller;
  ReportOutputs outputs(poller, false);
  outputs.begin(2);
  CHECK(!outputs.want_events());
  outputs.add_event(1, std::string(std::size_t{1} << 20, 'x'));
  CHECK(outputs.full(1));
  CHECK(!outputs.full(0));
}

TEST_CASE("a file that cannot be made is an error before anything is run") {
  net::Poller poller;
  ReportOutputs outputs(poller, false);
  const auto opened = outputs.open({ReportFormat::text, "/nowhere/at/all"});
  REQUIRE(!opened);
  CHECK(opened.error().message.starts_with("/nowhere/at/all: "));
}
