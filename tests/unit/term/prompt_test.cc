#include "term/prompt.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "prompt_session.h"
#include "support/screen.h"

using namespace wscope;
using namespace std::chrono_literals;
using term::Prompt;
using test::boundaries;
using test::check;
using test::edit;
using test::Rows;
using test::Screen;
using test::Session;
using test::wrap;

TEST_CASE("nothing is shown at first, and lines are printed") {
  Session session(5, 20);
  CHECK(session.prompt.next_update().empty());
  session.print("one\ntwo\n");
  CHECK(session.screen.all() == Rows{"one", "two"});
  CHECK(session.screen.column() == 0);
}

TEST_CASE("lines go above the input in one synchronised update") {
  Session session(5, 20);
  session.show("abc", 1);
  session.prompt.print("one\n");
  session.prompt.print("two\n");
  session.prompt.show({"> ", "abcd", 1});
  const std::string out = session.flush();
  CHECK(out.starts_with("\x1b[?2026h"));
  CHECK(out.find("\x1b[?2026l") == out.size() - 8);
  CHECK(session.screen.all() == Rows{"one", "two", "> abcd"});
  CHECK(session.screen.column() == 3);
  CHECK(session.flush().empty());
}

TEST_CASE("messages while a long line is typed, and an insertion") {
  Session session(10, 30);
  std::string text;
  Rows printed;
  for (int i = 0; i < 80; ++i) {
    text += static_cast<char>('a' + i % 26);
    session.show(text);
    if (i % 4 != 0) continue;
    printed.push_back("message " + std::to_string(i));
    session.print(printed.back() + "\n");
  }
  check(session.screen, printed, text, text.size(), 30, 9);
  text.insert(10, "X");
  session.show(text, 11);
  check(session.screen, printed, text, 11, 30, 9);
}

TEST_CASE("an input that just fits, and one more or less, and wide characters at the margin") {
  for (const std::string_view last : {"", "a", "ab", "abc", "漢", "a漢", "ab漢"}) {
    Session session(6, 10);
    const std::string text = "123456" + std::string(last);
    for (const std::size_t end : boundaries(text)) session.show(std::string_view(text).substr(0, end));
    for (const std::size_t cursor : boundaries(text)) {
      session.show(text, cursor);
      check(session.screen, {}, text, cursor, 10, 5);
    }
    session.print("message\n");
    check(session.screen, {"message"}, text, text.size(), 10, 5);
  }
}

TEST_CASE("on the first row of the screen nothing gets into the scrollback twice") {
  for (const std::string_view text : {"abc", "abcabcabcabcabcabcabcabc"}) {
    Session session(4, 10);
    session.show(text);
    session.show(text, 0);
    session.print("1\n");
    session.show("x");
    session.print("2\n3\n4\n5\n");
    check(session.screen, {"1", "2", "3", "4", "5"}, "x", 1, 10, 3);
  }
}

TEST_CASE("lines of several rows, and without text") {
  Session session(4, 10);
  session.show("abc");
  session.print("0123456789\n\n012345678901234567890\n\x1b[31mred\x1b[0m\n");
  check(session.screen, {"0123456789", "", "0123456789", "0123456789", "0", "red"}, "abc", 3, 10, 3);
}

TEST_CASE("random editing and printing on screens of all sizes") {
  constexpr term::ScreenSize sizes[] = {{2, 3}, {3, 2}, {3, 7}, {5, 10}, {24, 80}, {50, 200}, {4, 33}, {2, 80}};
  for (const term::ScreenSize size : sizes) {
    std::mt19937 random(size.rows * 1000 + size.columns);
    Session session(size.rows, size.columns);
    std::string text;
    std::size_t cursor = 0;
    Rows printed;
    for (int step = 0; step < 1500; ++step) {
      edit(random, text, cursor);
      if (step % 100 == 99) {
        text.clear();
        cursor = 0;
      }
      session.prompt.show({"> ", text, cursor});
      if (random() % 4 == 0) {
        const std::string line = "message " + std::to_string(step) + std::string(random() % 30, 'm');
        const Rows rows = wrap(line, size.columns);
        for (const std::string& row : rows) {
          if (!row.empty()) printed.push_back(row);
        }
        session.prompt.print(line + "\n");
      }
      session.flush();
      check(session.screen, printed, text, cursor, size.columns, std::max(size.rows - 1, 1U));
    }
  }
}

