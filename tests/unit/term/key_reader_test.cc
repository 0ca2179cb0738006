#include "term/key_reader.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/split.h"

using namespace wscope;
using namespace std::chrono_literals;
using term::Key;
using term::KeyReader;
using Name = term::Key::Name;

namespace {

constexpr base::TimePoint start{};

std::vector<Key> take(KeyReader& reader) {
  std::vector<Key> keys;
  while (auto key = reader.next_key()) keys.push_back(std::move(*key));
  return keys;
}

std::string tell(const Key& key) {
  std::string text;
  if (key.control) text += "C-";
  if (key.alt) text += "M-";
  constexpr const char* names[] = {"",        "invalid",   "enter", "tab",    "escape",  "backspace", "del",
                                   "insert",  "up",        "down",  "left",   "right",   "home",      "end",
                                   "page_up", "page_down", "F",     "paste ", "cursor ", "unknown"};
  text += names[static_cast<std::size_t>(key.name)];
  if (key.name == Name::invalid) text += ' ';
  text += key.text;
  if (key.name == Name::function) text += std::to_string(key.number);
  if (key.name == Name::cursor_report) text += std::to_string(key.row) + "," + std::to_string(key.column);
  return text;
}

std::string tell(const std::vector<Key>& keys) {
  std::string text;
  for (const Key& key : keys) text += (text.empty() ? "" : " | ") + tell(key);
  return text;
}

/// What `input` is, split in any way, and when nothing follows.
std::string keys_of(std::string_view input) {
  std::optional<std::string> told;
  test::for_each_split(base::as_bytes(input), [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    KeyReader reader;
    std::vector<Key> keys;
    const auto take_more = [&] {
      for (Key& key : take(reader)) keys.push_back(std::move(key));
    };
    for (const base::MutableBytes piece : pieces) {
      reader.receive(piece, start);
      take_more();
    }
    reader.advance(start + KeyReader::escape_wait);
    take_more();
    if (told) CHECK(tell(keys) == *told);
    if (!told) told = tell(keys);
  });
  return *told;
}

void receive(KeyReader& reader, std::string_view text, base::Duration after = {}) {
  reader.receive(base::as_bytes(text), start + after);
}

}  // namespace

TEST_CASE("characters come one by one") {
  CHECK(keys_of("aé漢😀 ") == "a | é | 漢 | 😀 |  ");
  CHECK(keys_of("e\u0301") == "e | \u0301");
}

TEST_CASE("bytes that are no UTF-8 come one by one") {
  CHECK(keys_of("a\xff"
                "b") == "a | invalid \xff | b");
  CHECK(keys_of("\xe6\xbc"
                "a") == "invalid \xe6 | invalid \xbc | a");
  CHECK(keys_of("\xed\xa0\x80") == "invalid \xed | invalid \xa0 | invalid \x80");
}

TEST_CASE("a character that is not all there waits for its rest, however long") {
  KeyReader reader;
  receive(reader, "\xe6");
  reader.advance(start + 1h);
  CHECK(take(reader).empty());
  receive(reader, "\xbc\xa2", 2h);
  CHECK(tell(take(reader)) == "漢");
}

TEST_CASE("control characters are letters with control") {
  CHECK(keys_of("\x01\x1a\x1c\x1d\x1e\x1f") == "C-a | C-z | C-\\ | C-] | C-^ | C-_");
  CHECK(keys_of(std::string_view("\0", 1)) == "C-@");
  CHECK(keys_of("\r\n\t\x7f\b") == "enter | C-j | tab | backspace | backspace");
}

TEST_CASE("a leading ESC is Alt") {
  CHECK(keys_of("\x1b"
                "f\x1b"
                "B\x1b.\x1bé") == "M-f | M-B | M-. | M-é");
  CHECK(keys_of("\x1b\r\x1b\x7f\x1b\x08\x1b\t\x1b\x07") == "M-enter | M-backspace | M-backspace | M-tab | C-M-g");
  CHECK(keys_of("\x1b\xff") == "escape | invalid \xff");
}

TEST_CASE("an ESC with nothing behind it is a key after a while") {
  KeyReader reader;
  CHECK(!reader.deadline());
  receive(reader, "\x1b");
  CHECK(take(reader).empty());
  CHECK(reader.deadline() == start + KeyReader::escape_wait);
  reader.advance(start + KeyReader::escape_wait - 1ms);
  CHECK(take(reader).empty());
  reader.advance(start + KeyReader::escape_wait);
  CHECK(tell(take(reader)) == "escape");
  CHECK(!reader.deadline());
}

