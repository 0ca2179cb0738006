#include "repl/foreground_program.h"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "unit/cli/environment.h"

using namespace wscope;
using repl::ForegroundProgram;
using test::Environment;

namespace {

/// Shell text that is run with the file's path behind it.
std::string doing(const std::string& what) { return "f() { " + what + "; }; f"; }

/// Waits for the program, as one that gets SIGCHLD does.
bool end_of(ForegroundProgram& foreground) {
  siginfo_t ended{};
  REQUIRE(::waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT) == 0);
  const auto end = foreground.take_end();
  REQUIRE(end.has_value());
  return *end;
}

}  // namespace

TEST_CASE("a program has the content in a file, and what it makes of it can be read") {
  ForegroundProgram foreground(STDOUT_FILENO);
  CHECK_FALSE(foreground.running());
  CHECK_FALSE(foreground.take_end().has_value());
  REQUIRE(foreground.start(doing(R"(read line <"$1"; echo "<$line>" >"$1")"), "hello world\n").ok());
  CHECK(foreground.running());
  CHECK(end_of(foreground));
  CHECK_FALSE(foreground.running());
  CHECK(foreground.content().value() == "<hello world>\n");
}

TEST_CASE("a program that fails has not ended well") {
  ForegroundProgram foreground(STDOUT_FILENO);
  for (const char* command : {"false", "/nowhere/editor", "kill -9 $$; :"}) {
    REQUIRE(foreground.start(std::string(command) + " 2>/dev/null", "x").ok());
    CHECK_FALSE(end_of(foreground));
  }
  REQUIRE(foreground.start("true", "x").ok());
  CHECK(end_of(foreground));
}

TEST_CASE("a program that somebody else has waited for has ended, nobody knows how") {
  ForegroundProgram foreground(STDOUT_FILENO);
  REQUIRE(foreground.start("true", "x").ok());
  int status = 0;
  REQUIRE(::wait(&status) > 0);
  CHECK(foreground.take_end() == false);
  CHECK_FALSE(foreground.running());
}

TEST_CASE("a program hears of signals") {
  ForegroundProgram foreground(STDOUT_FILENO);
  foreground.signal(SIGTERM);  // for nobody
  const test::Folder folder;
  const std::string program = folder.file("program", "#!/bin/sh\ntrap 'exit 0' TERM\necho >" + folder.path_of("ready") +
                                                         "\nwhile :; do sleep 0.01; done\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  REQUIRE(foreground.start(program + " -x", "").ok());
  while (::access(folder.path_of("ready").c_str(), F_OK) != 0) ::usleep(1000);
  foreground.signal(SIGTERM);
  CHECK(end_of(foreground));
}

TEST_CASE("nobody else may read the file, which is gone afterwards, also from a folder with blanks") {
  const test::Folder outer;
  const std::string folder = outer.path_of("a folder");
  REQUIRE(std::filesystem::create_directory(folder));
  const Environment environment({Environment::Variable{"TMPDIR", folder}});
  {
    ForegroundProgram foreground(STDOUT_FILENO);
    REQUIRE(foreground.start(doing(R"(ls -l "$1" | cut -c1-10 >"$1.mode"; printf %s "$1" >"$1")"), "").ok());
    CHECK(end_of(foreground));
    const std::string path = foreground.content().value();
    CHECK(path.starts_with(folder + "/wscope-"));
    CHECK(outer.content_of(path.substr(outer.path().size() + 1) + ".mode") == "-rw-------\n");
    foreground.remove_file();
    CHECK(::access(path.c_str(), F_OK) != 0);
    REQUIRE(foreground.start("true", "").ok());
    CHECK(end_of(foreground));
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);  // the mode
}

TEST_CASE("a folder that is not there is an error") {
  const Environment environment({Environment::Variable{"TMPDIR", "/nowhere/at/all"}});
  ForegroundProgram foreground(STDOUT_FILENO);
  const auto started = foreground.start("true", "x");
  REQUIRE(!started.ok());
  CHECK(started.error().kind == base::ErrorKind::io);
  CHECK_FALSE(foreground.running());
}

TEST_CASE("the person's own pager and editor are preferred") {
  {
    const Environment environment({{"PAGER", "my pager -x"}, {"VISUAL", "visual"}, {"EDITOR", "editor"}});
    CHECK(repl::pager_command() == "my pager -x");
    CHECK(repl::editor_command() == "visual");
  }
  {
    const Environment environment({{"PAGER", ""}, {"VISUAL", ""}, {"EDITOR", "editor"}});
    CHECK(repl::pager_command().find("less") != std::string::npos);
    CHECK(repl::editor_command() == "editor");
  }
  const Environment environment({{"PAGER"}, {"VISUAL"}, {"EDITOR"}});
  CHECK(repl::pager_command().find("exec more") != std::string::npos);
  CHECK(repl::editor_command() == "vi");
}
