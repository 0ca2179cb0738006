#include "view/style.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

using namespace wscope;
using view::ColorChoice;
using view::Meaning;
using view::Style;
using view::wants_color;

namespace {

// A variable of the environment, put back at the end.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* const before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

  void set(const char* value) const {
    if (value != nullptr) {
      ::setenv(name_, value, 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

constexpr Style colored(true);

}  // namespace

TEST_CASE("a choice that was made is followed wherever it is printed") {
  const Variable no_color("NO_COLOR", "1");
  const Variable terminal("TERM", "dumb");
  CHECK(wants_color(ColorChoice::always, false));
  CHECK(wants_color(ColorChoice::always, true));
  no_color.set(nullptr);
  terminal.set("xterm");
  CHECK_FALSE(wants_color(ColorChoice::never, true));
  CHECK_FALSE(wants_color(ColorChoice::never, false));
}

TEST_CASE("without a choice only terminals get colours") {
  const Variable no_color("NO_COLOR", nullptr);
  const Variable terminal("TERM", "xterm-256color");
  CHECK(wants_color(ColorChoice::automatic, true));
  CHECK_FALSE(wants_color(ColorChoice::automatic, false));
}

TEST_CASE("NO_COLOR prevents colours unless it is empty") {
  const Variable no_color("NO_COLOR", "0");
  const Variable terminal("TERM", "vt100");
  CHECK_FALSE(wants_color(ColorChoice::automatic, true));
  no_color.set("");
  CHECK(wants_color(ColorChoice::automatic, true));
}

TEST_CASE("a terminal that is dumb or unknown gets no colours") {
  const Variable no_color("NO_COLOR", nullptr);
  const Variable terminal("TERM", "dumb");
  CHECK_FALSE(wants_color(ColorChoice::automatic, true));
  terminal.set("");
  CHECK_FALSE(wants_color(ColorChoice::automatic, true));
  terminal.set(nullptr);
  CHECK_FALSE(wants_color(ColorChoice::automatic, true));
  terminal.set("dumber");
  CHECK(wants_color(ColorChoice::automatic, true));
}

TEST_CASE("a style that is off leaves text alone") {
  CHECK_FALSE(view::no_colors.enabled());
  for (const Meaning meaning : {Meaning::received, Meaning::error, Meaning::json_key}) {
    CHECK(view::no_colors(meaning, "< hi\nyou\n") == "< hi\nyou\n");
  }
}

TEST_CASE("received messages are blue, sent ones plain, notices green, errors red") {
  CHECK(colored.enabled());
  CHECK(colored(Meaning::received, "< hi") == "\x1b[34m< hi\x1b[0m");
  CHECK(colored(Meaning::sent, "> hi") == "> hi");
  CHECK(colored(Meaning::prompt, "> ") == "> ");
  CHECK(colored(Meaning::notice, "Connected") == "\x1b[32mConnected\x1b[0m");
  CHECK(colored(Meaning::control, "ping") == "\x1b[33mping\x1b[0m");
  CHECK(colored(Meaning::error, "error: no") == "\x1b[31merror: no\x1b[0m");
}

TEST_CASE("every meaning ends what it begins") {
  for (int i = 0; i <= static_cast<int>(Meaning::json_word); ++i) {
    CAPTURE(i);
    const std::string text = colored(static_cast<Meaning>(i), "x");
    CHECK((text == "x" || (text.starts_with("\x1b[") && text.ends_with("mx\x1b[0m"))));
  }
}

TEST_CASE("no colour crosses a line feed") {
  CHECK(colored(Meaning::received, "a\n\nb\n") == "\x1b[34ma\x1b[0m\n\n\x1b[34mb\x1b[0m\n");
  CHECK(colored(Meaning::received, "\n") == "\n");
  CHECK(colored(Meaning::received, "").empty());
}

TEST_CASE("text is appended to what is there") {
  std::string out = "a ";
  colored.append(Meaning::warning, "b", out);
  view::no_colors.append(Meaning::warning, " c", out);
  CHECK(out == "a \x1b[33mb\x1b[0m c");
}