TEST_CASE("what terminals disagree about leaves the rest in its place") {
  Session session(5, 12);
  session.show("a👍🏽b");
  CHECK(session.screen.all() == Rows{"> a👍b"});
  CHECK(session.screen.column() == 6);
  session.show("aaaaaaaa👍🏽");
  CHECK(session.screen.row() == 1);
  CHECK(session.screen.column() == 0);
  session.show("aaaaaaaaa👍🏽b");
  CHECK(session.screen.row() == 1);
  CHECK(session.screen.column() == 3);
}

TEST_CASE("lines below take what room there is") {
  Session session(5, 10);
  session.print("1\n2\n3\n4\n");
  session.show("abc", 3, "one\ntwo\nthree\nfour\n");
  CHECK(session.screen.all() == Rows{"1", "2", "3", "4", "> abc", "one", "two", "three"});
  CHECK(session.screen.cursor_line() == 4);
  CHECK(session.screen.column() == 5);
  session.show("abcd");
  CHECK(session.screen.all() == Rows{"1", "2", "3", "4", "> abcd"});
  session.show("0123456789012345678901234567890123456789", 40, "one\n");
  CHECK(session.screen.all().back() == "89");
}

TEST_CASE("the input is left where it is, or hidden, or on a clear screen") {
  Session session(6, 10);
  session.show("abcdefghijkl", 3);
  session.prompt.leave("^C");
  session.show("x");
  CHECK(session.screen.all() == Rows{"> abcdefgh", "ijkl^C", "> x"});
  session.prompt.hide();
  session.print("other\n");
  CHECK(session.screen.all() == Rows{"> abcdefgh", "ijkl^C", "other"});
  session.show("12345678");
  session.prompt.leave();
  session.prompt.leave();
  session.show("y");
  CHECK(session.screen.all() == Rows{"> abcdefgh", "ijkl^C", "other", "> 12345678", "> y"});
  session.prompt.clear_screen();
  session.flush();
  CHECK(session.screen.row() == 0);
  CHECK(session.screen.column() == 3);
  session.prompt.beep();
  session.flush();
  CHECK(session.screen.beeps() == 1);
}

TEST_CASE("a coloured prompt takes the room of its text, and a changed one is painted anew") {
  Session session(5, 10);
  session.prompt.show({"\x1b[1;32mok>\x1b[0m ", "abcdefg", 7});
  session.flush();
  CHECK(session.screen.all() == Rows{"ok> abcdef", "g"});
  session.prompt.show({"no> ", "abc", 0});
  CHECK(session.flush().find("\x1b[1") == std::string::npos);
  CHECK(session.screen.all() == Rows{"no> abc"});
  CHECK(session.screen.column() == 4);
}

TEST_CASE("a resize is waited for, and messages are held meanwhile") {
  Session session(5, 20);
  session.show("abc");
  session.screen.resize(5, 30);
  session.prompt.resize({5, 30}, session.now);
  session.prompt.print("message\n");
  CHECK(session.prompt.holds());
  CHECK(session.flush().empty());
  session.prompt.advance(session.now + 299ms);
  CHECK(session.prompt.holds());
  session.prompt.resize({5, 30}, session.now + 200ms);
  session.prompt.advance(session.now + 499ms);
  CHECK(session.prompt.holds());
  CHECK(session.prompt.deadline() == session.now + 500ms);
  session.prompt.advance(session.now + 500ms);
  CHECK(!session.prompt.holds());
  CHECK(!session.prompt.deadline());
  session.flush();
  CHECK(session.screen.all() == Rows{"message", "> abc"});
}

