#include "streams/console.h"

#include <string>

#include <sys/ioctl.h>

#include "console_on_terminal.h"

using namespace wscope;
using test::ConsoleOnTerminal;
using Rows = std::vector<std::string>;

TEST_CASE("what is typed is shown behind the prompt, and handed over with Enter") {
  ConsoleOnTerminal console;
  CHECK(console.shows({">"}));
  console.type("one");
  CHECK(console.shows({"> one"}));
  CHECK(console.lines.empty());
  console.type("\rtwo\r");
  CHECK(console.shows({"> one", "> two", ">"}));
  CHECK(console.lines == Rows{"one", "two"});
  REQUIRE(console.history.size() == 2);
  CHECK(console.history[1] == "two");
  console.type("\x1b[A\x1b[A");
  CHECK(console.shows({"> one", "> two", "> one"}));
}

TEST_CASE("what is printed stands above the input, which stays as it is") {
  ConsoleOnTerminal console;
  console.type("typed\x1b[D\x1b[D");
  CHECK(console.shows({"> typed"}));
  console->print("first\n");
  console->print("second\n");
  CHECK(console.shows({"first", "second", "> typed"}));
  CHECK(console.screen.column() == 5);
  console->set_prompt("[2] > ");
  CHECK(console.shows({"first", "second", "[2] > typed"}));
}

TEST_CASE("thousand messages of one turn are one update") {
  ConsoleOnTerminal console;
  CHECK(console.shows({">"}));
  console.written.clear();
  for (int i = 0; i < 1000; ++i) console->print("x\n");
  CHECK(console.turn_until([&] { return console.screen.all().size() == 1001; }));
  std::size_t updates = 0;
  for (std::size_t at = 0; (at = console.written.find("\x1b[?2026h", at)) != std::string::npos; ++at) ++updates;
  CHECK(updates == 1);
}

TEST_CASE("Tab completes the only word, with a blank behind it") {
  ConsoleOnTerminal console;
  std::string asked;
  console.completes = [&](std::string_view text) {
    asked = text;
    return term::Completions{5, {"alpha"}};
  };
  console.type("/say a\t!");
  CHECK(console.shows({"> /say alpha !"}));
  CHECK(asked == "/say a");
}

TEST_CASE("Tab completes what words have in common, and then lists them until the next key") {
  ConsoleOnTerminal console;
  console.completes = [&](std::string_view) { return term::Completions{0, {"beta", "bets"}}; };
  console.type("b\t");
  CHECK(console.shows({"> bet"}));
  console.type("\t");
  CHECK(console.shows({"> bet", "beta  bets"}));
  console.type("a");
  CHECK(console.shows({"> beta"}));
}

TEST_CASE("Tab that completes nothing beeps") {
  ConsoleOnTerminal console;
  console.type("x\t");
  CHECK(console.turn_until([&] { return console.screen.beeps() == 1; }));
  CHECK(console.shows({"> x"}));
}

TEST_CASE("an interruption leaves the line where it is, and tells whether there was one") {
  ConsoleOnTerminal console;
  console.type("typed");
  CHECK(console.shows({"> typed"}));
  CHECK(console->interrupt());
  CHECK(console.shows({"> typed^C", ">"}));
  CHECK_FALSE(console->interrupt());
  CHECK(console.shows({"> typed^C", "> ^C", ">"}));
  CHECK(console.lines.empty());
  CHECK(console.history.size() == 0);
}

TEST_CASE("an interruption costs no keys that were typed behind it") {
  ConsoleOnTerminal console;
  CHECK(console.shows({">"}));
  console.before_keys = [&] { CHECK_FALSE(console->interrupt()); };
  console.type("typed");
  CHECK(console.shows({"> ^C", "> typed"}));
}

TEST_CASE("Ctrl-D ends, but not while something is typed") {
  ConsoleOnTerminal console;
  console.type("ab\x01\x04");
  CHECK(console.shows({"> b"}));
  CHECK(console.ends == 0);
  console.type("\x04");
  CHECK(console.shows({">"}));
  console.type("\x01\x04");
  CHECK(console.turn_until([&] { return console.ends == 1; }));
}

TEST_CASE("a terminal that is gone ends") {
  ConsoleOnTerminal console;
  CHECK(console.shows({">"}));
  console.hang_up();
  CHECK(test::run_until(console.poller, [&] { return console.ends > 0; }));
}

TEST_CASE("what is typed can be put there, and edited elsewhere") {
  ConsoleOnTerminal console;
  console->set_text("one\ntwo");
  CHECK(console.shows({"> one", "two"}));
  console.type("\x18\x05");
  CHECK(console.turn_until([&] { return !console.edited.empty(); }));
  CHECK(console.edited == Rows{"one\ntwo"});
}

TEST_CASE("the screen is cleared but for the input") {
  ConsoleOnTerminal console;
  console->print("message\n");
  console.type("x");
  CHECK(console.shows({"message", "> x"}));
  console.type("\x0c");
  CHECK(console.turn_until([&] { return console.screen.row() == 0; }));
}

TEST_CASE("a terminal that does not keep up makes the console full, and then there is room again") {
  ConsoleOnTerminal console;
  CHECK(console.shows({">"}));
  CHECK_FALSE(console->full());
  const std::string line = std::string(79, 'x') + "\n";
  for (int i = 0; i < 4000; ++i) console->print(line);
  console->flush();
  CHECK(console->full());
  CHECK(test::run_until(console.poller, [&] {
    console->flush();
    console.look();  // so that it takes more
    return !console->full();
  }));
  CHECK(console.turn_until([&] { return console.screen.all().size() == 4001; }));
}

TEST_CASE("while the terminal is lent nothing is shown or read") {
  ConsoleOnTerminal console;
  console.type("typed");
  CHECK(console.shows({"> typed"}));
  console->lend();
  CHECK((console.terminal().modes().c_lflag & ICANON) != 0);
  console->print("meanwhile\n");
  CHECK_FALSE(console->full());  // the connections go on
  console->flush();
  console.look();
  CHECK(console.screen.all() == Rows{});
  for (int i = 0; i < 20'000; ++i) console->print(std::string(79, 'x') + "\n");
  CHECK(console->full());  // but not for ever
  console->take_back();
  CHECK((console.terminal().modes().c_lflag & ICANON) == 0);
  CHECK(console.turn_until([&] { return !console->full() && console.screen.all().back() == "> typed"; }));
}

TEST_CASE("who leaves keeps what was typed, and gives the terminal back") {
  ConsoleOnTerminal console;
  const termios raw = console.terminal().modes();
  console.type("not entered");
  CHECK(console.shows({"> not entered"}));
  console->print("last words\n");
  console->leave();
  console.look();
  CHECK(console.screen.all() == Rows{"last words", "> not entered"});
  CHECK(console.screen.column() == 0);
  REQUIRE(console.history.size() == 1);
  CHECK(console.history[0] == "not entered");
  CHECK((raw.c_lflag & ECHO) == 0);
  CHECK((console.terminal().modes().c_lflag & ECHO) != 0);
}

TEST_CASE("another size is painted for once it stays") {
  ConsoleOnTerminal console;
  console.type(std::string(30, 'x'));
  CHECK(console.shows({"> " + std::string(30, 'x')}));
  winsize size{24, 20, 0, 0};
  REQUIRE(::ioctl(console.terminal().end(), TIOCSWINSZ, &size) == 0);
  console.screen.resize(24, 20);
  console->resize();
  console->print("message\n");
  CHECK(console.shows({"message", "> " + std::string(18, 'x'), std::string(12, 'x')}));
  CHECK(console->size().columns == 20);
}
