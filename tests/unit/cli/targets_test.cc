#include "cli/targets.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include "cli/command_line.h"

using namespace wscope;
using Words = std::vector<std::string>;

namespace {

// A file of targets, which the environment names.
class Targets {
 public:
  explicit Targets(const std::string& text, mode_t mode = 0600) {
    char name[] = "/tmp/wscope-targets-XXXXXX";
    folder_ = ::mkdtemp(name);
    std::filesystem::create_directory(folder_ + "/wscope");
    std::ofstream(path()) << text;
    ::chmod(path().c_str(), mode);
    ::setenv("XDG_CONFIG_HOME", folder_.c_str(), 1);
  }
  ~Targets() {
    ::unsetenv("XDG_CONFIG_HOME");
    std::filesystem::remove_all(folder_);
  }
  Targets(const Targets&) = delete;
  Targets& operator=(const Targets&) = delete;
  [[nodiscard]] std::string path() const { return folder_ + "/wscope/targets"; }

 private:
  std::string folder_;
};

Words expanded(const Words& arguments) {
  const auto words = cli::with_target(arguments);
  if (!words) return {"! " + words.error().message, words.error().hint};
  return *words;
}

constexpr const char* two = "# mine\n\n prod = wss://h/ -H 'A: b c' --subprotocol chat \r\nlocal.1=:8080\n";

}  // namespace

TEST_CASE("a name stands for a URL and its options, which come before the others") {
  const Targets targets(two);
  CHECK(expanded({"@prod"}) == Words{"wss://h/", "-H", "A: b c", "--subprotocol", "chat"});
  CHECK(expanded({"-v", "@local.1", "-x", "@file"}) == Words{":8080", "-v", "-x", "@file"});
  CHECK(expanded({"-c", "@local.1", "-k"}) == Words{":8080", "-k"});
  CHECK(expanded({"-x", "@prod", "ws://h/"}) == Words{"-x", "@prod", "ws://h/"});
  CHECK(expanded({"--cookie", "@jar"}) == Words{"--cookie", "@jar"});
  CHECK(expanded({"--", "@prod"}) == Words{"--", "@prod"});
}

TEST_CASE("of an option that may be given once, that of the arguments counts") {
  const Targets targets("a = ws://h/ --host x --max-size 1K -H 'A: 1' -k\n");
  CHECK(expanded({"@a", "--host=y", "-H", "B: 2", "-k"}) ==
        Words{"ws://h/", "--max-size", "1K", "-H", "A: 1", "--host=y", "-H", "B: 2", "-k"});
}

TEST_CASE("a name works wherever a URL is taken") {
  const Targets targets("a = ws://h/path\n");
  for (const Words& words : {Words{"connect", "@a"}, Words{"@a"}, Words{"-c", "@a"}}) {
    const auto command = cli::parse_command_line(words);
    REQUIRE(command);
    CHECK(std::get<session::ConnectCommand>(*command).endpoint.url.text() == "ws://h/path");
  }
  CHECK(cli::read_plan({"connect", "@a"}).ok());
}

TEST_CASE("what is wrong is told with the line") {
  const auto wrong = [](const std::string& text) {
    const Targets targets(text);
    return expanded({"@a"}).front();
  };
  CHECK(wrong("\nbogus") == "! targets:2: expected NAME = URL [OPTIONS]");
  CHECK(wrong("a b = ws://h/") == "! targets:1: a name has letters, digits, ., _ and -");
  CHECK(wrong("a = ws://h/ --count 1").starts_with("! targets:1: --count"));
  CHECK(wrong("a = ws://h/ --bogus") == "! targets:1: unknown option --bogus");
  CHECK(wrong("a = 'ws://h/").starts_with("! targets:1: "));
  CHECK(wrong("a = @b") == "! targets:1: a target stands for a URL");
  CHECK(wrong("a =") == "! targets:1: no URL");
  CHECK(wrong("a = ws://a/\na = ws://b/") == "! targets:2: there is a target a already");
  CHECK(wrong("b = ws://h/").ends_with("/wscope/targets has no target a"));
  CHECK(wrong("a = ws://h/\xff").ends_with("is not UTF-8"));
}

TEST_CASE("a file that others could have changed, or whose secrets they could read, is refused") {
  {
    const Targets writable("a = ws://h/\n", 0620);
    CHECK(expanded({"@a"}) == Words{"! " + writable.path() + ": others can write it", "chmod 600 " + writable.path()});
  }
  {
    const Targets readable("b = ws://u:p@h/\na = ws://h/\n", 0644);
    CHECK(expanded({"@a"}).front().ends_with("others can read it, and it holds a secret"));
  }
  const Targets harmless("a = ws://h/\n", 0644);
  CHECK(expanded({"@a"}) == Words{"ws://h/"});
}

TEST_CASE("there may be no file, and no place for it") {
  ::setenv("XDG_CONFIG_HOME", "/nowhere", 1);
  CHECK(expanded({"@a"}).front() == "! @a: /nowhere/wscope/targets: no such file or directory");
  CHECK(expanded({"@"}).front() == "! @ is no name of a target");
  ::unsetenv("XDG_CONFIG_HOME");
}