TEST_CASE("after resizes the input is whole and nothing else is touched") {
  for (const Screen::Ways ways : {Screen::Ways{true, true}, Screen::Ways{true, false}, Screen::Ways{false, true}}) {
    CAPTURE(ways.reflows);
    CAPTURE(ways.waits_at_margin);
    for (const std::size_t cursor : {90U, 0U, 47U}) {
      const std::string text(90, 'x');
      Session session(24, 60, ways);
      Rows printed = {"m1", "m2"};
      session.print("m1\nm2\n");
      session.show(text, cursor);
      for (const unsigned columns : {40U, 33U, 80U, 23U, 46U, 92U, 93U, 60U}) {
        CAPTURE(columns);
        session.resize(24, columns);
        session.print("m3\n");
        printed.emplace_back("m3");
        check(session.screen, printed, text, cursor, columns, 23);
      }
    }
  }
}

TEST_CASE("random editing, printing and resizing") {
  for (const Screen::Ways ways : {Screen::Ways{true, true}, Screen::Ways{true, false}, Screen::Ways{false, true}}) {
    CAPTURE(ways.reflows);
    CAPTURE(ways.waits_at_margin);
    for (unsigned seed = 0; seed < 40; ++seed) {
      CAPTURE(seed);
      std::mt19937 random(seed);
      unsigned columns = 40;
      Session session(40, columns, ways);
      std::string text;
      std::size_t cursor = 0;
      Rows printed;
      session.resize(40, 41);  // which kind of terminal it is shows with an input of several rows
      session.show(std::string(50, 'x'));
      session.resize(40, columns);
      for (int step = 0; step < 150; ++step) {
        edit(random, text, cursor);
        if (text.size() > 200) {
          text.clear();
          cursor = 0;
        }
        session.prompt.show({"> ", text, cursor});
        if (random() % 8 == 0) {
          printed.push_back("m" + std::to_string(step));
          session.prompt.print(printed.back() + "\n");
        }
        session.flush();
        if (random() % 8 == 0) {
          columns = 12 + static_cast<unsigned>(random() % 60);
          session.resize(40, columns);
        }
        check(session.screen, printed, text, cursor, columns, 39);
      }
    }
  }
}

TEST_CASE("rows of a screen come and go, and every message stays") {
  for (const bool reflows : {true, false}) {
    std::mt19937 random(7);
    Session session(20, 30, {reflows, true});
    std::string text;
    std::size_t cursor = 0;
    Rows printed;
    for (int step = 0; step < 2000; ++step) {
      edit(random, text, cursor);
      if (text.size() > 300) {
        text.clear();
        cursor = 0;
      }
      session.prompt.show({"> ", text, cursor});
      if (random() % 3 == 0) {
        printed.push_back("m" + std::to_string(step));
        session.prompt.print(printed.back() + "\n");
      }
      session.flush();
      if (random() % 10 == 0) session.resize(3 + static_cast<unsigned>(random() % 30), 30);
      Rows seen;
      for (const std::string& row : session.screen.all()) {
        if (row.starts_with('m')) seen.push_back(row);
      }
      REQUIRE(seen == printed);
    }
  }
}

TEST_CASE("in tmux the input is found again on a full screen, wherever the cursor is said to be") {
  for (const bool loses_cursor : {false, true}) {
    CAPTURE(loses_cursor);
    for (unsigned seed = 0; seed < 40; ++seed) {
      CAPTURE(seed);
      std::mt19937 random(seed);
      unsigned columns = 40;
      unsigned rows = 20;
      Session session(rows, columns, {.is_tmux = true, .loses_cursor = loses_cursor}, Prompt::Abilities::tmux);
      Rows printed;
      std::string text;
      std::size_t cursor = 0;
      for (int i = 0; i < 100; ++i) {
        printed.push_back("m漢" + std::to_string(i));
        session.print(printed.back() + "\n");
      }
      for (int step = 0; step < 150; ++step) {
        edit(random, text, cursor, false);
        if (text.size() > 120) {
          text.clear();
          cursor = 0;
        }
        session.show(text, cursor);
        if (random() % 8 == 0) {
          printed.push_back("m" + std::to_string(step));
          session.print(printed.back() + "\n");
        }
        if (random() % 4 == 0) {
          columns = 20 + static_cast<unsigned>(random() % 60);
          rows = 12 + static_cast<unsigned>(random() % 20);
          session.resize(rows, columns);
        }
        check(session.screen, printed, text, cursor, columns, rows - 1);
      }
    }
  }
}

