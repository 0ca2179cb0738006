#include "cli/check_arguments.h"

#include "arguments.h"

using namespace std::chrono_literals;
using namespace wscope;
using namespace wscope::test;

namespace {

check::CheckPlan checked(Arguments options) {
  options.insert(options.begin(), "check");
  return parse<check::CheckPlan>(options);
}

std::string complaint_of(Arguments options) {
  options.insert(options.begin(), "check");
  return complaint(options);
}

}  // namespace

TEST_CASE("a server is checked with the options of a connection") {
  const auto plan = checked({"wss://host/x", "-k", "-H", "X: y", "-s", "chat"});
  CHECK(plan.endpoint.url.text() == "wss://host/x");
  CHECK(plan.insecure);
  CHECK(*plan.request.headers.find("X") == "y");
  CHECK(plan.request.subprotocols == std::vector<std::string>{"chat"});
  CHECK(plan.jobs == 4);
  CHECK(plan.retries == 1);
  CHECK(plan.case_timeout == 3s);
  CHECK(plan.level == check::Level::must);
  REQUIRE(plan.reports.size() == 1);
  CHECK(plan.reports[0].format == check::ReportFormat::text);
}

TEST_CASE("cases are selected by words with commas between them") {
  const auto plan =
      checked({"host", "--only", "hs.*,frame.*", "--only", "x", "--skip", "hs.key-*", "--rfc", "6455/5.5"});
  CHECK(plan.selection.only == std::vector<std::string>{"hs.*", "frame.*", "x"});
  CHECK(plan.selection.skip == std::vector<std::string>{"hs.key-*"});
  CHECK(plan.selection.sections == std::vector<std::string>{"6455/5.5"});
  CHECK(checked({"host", "--slow"}).selection.slow);
  CHECK(checked({"host", "--aggressive"}).selection.aggressive);
}

TEST_CASE("how a run goes is said") {
  const auto plan =
      checked({"host", "--jobs", "1",  "--retries", "0", "--case-timeout", "0.5", "--timeout",      "60",    "--level",
               "info", "--echo", "no", "--say",     "a", "--say",          "b",   "--path-unknown", "/none", "-vv"});
  CHECK(plan.jobs == 1);
  CHECK(plan.retries == 0);
  CHECK(plan.case_timeout == 500ms);
  CHECK(plan.timeout == 60s);
  CHECK(plan.level == check::Level::info);
  CHECK(plan.echo == check::Echo::no);
  CHECK(plan.say == std::vector<std::string>{"a", "b"});
  CHECK(plan.unknown_path == "/none");
  CHECK(plan.verbosity == 2);
}

TEST_CASE("a case is shown again with the options that it depends on, but for secrets") {
  const auto plan = checked({"ws://host", "-k", "--bearer", "x", "-H", "X: y", "-H", "Cookie: c", "--say=a", "--echo",
                             "no", "--jobs", "1", "--evidence", "folder", "--seed", "7"});
  CHECK(plan.evidence == "folder");
  CHECK(plan.seed == 7);
  CHECK(plan.way == std::vector<std::string>{"-k", "-H", "X: y"});
  CHECK(plan.manner == std::vector<std::string>{"--say=a", "--echo", "no"});
  CHECK(complaint_of({"host", "--seed", "x"}).starts_with("--seed"));
}

TEST_CASE("reports go to files, and one to stdout") {
  const auto plan = checked({"host", "--report", "junit:a.xml", "--report", "json"});
  REQUIRE(plan.reports.size() == 2);
  CHECK(plan.reports[0].file == "a.xml");
  CHECK(plan.reports[1].format == check::ReportFormat::json);
  CHECK(checked({"host", "--report", "junit:a.xml"}).reports.size() == 2);
  CHECK(complaint_of({"host", "--report", "json", "--report", "tap"}).find("only one --report") == 0);
  CHECK(complaint_of({"host", "--report", "json:a", "--report", "tap:a"}) == "--report: two reports in a");
  CHECK(complaint_of({"host", "--report", "json:"}) == "--report: no file behind the colon");
}

TEST_CASE("a list wants no URL") {
  CHECK(checked({"--list", "--json"}).lists);
  CHECK(complaint_of({}) == "no URL");
  CHECK(complaint_of({"host", "--json"}) == "--json is for --list; --report json is a report");
}

TEST_CASE("what makes no sense is said") {
  CHECK(complaint_of({"host", "--strict-baseline"}) == "--strict-baseline wants a --baseline");
  CHECK(complaint_of({"host", "--case-timeout", "0"}) == "--case-timeout wants more than 0 seconds");
  CHECK(complaint_of({"host", "--path-unknown", "x"}) == "--path-unknown begins with /");
  CHECK(complaint_of({"host", "--only", "a,"}) == "--only: an empty word between commas");
}

TEST_CASE("a client comes to a port, and may be a program") {
  const auto plan = checked({"--listen", "127.0.0.1:9001", "--agent", "mine", "--", "client", "--only", "{url}"});
  REQUIRE(plan.listens);
  CHECK(plan.listens->host == "127.0.0.1");
  CHECK(plan.listens->port == 9001);
  CHECK(plan.agent == "mine");
  CHECK(plan.program == std::vector<std::string>{"client", "--only", "{url}"});
  CHECK(checked({"--listen=0"}).program.empty());
  CHECK(checked({"--list", "--listen", "0"}).listens);
  CHECK(complaint_of({"--listen", "0", "host"}) == "a URL is for a server, --listen for a client");
  CHECK(complaint_of({"--listen", "0", "--"}) == "no program behind --");
  CHECK(complaint_of({"--listen", "unix:/x"}) == "--listen wants a port: clients are given a URL");
  CHECK(checked({"host", "--report", "autobahn:dir"}).reports[1].file == "dir");
  CHECK(complaint_of({"host", "--report", "autobahn"}) == "--report autobahn wants a folder: autobahn:DIR");
}
