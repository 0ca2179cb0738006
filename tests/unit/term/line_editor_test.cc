#include "term/line_editor.h"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

#include "base/bytes.h"
#include "base/utf8.h"
#include "typing.h"

using namespace wscope;
using term::Key;
using term::Keymap;
using term::LineEditor;
using test::Typist;
using Request = LineEditor::Request;

namespace {

/// Whether the cursor is between clusters, found from the beginning of the text.
bool is_place(std::string_view text, std::size_t cursor) {
  std::size_t at = 0;
  while (at < cursor) at += term::first_cluster(text.substr(at)).bytes.size();
  return at == cursor;
}

/// Keys of all kinds, most of them those that do something.
class RandomKeys {
 public:
  explicit RandomKeys(unsigned seed, bool with_invalid) : random_(seed), with_invalid_(with_invalid) {}

  Key next() {
    switch (random_() % 16) {
      case 0:
        return with_modifiers(name());
      case 1:
        return test::pasted(pick(pastes_));
      case 2:
      case 3:
        return name();
      case 4:
      case 5:
      case 6:
        return with_modifiers(character());
      default:
        return character();
    }
  }
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

 private:
  std::string_view pick(const std::vector<std::string_view>& from) { return from[random_() % from.size()]; }
  Key character() {
    Key key = test::key(random_() % 3 == 0 ? pick(odd_) : std::string_view(&ascii_[random_() % ascii_.size()], 1));
    if (with_invalid_ && random_() % 8 == 0) {
      key.name = Key::Name::invalid;
      key.text = random_() % 2 == 0 ? "\xf0" : "\x9f";
    }
    return key;
  }
  Key name() {
    const std::vector<std::string_view> names = {"Enter",  "Tab",      "Esc",     "Esc",  "BS",   "Del",
                                                 "Ins",    "Up",       "Down",    "Left", "Home", "Right",
                                                 "PageUp", "PageDown", "Unknown", "End"};
    return test::key(pick(names));
  }
  Key with_modifiers(Key key) {
    (random_() % 2 == 0 ? key.control : key.alt) = true;
    if (random_() % 16 == 0) key.control = key.alt = true;
    return key;
  }