TEST_CASE("in tmux a cursor that cannot be where it is said to be costs no message") {
  Session session(10, 40, {.is_tmux = true}, Prompt::Abilities::tmux);
  session.print("m1\nm2\n");
  const std::string text(50, 'x');
  session.show(text);
  session.screen.resize(10, 30);
  session.prompt.resize({10, 30}, session.now);
  session.prompt.advance(session.now + Prompt::resize_wait);
  session.flush();
  CHECK(session.screen.take_question());
  session.prompt.cursor_report(1, 1);
  session.flush();
  const Rows seen = session.screen.all();
  CHECK(Rows(seen.begin(), seen.begin() + 2) == Rows{"m1", "m2"});
  CHECK(Rows(seen.end() - 2, seen.end()) == Rows{"> " + text.substr(0, 28), text.substr(28)});
}

TEST_CASE("a terminal that does not tell where its cursor is reflows, as far as one knows") {
  Session session(10, 20);
  session.print("m1\n");
  session.show("01234567890123456789");
  session.screen.resize(10, 12);
  session.prompt.resize({10, 12}, session.now);
  session.settle(false);
  check(session.screen, {"m1"}, "01234567890123456789", 20, 12, 9);
}

TEST_CASE("a report nobody asked for means nothing") {
  Session session(10, 20);
  session.show("abc");
  session.prompt.cursor_report(1, 1);
  CHECK(session.flush().empty());
}

TEST_CASE("the input can be left while a resize is waited for") {
  Session session(10, 20);
  session.show("01234567890123456789");
  session.screen.resize(10, 12);
  session.prompt.resize({10, 12}, session.now);
  session.prompt.leave("^C");
  CHECK(!session.prompt.holds());
  session.show("");
  CHECK(session.screen.all() == Rows{"> 0123456789", "0123456789^C", ">"});
}

TEST_CASE("an input that is hidden while a resize is waited for leaves nothing, and what was printed is there") {
  Session session(10, 20);
  session.show("01234567890123456789");
  session.screen.resize(10, 12);
  session.prompt.resize({10, 12}, session.now);
  session.print("the last one\n");
  session.prompt.hide();
  session.flush();
  CHECK(!session.prompt.holds());
  CHECK(session.screen.all() == Rows{"the last one"});
}

TEST_CASE("a dumb terminal gets no escape sequences") {
  Screen screen(5, 20);
  Prompt prompt({5, 20}, Prompt::Abilities::dumb);
  const auto flush = [&] {
    const std::string out = prompt.next_update();
    CHECK(out.find('\x1b') == std::string::npos);
    screen.write(out);
  };
  prompt.show({"\x1b[1m> \x1b[0m", "0123456789abcdefghijklmnopqrstuvwxyz", 36, "below\n"});
  flush();
  prompt.print("\x1b[31mmessage\x1b[0m\n");
  prompt.show({"> ", "abc", 1});
  flush();
  CHECK(screen.all() == Rows{"message", "> abc"});
  CHECK(screen.column() == 3);
  prompt.resize({5, 10}, {});
  prompt.advance(base::TimePoint{} + 300ms);
  CHECK(!prompt.holds());
  flush();
  prompt.clear_screen();
  prompt.leave("^C");
  flush();
  CHECK(screen.all() == Rows{"message", "> abc^C"});
  prompt.show({"> ", "x", 1});
  flush();
  prompt.hide();
  flush();
  CHECK(screen.all() == Rows{"message", "> abc^C"});
}

TEST_CASE("keys in a long text cost little") {
  Session session(24, 80);
  std::string text(1 << 20, 'x');
  session.show(text);
  for (int i = 0; i < 300; ++i) {
    text += 'y';
    session.prompt.show({"> ", text, text.size()});
    CHECK(session.flush().size() < 24 * 80);
  }
}
