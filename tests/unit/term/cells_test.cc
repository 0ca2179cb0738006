#include "term/cells.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace wscope;
using term::first_cluster;
using term::width_of;

namespace {

constexpr std::string_view family = "👨\u200d👩\u200d👧";

std::vector<std::string> clusters(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const std::string_view bytes = first_cluster(text).bytes;
    all.emplace_back(bytes);
    text.remove_prefix(bytes.size());
  }
  return all;
}

std::string random_text(std::mt19937& random) {
  constexpr std::string_view parts[] = {
      "a",    "\r", "\n",     "漢", "\u0301", "\u200d", "👨",      "👍",      "🏽",   "🇨",    "🇿",    "\xff", "\xe2",
      "\x82", "❤",  "\ufe0f", "é",  "\u1100", "\u1161", "\u0600", "\u0915", "\u093f", "\x1b", "\x7f", "\x85"};
  std::string text;
  for (std::size_t left = random() % 20; left > 0; --left) text += parts[random() % std::size(parts)];
  return text;
}

}  // namespace

TEST_CASE("letters are one column wide, CJK and emoji two") {
  for (const std::string_view text : {"a", " ", "~", "é", "e\u0301", "ž", "±", "\ue000", "\ufffd", "☂", "❤", "각"}) {
    CAPTURE(text);
    CHECK(first_cluster(text).bytes == text);
    CHECK(first_cluster(text).width == (text == "각" ? 2 : 1));
    CHECK(first_cluster(text).agreed);
  }
  for (const std::string_view text : {"漢", "か", "🔔", "👍", "🏽", "⌚", "\u1100"}) {
    CAPTURE(text);
    CHECK(first_cluster(text).width == 2);
    CHECK(first_cluster(text).agreed);
  }
}

TEST_CASE("emoji sequences are one cluster of two columns, about which terminals do not agree") {
  for (const std::string_view text :
       {family, std::string_view("🇨🇿"), std::string_view("👍🏽"), std::string_view("❤\ufe0f"),
        std::string_view("1\ufe0f\u20e3"), std::string_view("\u1100\u1161")}) {
    CAPTURE(text);
    CHECK(first_cluster(text).bytes == text);
    CHECK(first_cluster(text).width == 2);
    CHECK(!first_cluster(text).agreed);
  }
}

TEST_CASE("flags are pairs") {
  CHECK(clusters("🇨🇿🇸🇰") == std::vector<std::string>{"🇨🇿", "🇸🇰"});
  CHECK(clusters("🇨🇿🇸") == std::vector<std::string>{"🇨🇿", "🇸"});
}

TEST_CASE("control characters, and marks with nothing to stand on, take no room") {
  for (const std::string_view text : {"\n", "\r", "\t", "\x1b", "\x7f", "\u0085", "\u0301", "\u200b", "\u200d"}) {
    CAPTURE(text);
    CHECK(first_cluster(text).width == 0);
    CHECK(first_cluster(text).bytes == text);
  }
  CHECK(first_cluster(std::string_view("\0a", 2)).bytes == std::string_view("\0", 1));
}

TEST_CASE("control characters and broken bytes join nothing") {
  CHECK(clusters("\r\n") == std::vector<std::string>{"\r", "\n"});
  CHECK(clusters("\n\u0301") == std::vector<std::string>{"\n", "\u0301"});
  CHECK(clusters("a\xff\u0301") == std::vector<std::string>{"a", "\xff", "\u0301"});
  CHECK(clusters("\xe2\x82") == std::vector<std::string>{"\xe2", "\x82"});
  CHECK(clusters("\xed\xa0\x80") == std::vector<std::string>{"\xed", "\xa0", "\x80"});
  CHECK(first_cluster("\xff").width == 1);
}

TEST_CASE("the boundary before each cluster is found from behind it") {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = random_text(random);
    std::size_t begin = 0;
    for (const std::string& cluster : clusters(text)) {
      const std::size_t end = begin + cluster.size();
      REQUIRE(term::previous_boundary(text, end) == begin);
      begin = end;
    }
    REQUIRE(begin == text.size());
  }
}

TEST_CASE("a boundary in a long text is found without going through all of it") {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "漢";
  std::size_t position = text.size();
  for (int i = 0; i < 100'000; ++i) position = term::previous_boundary(text, position);
  CHECK(position == std::size_t{200'000} * 3);
}

TEST_CASE("flags are pairs from behind, too") {
  const std::string flag = "🇨🇿";
  const std::string half = "🇨";
  for (const std::string& before : {std::string(), std::string("a"), std::string("\u0600"), std::string("\u200d")}) {
    for (const std::string& text : {before + flag + flag + half, before + flag + flag + flag, before + half}) {
      std::size_t end = text.size();
      std::vector<std::string> found = clusters(text);
      for (; !found.empty(); found.pop_back()) {
        CHECK(term::previous_boundary(text, end) == end - found.back().size());
        end -= found.back().size();
      }
    }
  }
  std::string many;
  for (int i = 0; i < 8'000; ++i) many += flag;
  std::size_t position = many.size();
  for (int i = 0; i < 8'000; ++i) position = term::previous_boundary(many, position);
  CHECK(position == 0);
}

TEST_CASE("the width of a text is that of its clusters, without escape sequences") {
  CHECK(width_of("") == 0);
  CHECK(width_of("a漢e\u0301\n") == 4);
  CHECK(width_of(family) == 2);
  CHECK(width_of("\x1b[1;32mok\x1b[0m> ") == 4);
  CHECK(width_of("\x1b[") == 0);
  CHECK(width_of("\x1b") == 0);
  CHECK(term::escape_sequence_size("\x1b[1;32mok") == 7);
  CHECK(term::escape_sequence_size("\x1b[1;3") == 5);
  CHECK(term::escape_sequence_size("\x1bM!") == 2);
  CHECK(term::escape_sequence_size("[m") == 0);
}