  static constexpr std::string_view ascii_ =
      "abcdefghijklmnopqrstuvwxyzdcywbxprsuABCDEFGIPRSTUWXY0123456789.;,|%$^~_-+/?<>\\]=() ";
  const std::vector<std::string_view> odd_ = {"é", "漢", "\u0301", "😀", "\u200d", "🇨", "🇿", "\u00a0", "\n", "\x01"};
  const std::vector<std::string_view> pastes_ = {"",     "one two", "a\nb\n", "\u0301", "漢 {\"x\": [1]}",
                                                 "\n\n", "😀\u200d😀"};
  std::mt19937 random_;
  bool with_invalid_;
};

void check(const Typist& typist, bool is_text) {
  const std::string_view text = typist.editor.text();
  REQUIRE(typist.editor.cursor() <= text.size());
  REQUIRE(is_place(text, typist.editor.cursor()));
  if (is_text) REQUIRE(base::is_utf8(base::as_bytes(text)));
}

/// Types a thousand keys; now and then a line is done with.
void type_at_random(Typist& typist, unsigned seed, bool with_invalid) {
  RandomKeys keys(seed, with_invalid);
  for (int i = 0; i < 1000; ++i) {
    const Request request = typist.editor.receive(keys.next());
    check(typist, !with_invalid);
    if (request == Request::accept) {
      typist.history.add(typist.editor.text());
      typist.editor.reset();
    }
    if (request == Request::complete && keys.below(2) == 0) {
      typist.editor.replace(0, typist.editor.cursor(), "completed");
      check(typist, !with_invalid);
    }
    // Counts and yanks make it grow; the rest of the run need not be slow.
    if (typist.editor.text().size() > 20'000) typist.editor.reset();
  }
}

}  // namespace

TEST_CASE("whatever is typed, the cursor is between clusters and the text is UTF-8 if the keys were") {
  for (const Keymap keymap : {Keymap::emacs, Keymap::vi}) {
    for (unsigned seed = 0; seed < 40; ++seed) {
      CAPTURE(seed);
      Typist typist(keymap, {"one", "two\nlines", "漢字 e\u0301 \"quoted arg\""});
      type_at_random(typist, seed, seed % 4 == 3);
    }
  }
}

TEST_CASE("whatever was typed into a new line, undo leads back to nothing") {
  for (const Keymap keymap : {Keymap::emacs, Keymap::vi}) {
    for (unsigned seed = 100; seed < 140; ++seed) {
      CAPTURE(seed);
      Typist typist(keymap, {"one", "two\nlines"});
      RandomKeys keys(seed, seed % 4 == 3);
      for (int i = 0; i < 200 && typist.editor.text().size() < 20'000; ++i) {
        if (typist.editor.receive(keys.next()) == Request::accept) typist.editor.reset();
      }
      typist.editor.settle();
      // To the new line, wherever the keys led to.
      typist.editor.set_keymap(Keymap::emacs);
      typist.press("<M-gt>");
      typist.press("<M-r>");
      CHECK(typist.editor.text().empty());
      CHECK(typist.press("<C-_>") == Request::beep);
    }
  }
}

TEST_CASE("whatever was looked for, Ctrl-G puts text and cursor back") {
  for (const Keymap keymap : {Keymap::emacs, Keymap::vi}) {
    for (unsigned seed = 200; seed < 240; ++seed) {
      CAPTURE(seed);
      Typist typist(keymap, {"one", "two\nlines", "twone", "漢字 e\u0301"});
      typist.press("some one<Left><Left>");
      if (seed % 3 == 0) typist.press("<Up>x");
      const std::string before = typist.shown();
      RandomKeys keys(seed, false);
      typist.press("<C-r>");
      for (int i = 0; i < 30; ++i) {
        const std::vector<std::string_view> some = {"o", "n", "e", "t", "w", "漢", "<BS>", "<C-r>", "<C-s>"};
        typist.press(some[keys.below(static_cast<unsigned>(some.size()))]);
        check(typist, true);
      }
      typist.press("<C-g>");
      CHECK(typist.shown() == before);
    }
  }
}

TEST_CASE("the owner's edits are edits like others") {
  Typist typist;
  typist.press("/con x<Left><Left>");
  typist.editor.replace(1, 4, "connect");
  CHECK(typist.shown() == "/connect| x");
  CHECK(typist.after("<C-_>") == "/con| x");
  typist.editor.set_text("new\ntext");
  CHECK(typist.shown() == "new\ntext|");
  CHECK(typist.after("<C-_>") == "/con| x");
}

TEST_CASE("settling ends a search and stays with what it found") {
  Typist typist(Keymap::emacs, {"one", "two"});
  typist.press("<C-r>on");
  typist.editor.settle();
  CHECK(typist.shown() == "|one");
  CHECK(typist.editor.status().empty());
  typist.press("<M-5>");
  typist.editor.settle();
  CHECK(typist.after("x") == "x|one");
}

TEST_CASE("a new line begins with nothing, after the entries there are by then") {
  Typist typist(Keymap::emacs, {"one"});
  typist.press("<Up>!<Enter>");
  typist.history.add(typist.editor.text());
  typist.editor.reset();
  CHECK(typist.shown() == "|");
  CHECK(typist.after("<Up>") == "one!|");
  CHECK(typist.after("<Up>") == "one|");
}

TEST_CASE("Ctrl-O brings the entry behind the one that is accepted") {
  Typist typist(Keymap::emacs, {"one", "two", "three"});
  const auto accept = [&](std::string_view names) {
    CHECK(typist.press(names) == Request::accept);
    typist.history.add(typist.editor.text());
    typist.editor.reset();
    return typist.shown();
  };
  CHECK(accept("<Up><Up><Up><C-o>") == "two|");
  CHECK(accept("!<C-o>") == "three|");
  CHECK(accept("<C-o>") == "one|");
  CHECK(accept("<Enter>") == "|");
  CHECK(accept("new<C-o>") == "|");
}

TEST_CASE("the keymap changes at any time") {
  Typist typist;
  typist.press("abc<M-3>");
  typist.editor.set_keymap(Keymap::vi);
  CHECK(typist.after("x<Esc>h") == "ab|cx");
  typist.editor.set_keymap(Keymap::emacs);
  CHECK(typist.after("<C-a>d") == "d|abcx");
}

TEST_CASE("answers of the terminal are no keys") {
  Typist typist;
  Key report;
  report.name = Key::Name::cursor_report;
  typist.press("<M-3>");
  CHECK(typist.editor.receive(report) == Request::none);
  CHECK(typist.after("x") == "xxx|");
}

TEST_CASE("a large text is edited as quickly as a small one, or nearly") {
  std::string large;
  while (large.size() < (1U << 20U)) large += "line of some words é漢\n";
  for (const Keymap keymap : {Keymap::emacs, Keymap::vi}) {
    Typist typist(keymap);
    (void)typist.editor.receive(test::pasted(large));
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 500; ++i) typist.press("<Up><Left>x<BS>é");
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
    CHECK(typist.editor.text().size() == large.size() + 1000);
  }
}