TEST_CASE("nothing is due once all keys are taken") {
  KeyReader reader;
  receive(reader, "a\x1b[A");
  CHECK(tell(take(reader)) == "a | up");
  CHECK(!reader.deadline());
}

TEST_CASE("what comes later than that belongs to no ESC, even if nobody looked in between") {
  KeyReader reader;
  receive(reader, "\x1b");
  receive(reader, "[A", KeyReader::escape_wait);
  CHECK(tell(take(reader)) == "escape | [ | A");
}

TEST_CASE("an arrow key may come in parts within that time") {
  KeyReader reader;
  receive(reader, "\x1b");
  receive(reader, "[", 30ms);
  CHECK(take(reader).empty());
  receive(reader, "A", 60ms);
  CHECK(tell(take(reader)) == "up");
}

TEST_CASE("sequences that are cut off") {
  CHECK(keys_of("\x1b") == "escape");
  CHECK(keys_of("\x1b[") == "M-[");
  CHECK(keys_of("\x1bO") == "M-O");
  CHECK(keys_of("\x1b\x1b") == "escape | escape");
  CHECK(keys_of("\x1b[1;5") == "unknown");
  CHECK(keys_of("\x1b\xc3") == "escape");
}

TEST_CASE("arrows and other keys of xterm, screen and tmux") {
  CHECK(keys_of("\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F") == "up | down | right | left | home | end");
  CHECK(keys_of("\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF") == "up | down | right | left | home | end");
  CHECK(keys_of("\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~") == "home | insert | del | end | page_up | page_down");
  CHECK(keys_of("\x1b[1;2A\x1b[1;3B\x1b[1;5C\x1b[1;8D\x1b[3;5~") == "up | M-down | C-right | C-M-left | C-del");
  CHECK(keys_of("\x1b[Z") == "tab");
  CHECK(keys_of("\x1bOP\x1bOS\x1b[15~\x1b[17~\x1b[21~\x1b[24~\x1b[1;5P") == "F1 | F4 | F5 | F6 | F10 | F12 | C-F1");
  CHECK(keys_of("\x1bOM\x1bOj\x1bOy") == "enter | * | 9");
  CHECK(keys_of("\x1bO5A\x1bO1;5A") == "C-up | C-up");
}

TEST_CASE("keys of rxvt and the Linux console") {
  CHECK(keys_of("\x1b[7~\x1b[8~\x1b[a\x1bOa\x1b\x1b[A") == "home | end | up | C-up | M-up");
  CHECK(keys_of("\x1b[7$\x1b[7^\x1b[7@\x1b\x1b[3~") == "home | C-home | C-home | M-del");
  CHECK(keys_of("\x1b[[A\x1b[[E\x1b[11~\x1b[14~") == "F1 | F5 | F1 | F4");
}

TEST_CASE("keys that come as numbers") {
  CHECK(keys_of("\x1b[13;2u\x1b[97;5u\x1b[27;6;65~\x1b[233u\x1b[128512;3u") == "enter | C-a | C-a | é | M-😀");
  CHECK(keys_of("\x1b[55296u\x1b[0u\x1b[99999999999u") == "unknown | unknown | unknown");
}

TEST_CASE("where the cursor is") {
  CHECK(keys_of("\x1b[12;80R") == "cursor 12,80");
  CHECK(keys_of("a\x1b[1;1Rb") == "a | cursor 1,1 | b");
}

TEST_CASE("what means nothing is unknown, and what follows is not lost") {
  CHECK(keys_of("\x1b[99~a\x1b[?1;2cb\x1b[<0;1;1Mc") == "unknown | a | unknown | b | unknown | c");
  CHECK(keys_of("\x1b[1\x01\x1b[2\x1b[A") == "unknown | C-a | unknown | up");
  CHECK(keys_of("\x1b[1é") == "unknown | é");
  CHECK(keys_of("\x1b[[Za") == "unknown | Z | a");
}

TEST_CASE("an endless sequence is one that means nothing, and takes no memory") {
  CHECK(keys_of("\x1b[" + std::string(500, '1') + "Ab") == "unknown | b");
  CHECK(keys_of("\x1b[" + std::string(500, ';') + "\x01") == "unknown | C-a");
  CHECK(keys_of("\x1b[" + std::string(500, '1') + "$xb") == "unknown | b");
  KeyReader reader;
  receive(reader, "\x1b[");
  for (int i = 0; i < 1000; ++i) {
    receive(reader, std::string(1000, '1'));
    CHECK(take(reader).size() == (i == 0 ? 1 : 0));
  }
  receive(reader, "~x");
  CHECK(tell(take(reader)) == "x");
}

