#include "cli/run_arguments.h"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

#include "arguments.h"
#include "environment.h"

using namespace std::chrono_literals;
using namespace wscope;
using namespace wscope::test;
using script::ReportFormat;
using script::RunPlan;

namespace {

Arguments line_with(const Arguments& options) {
  Arguments arguments = {"run", "a.ws"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

RunPlan plan_of(const Arguments& options) { return parse<RunPlan>(line_with(options)); }
std::string complaint_of(const Arguments& options) { return complaint(line_with(options)); }

/// "a=1 b=2"
std::string as_text(const std::vector<script::Assignment>& assignments) {
  std::string text;
  for (const script::Assignment& one : assignments) text += (text.empty() ? "" : " ") + one.name + "=" + one.value;
  return text;
}

/// "tap, junit:FILE"
std::string as_text(const std::vector<script::ReportTarget>& reports) {
  std::string text;
  for (const script::ReportTarget& report : reports) {
    constexpr const char* names[] = {"text", "tap", "junit", "json"};
    text += (text.empty() ? "" : ", ") + std::string(names[static_cast<std::size_t>(report.format)]);
    if (!report.file.empty()) text += ":" + report.file;
  }
  return text;
}

/// A file with some content, as long as it lives.
class File {
 public:
  explicit File(std::string_view content) {
    const int fd = ::mkstemp(path_.data());
    REQUIRE(fd >= 0);
    REQUIRE(::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    ::close(fd);
  }
  ~File() { ::unlink(path_.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_ = "/tmp/wscope-run-XXXXXX";
};

}  // namespace

TEST_CASE("by default scripts are run one after the other, once, and reported as text") {
  const RunPlan plan = plan_of({});
  CHECK(plan.files == Arguments{"a.ws"});
  CHECK(plan.variables.empty());
  CHECK(plan.secrets.empty());
  CHECK(plan.within == 5s);
  CHECK(plan.timeout == 0s);
  CHECK(plan.jobs == 1);
  CHECK(plan.retry == 0);
  CHECK(plan.repeat == 1);
  CHECK(!plan.shuffle);
  CHECK(!plan.seed);
  CHECK(!plan.bail);
  CHECK(as_text(plan.reports) == "text");
  CHECK(!plan.update);
  CHECK(!plan.dry_run);
  CHECK(!plan.verbose);
}

TEST_CASE("each of these can be asked for otherwise") {
  const RunPlan plan = plan_of({"--within", "0.5", "--timeout=60", "--jobs", "4", "--retry", "2", "--repeat", "3",
                                "--shuffle", "--bail", "--update", "--dry-run", "-v"});
  CHECK(plan.within == 500ms);
  CHECK(plan.timeout == 60s);
  CHECK(plan.jobs == 4);
  CHECK(plan.retry == 2);
  CHECK(plan.repeat == 3);
  CHECK(plan.shuffle);
  CHECK(!plan.seed);
  CHECK(plan.bail);
  CHECK(plan.update);
  CHECK(plan.dry_run);
  CHECK(plan.verbose);
  CHECK(plan_of({"--retry", "0"}).retry == 0);
}

TEST_CASE("files stand anywhere, and - is stdin, once") {
  CHECK(parse<RunPlan>({"run", "-", "--bail", "b.ws", "--", "-c.ws"}).files == Arguments{"-", "b.ws", "-c.ws"});
  CHECK(parse<RunPlan>({"run", "a.ws", "--set", "a=1", "a.ws"}).files == Arguments{"a.ws", "a.ws"});
  CHECK(complaint({"run", "-", "a.ws", "-"}) == "stdin (-) can be read only once");
  CHECK(complaint({"run"}) == "FILE is required");
  CHECK(complaint({"run", "--bail"}) == "FILE is required");
  CHECK(complaint({"run", ""}) == "FILE: empty");
}

TEST_CASE("the order of scripts can be had again") {
  CHECK(plan_of({"--shuffle=0"}).seed == 0);
  CHECK(plan_of({"--shuffle=18446744073709551615"}).seed == UINT64_MAX);
  CHECK(plan_of({"--shuffle", "7"}).files == Arguments{"a.ws", "7"});
  CHECK(complaint_of({"--shuffle=x"}) == "--shuffle wants a whole number, not \"x\"");
  CHECK(complaint_of({"--shuffle=-1"}) == "--shuffle wants a whole number, not \"-1\"");
  CHECK(complaint_of({"--shuffle=18446744073709551616"}).starts_with("--shuffle wants"));
}

TEST_CASE("numbers that are none are errors") {
  CHECK(complaint_of({"--jobs", "0"}) == "--jobs wants a whole number of at least 1, not \"0\"");
  CHECK(complaint_of({"--repeat", "0"}) == "--repeat wants a whole number of at least 1, not \"0\"");
  CHECK(complaint_of({"--retry", "-1"}) == "--retry wants a whole number of at least 1, not \"-1\"");
  CHECK(complaint_of({"--within", "soon"}) == "--within wants a number of seconds, not \"soon\"");
  CHECK(complaint_of({"--timeout", "-1"}) == "--timeout wants a number of seconds, not \"-1\"");
}

TEST_CASE("variables: those of a file, then --set, then --url") {
  const File file("# first\r\nurl=ws://file/\r\n\n  # second\n  a=b=c\nempty=\nlast= x ");
  const RunPlan plan = plan_of({"--set", "a=1", "--url", "ws://h/", "--set-file", file.path(), "--set", "_b9="});
  CHECK(as_text(plan.variables) == "url=ws://file/ a=b=c empty= last= x  a=1 _b9= url=ws://h/");
}

TEST_CASE("a variable that is none is an error with its place") {
  CHECK(complaint_of({"--set", "a"}) == "--set: not NAME=VALUE");
  CHECK(complaint_of({"--set", "a-b=1"}) == "--set: no name of a variable: \"a-b\"");
  CHECK(complaint_of({"--set", "=1"}) == "--set: no name of a variable: \"\"");
  CHECK(complaint_of({"--set", "1a=1"}) == "--set: no name of a variable: \"1a\"");
  CHECK(complaint_of({"--set", "a=\xff"}) == "--set: a is not UTF-8");
  CHECK(complaint_of({"--set", ""}) == "--set: empty");
  CHECK(complaint_of({"--url", ""}) == "--url: empty");
  const File file("a=1\n\nexport b=2\n");
  CHECK(complaint_of({"--set-file", file.path()}) == file.path() + ":3: no name of a variable: \"export b\"");
  const File words("\n words\n");
  CHECK(complaint_of({"--set-file", words.path()}) == words.path() + ":2: not NAME=VALUE");
}

TEST_CASE("a file that cannot be read is no usage error") {
  for (const Arguments& options :
       {Arguments{"--set-file", "/nonexistent/a"}, Arguments{"--secret", "a=@/nonexistent/a"}}) {
    const auto command = cli::parse_command_line(line_with(options));
    REQUIRE(!command.ok());
    CHECK(command.error().kind == base::ErrorKind::io);
    CHECK(command.error().message == "/nonexistent/a: no such file or directory");
  }
}

TEST_CASE("secrets come from the command line, a file or the environment") {
  const Environment environment({Environment::Variable{"WSCOPE_TEST_KEY", "k=1"}});
  const File line("top secret\r\n");
  const File lines("a\nb\n\n");
  const RunPlan plan = plan_of({"--secret", "a=x=y", "--secret", "b=@" + line.path(), "--secret", "c=@" + lines.path(),
                                "--secret", "WSCOPE_TEST_KEY"});
  CHECK(as_text(plan.secrets) == "a=x=y b=top secret c=a\nb\n WSCOPE_TEST_KEY=k=1");
  CHECK(plan.variables.empty());
}

TEST_CASE("a secret is not empty, and nothing of it is quoted") {
  const Environment environment({Environment::Variable{"WSCOPE_TEST_EMPTY", ""}, {"WSCOPE_TEST_NONE"}});
  const File empty("\n");
  CHECK(complaint_of({"--secret", "a="}) == "--secret: a is empty");
  CHECK(complaint_of({"--secret", "a=@" + empty.path()}) == "--secret: a is empty");
  CHECK(complaint_of({"--secret", "WSCOPE_TEST_EMPTY"}) == "--secret: WSCOPE_TEST_EMPTY is empty");
  CHECK(complaint_of({"--secret", "WSCOPE_TEST_NONE"}) == "--secret: WSCOPE_TEST_NONE is not in the environment");
  CHECK(complaint_of({"--secret", "s3-cr3t"}) == "--secret: no name of a variable");
  CHECK(complaint_of({"--secret", "a=s3cr3t\xff"}) == "--secret: a is not UTF-8");
}

TEST_CASE("a secret stays one if it is set as well") {
  const RunPlan plan =
      plan_of({"--set", "a=1", "--secret", "a=2", "--secret", "url=ws://u:p@h/", "--url", "ws://h/", "--set", "b=3"});
  CHECK(as_text(plan.variables) == "b=3");
  CHECK(as_text(plan.secrets) == "a=2 url=ws://u:p@h/");
}

TEST_CASE("reports go to files, and one to stdout") {
  CHECK(as_text(plan_of({"--report", "tap"}).reports) == "tap");
  CHECK(as_text(plan_of({"--report", "junit:r.xml"}).reports) == "text, junit:r.xml");
  CHECK(as_text(plan_of({"--report=junit:a:b.xml", "--report=json", "--report=text:t"}).reports) ==
        "junit:a:b.xml, json, text:t");
}

TEST_CASE("a report that is none, or has no place, is an error") {
  CHECK(complaint_of({"--report", "html"}) == "--report wants text|tap|junit|json, not \"html\"");
  CHECK(complaint_of({"--report", ""}) == "--report wants text|tap|junit|json, not \"\"");
  CHECK(complaint_of({"--report", "junit:"}) == "--report: no file behind the colon");
  CHECK(complaint_of({"--report", "tap", "--report", "json"}) ==
        "only one --report goes to stdout; FORMAT:FILE writes one to a file");
  CHECK(complaint_of({"--report", "tap:r", "--report", "json:r"}) == "--report: two reports in r");
}

TEST_CASE("options of connections are none of a run") {
  CHECK(complaint_of({"--header", "a: b"}) == "unknown option --header");
  CHECK(complaint_of({"--bails"}) == "unknown option --bails");
  CHECK(complaint_of({"--bail=yes"}) == "--bail takes no value");
}

TEST_CASE("the help of run has its options and its files") {
  const std::string help = shown({"run", "--help"});
  CHECK(help.find("Usage: wscope run [OPTIONS] FILE...\n") != std::string::npos);
  for (const char* option : {"-h,--help", "--set NAME=VALUE", "--shuffle[=SEED]", "--report text|tap|junit|json"}) {
    CHECK_MESSAGE(help.find(std::string("  ") + option) != std::string::npos, option);
  }
  CHECK(shown({"run", "a.ws", "-h"}) == help);
}
