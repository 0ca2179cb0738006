#include "counter.h"

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include <unistd.h>

#include "support.h"

namespace wscope::bench {
namespace {

constexpr int tries = 100;
constexpr useconds_t pause = 100'000;

// callgrind: "summary: 123456".
std::optional<double> instructions_in(std::istream& report) {
  for (std::string line; std::getline(report, line);) {
    if (line.starts_with("summary: ")) return std::atof(line.c_str() + std::string("summary: ").size());
  }
  return {};
}

// strace: "100.00    0.001234           3       411        12 total", where the errors may be missing.
std::optional<double> system_calls_in(std::istream& report) {
  for (std::string line; std::getline(report, line);) {
    if (!line.ends_with(" total")) continue;
    std::istringstream words(line);
    std::string percentage;
    std::string seconds;
    std::string microseconds;
    double calls = 0;
    if (words >> percentage >> seconds >> microseconds >> calls) return calls;
  }
  return {};
}

}  // namespace

const char* tool_for(Counted what) { return what == Counted::instructions ? "valgrind" : "strace"; }

bool is_installed(const char* tool) {
  std::istringstream folders(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((folder + "/" + tool).c_str(), X_OK) == 0) return true;
  }
  return false;
}

Counter::Counter(Counted what) : what_(what) {
  const char* folder = std::getenv("TMPDIR");
  report_ = std::string(folder != nullptr ? folder : "/tmp") + "/wscope_bench.XXXXXX";
  const int fd = mkstemp(report_.data());
  if (fd < 0) die("mkstemp");
  close(fd);
  if (what == Counted::instructions) {
    prefix_ = {tool_for(what), "--tool=callgrind", "--log-file=/dev/null", "--callgrind-out-file=" + report_};
  } else {
    // -D: strace is a grandchild, so that the process that was started is the program.
    prefix_ = {tool_for(what), "-D", "-f", "-c", "-o", report_};
  }
}

Counter::~Counter() { unlink(report_.c_str()); }

double Counter::count() const {
  for (int i = 0; i < tries; ++i) {
    std::ifstream report(report_);
    const auto counted = what_ == Counted::instructions ? instructions_in(report) : system_calls_in(report);
    if (counted) return *counted;
    usleep(pause);
  }
  fail(std::string(tool_for(what_)) + " wrote no report");
}

}  // namespace wscope::bench
