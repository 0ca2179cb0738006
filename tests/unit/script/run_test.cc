#include "script/run.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/command_line.h"
#include "net/file.h"

using namespace wscope;
using namespace wscope::script;

namespace {

// Scripts in a folder, and the report of a run of them.
class Scripts {
 public:
  Scripts() {
    char name[] = "/tmp/wscope-run-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~Scripts() { std::filesystem::remove_all(folder_); }
  Scripts(const Scripts&) = delete;
  Scripts& operator=(const Scripts&) = delete;

  void add(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    plan.files.push_back(folder_ + "/" + name);
  }
  int run() {
    plan.reports = {{ReportFormat::tap, folder_ + "/report"}};
    link::Loop loop;
    outcome = run_scripts(loop, plan, cli::in_session);
    report = net::exists(folder_ + "/report") ? *net::read_regular_file(folder_ + "/report") : "";
    return outcome.status();
  }
  [[nodiscard]] bool reports(std::string_view text) const { return report.find(text) != std::string::npos; }

  RunPlan plan{};
  streams::Outcome outcome{};
  std::string report{};

 private:
  std::string folder_;
};

}  // namespace

TEST_CASE("each file is a test, in its order, also several at a time") {
  Scripts scripts;
  scripts.plan.jobs = 3;
  scripts.add("slow.ws", "wait 0.1\nconnect echo:\nsend a\nexpect \"a\"");
  scripts.add("fails.ws", "fail no");
  scripts.add("skips.ws", "skip later");
  CHECK(scripts.run() == 11);
  const std::size_t first = scripts.report.find("ok 1 - ");
  const std::size_t second = scripts.report.find("not ok 2 - ");
  const std::size_t third = scripts.report.find("ok 3 - ");
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third != std::string::npos);
}

TEST_CASE("of several statuses 11 comes first, else the first one") {
  Scripts scripts;
  scripts.add("a.ws", "connect 127.0.0.1:1\nsend x");
  scripts.add("b.ws", "listen 0 --path /a\nconnect {{server.url}}\nsend x");
  CHECK(scripts.run() == 4);
  scripts.add("c.ws", "fail no");
  CHECK(scripts.run() == 11);
}

TEST_CASE("what does not parse is an error before anything is run") {
  Scripts scripts;
  scripts.add("a.ws", "wait 0");
  scripts.add("b.ws", "bogus");
  CHECK(scripts.run() == 2);
  CHECK(scripts.report.empty());
  CHECK(scripts.outcome.error()->message.ends_with("b.ws:1:1: unknown statement"));
}

TEST_CASE("a file that cannot be read is an error of its own") {
  Scripts scripts;
  scripts.plan.files.emplace_back("/nowhere/a.ws");
  CHECK(scripts.run() == 1);
}

TEST_CASE("a script that fails may be tried again") {
  Scripts scripts;
  scripts.plan.retry = 2;
  scripts.add("a.ws", "exec test -e \"$mark\" || { touch \"$mark\"; false; }");
  scripts.plan.variables = {{"mark", scripts.plan.files.front() + ".mark"}};
  CHECK(scripts.run() == 0);
  CHECK(scripts.reports("attempts: 2"));
}

TEST_CASE("with --bail nothing is begun after a failure") {
  Scripts scripts;
  scripts.plan.bail = true;
  scripts.add("a.ws", "fail no");
  scripts.add("b.ws", "wait 0");
  CHECK(scripts.run() == 11);
  CHECK(!scripts.reports("b.ws"));
}

TEST_CASE("a file is run as often as is wanted, in any order") {
  Scripts scripts;
  scripts.plan.repeat = 20;
  scripts.plan.jobs = 4;
  scripts.plan.shuffle = true;
  scripts.plan.seed = 7;
  scripts.add("a.ws", "connect echo:\nsend {{n}}\nexpect \"1\"");
  scripts.add("b.ws", "listen 0\nconnect {{server.url}} as c\naccept as s\ns: send x\nc: expect \"x\"");
  CHECK(scripts.run() == 0);
  CHECK(scripts.reports("1..40"));
  CHECK(scripts.reports("ok 40 - "));
}

TEST_CASE("to parse only opens nothing") {
  Scripts scripts;
  scripts.plan.dry_run = true;
  scripts.add("a.ws", "fail no");
  CHECK(scripts.run() == 0);
  CHECK(scripts.report.empty());
}

TEST_CASE("a script that is silent is over in time") {
  Scripts scripts;
  scripts.plan.timeout = std::chrono::milliseconds(100);
  scripts.add("a.ws", "listen 0\naccept within 60");
  CHECK(scripts.run() == 10);
}

TEST_CASE("secrets are in no report") {
  Scripts scripts;
  scripts.plan.secrets = {{"token", "s3cret"}};
  scripts.add("a.ws", "connect echo:\nsend {\"token\":\"{{token}}\"}\nexpect json .token == \"other\" within 0.1");
  CHECK(scripts.run() == 11);
  CHECK(scripts.reports("***"));
  CHECK(!scripts.reports("s3cret"));
}