TEST_CASE("a paste is one key, with LF between lines") {
  CHECK(keys_of("a\x1b[200~one\rtwo\r\nthree\n\n\r\rfour\x1b[201~b") == "a | paste one\ntwo\nthree\n\n\n\nfour | b");
  CHECK(keys_of("\x1b[200~\x1b[A\x1b[20\x01\t\xff\x1b\x1b[201~") == "paste \x1b[A\x1b[20\x01\t\xff\x1b");
  CHECK(keys_of("\x1b[200~\x1b[201~") == "paste ");
  CHECK(keys_of("\x1b[200~\r\x1b[201~\n") == "paste  | C-j");
  CHECK(keys_of("\x1b[200~one\r\n\x1b[201~") == "paste one");
  CHECK(keys_of("\x1b[200~one\n\n\x1b[201~") == "paste one\n");
  CHECK(keys_of("\x1b[201~") == "unknown");
}

TEST_CASE("an unfinished paste is no key and waits for nothing") {
  KeyReader reader;
  receive(reader, "\x1b[200~half\x1b[20");
  CHECK(take(reader).empty());
  CHECK(!reader.deadline());
  reader.advance(start + 1h);
  CHECK(take(reader).empty());
  receive(reader, "1~x", 2h);
  CHECK(tell(take(reader)) == "paste half | x");
}

TEST_CASE("a large paste is all there, and the rest of one without end is dropped") {
  KeyReader reader;
  receive(reader, "\x1b[200~");
  const std::string some(1 << 20, 'x');
  for (int i = 0; i < 66; ++i) {
    receive(reader, some);
    CHECK(take(reader).empty());
  }
  receive(reader, "\x1b[201~y");
  const std::vector<Key> keys = take(reader);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].text.size() == KeyReader::longest_paste);
  CHECK(keys[1].text == "y");
}

TEST_CASE("what is quoted is taken as it is") {
  KeyReader reader;
  receive(reader, "\x16\x01\x01");
  CHECK(tell(*reader.next_key()) == "C-v");
  reader.quote_next();
  CHECK(*reader.next_key() == Key{.name = Name::character, .text = "\x01"});
  CHECK(tell(*reader.next_key()) == "C-a");
  reader.quote_next();
  receive(reader, "\x1b[A");
  CHECK(tell(take(reader)) == "\x1b | [ | A");
  reader.quote_next();
  receive(reader, "\xe6\xbc");
  CHECK(take(reader).empty());
  receive(reader, "\xa2\t");
  CHECK(tell(take(reader)) == "漢 | tab");
}

TEST_CASE("a paste after what was to be quoted is a paste") {
  KeyReader reader;
  reader.quote_next();
  receive(reader, "\x1b[200~a\nb\x1b[201~\x01");
  CHECK(tell(take(reader)) == "paste a\nb | C-a");
  reader.quote_next();
  receive(reader, "\x1b[2");
  CHECK(take(reader).empty());
  CHECK(reader.deadline());
  receive(reader, "00~/quit\x1b[201~");
  CHECK(tell(take(reader)) == "paste /quit");
}

TEST_CASE("a quoted ESC comes once no paste can begin with it") {
  KeyReader reader;
  reader.quote_next();
  receive(reader, "\x1b");
  CHECK(take(reader).empty());
  reader.advance(start + KeyReader::escape_wait);
  CHECK(*reader.next_key() == Key{.name = Name::character, .text = "\x1b"});
  reader.quote_next();
  receive(reader, "\x1b[21~", 1s);
  CHECK(tell(take(reader)) == "\x1b | [ | 2 | 1 | ~");
}

TEST_CASE("what is half there can be forgotten") {
  KeyReader reader;
  for (const char* half : {"\x1b[200~abc", "\x1b[1", "\xe6", "abc"}) {
    receive(reader, half);
    if (half != std::string_view("abc")) CHECK(take(reader).empty());
    reader.quote_next();
    reader.reset();
    CHECK(!reader.deadline());
    receive(reader, "\x01");
    CHECK(tell(take(reader)) == "C-a");
  }
}
