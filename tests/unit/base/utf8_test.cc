#include "base/utf8.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "support/split.h"

using namespace wscope::base;
using wscope::test::for_each_split;
using wscope::test::Pieces;
using wscope::test::with_split;

namespace {

constexpr std::size_t nowhere = std::string_view::npos;

/// What a validator should say about a text.
struct Verdict {
  std::size_t impossible_at = nowhere;
  unsigned pending = 0;
};

/// Whether `known` of the `length` bytes of a code point, whose value so far is `bits`, can be completed: by arithmetic
/// on code points, so that it shares nothing with the validator's table.
bool can_be_completed(std::uint32_t bits, unsigned known, unsigned length) {
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  constexpr std::uint32_t most[] = {0, 0x7f, 0x7ff, 0xffff, 0x10ffff};
  const unsigned missing_bits = 6 * (length - known);
  const std::uint32_t low = bits << missing_bits;
  const std::uint32_t high = low | ((1U << missing_bits) - 1);
  const bool only_surrogates = low >= 0xd800 && high <= 0xdfff;
  return high >= least[length] && low <= most[length] && !only_surrogates;
}

Verdict reference(std::string_view text) {
  std::uint32_t bits = 0;
  unsigned known = 0;
  unsigned length = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool continuation = (byte & 0xc0) == 0x80;
    if (continuation != (known > 0)) return {at, 0};
    if (continuation) {
      bits = bits << 6 | (byte & 0x3f);
    } else {
      length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      if (byte >= 0xf8) return {at, 0};
      bits = length == 1 ? byte : byte & (0xffU >> (length + 1));
    }
    ++known;
    if (!can_be_completed(bits, known, length)) return {at, 0};
    if (known == length) known = 0;
  }
  return {nowhere, known};
}

std::string encode(std::uint32_t code_point) {
  const auto tail = [&](unsigned shift) { return static_cast<char>(0x80 | (code_point >> shift & 0x3f)); };
  const auto lead = [&](unsigned mark, unsigned shift) { return static_cast<char>(mark | code_point >> shift); };
  if (code_point < 0x80) return {lead(0, 0)};
  if (code_point < 0x800) return {lead(0xc0, 6), tail(0)};
  if (code_point < 0x10000) return {lead(0xe0, 12), tail(6), tail(0)};
  return {lead(0xf0, 18), tail(12), tail(6), tail(0)};
}

constexpr bool is_surrogate(std::uint32_t code_point) { return code_point >= 0xd800 && code_point <= 0xdfff; }

/// Feeds `pieces` until one is refused: that must be the one with the impossible byte.
void check_pieces(Pieces pieces, const Verdict& expected) {
  Utf8Validator validator;
  std::size_t end = 0;
  for (const Bytes piece : pieces) {
    end += piece.size();
    const bool possible = expected.impossible_at >= end;
    REQUIRE(validator.receive(piece) == possible);
    if (!possible) {
      REQUIRE_FALSE(validator.complete());
      return;
    }
  }
  REQUIRE(validator.pending() == expected.pending);
  REQUIRE(validator.complete() == (expected.pending == 0));
}

void check_every_split(std::string_view text) {
  CAPTURE(text);
  const Verdict expected = reference(text);
  for_each_split(text, [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    check_pieces(pieces, expected);
  });
}

void check_every_cut(std::string_view text) {
  CAPTURE(text);
  const Verdict expected = reference(text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    CAPTURE(cut);
    with_split(as_bytes(text), std::array{cut}, [&](Pieces pieces) { check_pieces(pieces, expected); });
  }
}

bool agrees(const Utf8Validator& validator, bool fed, const Verdict& expected) {
  const bool possible = expected.impossible_at == nowhere;
  return fed == possible && validator.pending() == expected.pending &&
         validator.complete() == (possible && expected.pending == 0);
}

/// Appends each byte to `text`, which `before` has been fed, and goes on where a code point is unfinished.
void walk(std::string& text, const Utf8Validator& before) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    // Of four million last bytes of four, those on both sides of 80 and C0 will do.
    if (text.size() == 3 && byte % 64 != 0 && byte % 64 != 63) continue;
    text.push_back(static_cast<char>(byte));
    Utf8Validator validator = before;
    const bool fed = validator.receive(as_bytes(text).last(1));
    const Verdict expected = reference(text);
    Utf8Validator whole;
    const bool whole_fed = whole.receive(as_bytes(text));
    if (!agrees(validator, fed, expected) || !agrees(whole, whole_fed, expected)) FAIL_CHECK("wrong about: ", text);
    if (fed && text.size() < 4 && (validator.pending() > 0 || text.size() < 2)) walk(text, validator);
    text.pop_back();
  }
}

}  // namespace

TEST_CASE("every code point is valid UTF-8, every surrogate is not") {
  for (std::uint32_t code_point = 0; code_point <= 0x10ffff; ++code_point) {
    if (is_utf8(as_bytes(encode(code_point))) == is_surrogate(code_point)) FAIL_CHECK("wrong about: ", code_point);
  }
}

TEST_CASE("all of Unicode is one valid text, however it is cut") {
  std::string text;
  for (std::uint32_t code_point = 0; code_point <= 0x10ffff; ++code_point) {
    if (!is_surrogate(code_point)) text += encode(code_point);
  }
  CHECK(is_utf8(as_bytes(text)));
  for (const std::size_t size : {1U, 7U, 63U, 64U, 65U, 1000U, 65536U}) {
    CAPTURE(size);
    Utf8Validator validator;
    for (Bytes rest = as_bytes(text); !rest.empty(); rest = rest.subspan(std::min(size, rest.size()))) {
      if (!validator.receive(rest.first(std::min(size, rest.size())))) FAIL("refused");
    }
    CHECK(validator.complete());
  }
}

TEST_CASE("every byte sequence fails at its first impossible byte") {
  std::string text;
  walk(text, Utf8Validator());
}

TEST_CASE("hostile texts fail at the same byte however they are cut") {
  constexpr std::string_view texts[] = {
      "",
      "plain",
      "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",                  // valid (RFC 6455's favourite test word)
      "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80\x65",  // then a surrogate
      "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80",  // then beyond U+10FFFF
      "\x80",
      "\xbf\xbf",
      "\xc0\x80",          // overlong NUL
      "\xc1\xbf",          //
      "\xe0\x80\xaf",      // overlong slash
      "\xe0\x9f\xbf",      //
      "\xf0\x80\x80\xaf",  //
      "\xf0\x8f\xbf\xbf",  //
      "\xed\x9f\xbf",      // the last before the surrogates
      "\xed\xa0\x80",
      "\xed\xbf\xbf",
      "\xee\x80\x80",              // the first after them
      "\xed\xa0\xbd\xed\xb8\x80",  // CESU-8
      "\xf4\x8f\xbf\xbf",          // the last of all
      "\xf4\x90\x80\x80",
      "\xf5\x80\x80\x80",
      "\xf8\x88\x80\x80\x80",
      "\xfc\x84\x80\x80\x80\x80",
      "\xfe",
      "\xff",
      "\xef\xbb\xbf"
      "bom",
      "\xef\xbf\xbf\xef\xbf\xbe",  // noncharacters are valid
      "cut\xc3",
      "cut\xe2\x82",
      "cut\xf0\x9f\x98",
      "\xe2\x82(",         // ASCII inside a code point
      "\xe2\xe2\x82\xac",  // a lead byte inside a code point
      "\xf0\x9f\x98\xf0",
      "\xc3\xa4\x80",  // one continuation byte too many
  };
  for (const std::string_view text : texts) {
    check_every_split(text);
    check_every_cut(text);
    for (const std::size_t padding : {61U, 64U, 127U}) {
      const std::string long_text = std::string(padding, 'a') + std::string(text) + std::string(70, 'z');
      check_every_split(long_text);
      check_every_cut(long_text);
    }
    check_every_cut(std::string(128, 'a') + std::string(text));
  }
}

TEST_CASE("one bad byte is found wherever it is in a long piece") {
  const std::string_view units[] = {"a", "\xc3\xa4", "\xe4\xb8\x96", "\xf0\x9f\x8c\x8d"};
  for (const std::string_view unit : units) {
    for (const std::size_t size : {63U, 64U, 65U, 66U, 67U, 127U, 128U, 129U, 130U, 191U, 192U, 195U, 256U}) {
      std::string good;
      while (good.size() < size) good += unit;
      good.resize(size);
      for (std::size_t at = 0; at < size; ++at) {
        for (const char bad : {'\xff', '\x80', 'a', '\xc0', '\xed', '\xf0'}) {
          std::string text = good;
          text[at] = bad;
          const Verdict expected = reference(text);
          with_split(as_bytes(text), {}, [&](Pieces pieces) { check_pieces(pieces, expected); });
          with_split(as_bytes(text), std::array{at}, [&](Pieces pieces) { check_pieces(pieces, expected); });
        }
      }
    }
  }
}

TEST_CASE("random mixtures of valid and broken text are judged as the reference does") {
  constexpr unsigned char edges[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
                                     0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff};
  std::mt19937 random(1);
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    const std::size_t size = random() % 300;
    const std::size_t breakage = 2 + random() % 500;
    while (text.size() < size) {
      const auto code_point = static_cast<std::uint32_t>(random() % (1U << random() % 22));
      if (random() % breakage == 0) {
        text += static_cast<char>(edges[random() % std::size(edges)]);
      } else if (code_point <= 0x10ffff && !is_surrogate(code_point)) {
        text += encode(code_point);
      }
    }
    check_every_split(text.substr(0, size));
  }
}

TEST_CASE("a long piece goes on where the last piece left off") {
  const std::string rest(100, 'z');
  for (const std::string_view code_point : {"\xc3\xa4", "\xe4\xb8\x96", "\xf0\x9f\x8c\x8d"}) {
    for (std::size_t cut = 1; cut < code_point.size(); ++cut) {
      Utf8Validator validator;
      CHECK(validator.receive(as_bytes(code_point.substr(0, cut))));
      CHECK(validator.pending() == cut);
      const Utf8Validator before = validator;
      CHECK(validator.receive(as_bytes(std::string(code_point.substr(cut)) + rest)));
      CHECK(validator.complete());
      validator = before;
      CHECK_FALSE(validator.receive(as_bytes(rest)));
    }
  }
}

TEST_CASE("a validator stays failed until it is reset") {
  for (const std::string& bad : {std::string("\xff"), std::string(100, '\xff')}) {
    Utf8Validator validator;
    CHECK_FALSE(validator.receive(as_bytes(bad)));
    CHECK_FALSE(validator.receive({}));
    CHECK_FALSE(validator.receive(as_bytes("fine")));
    CHECK_FALSE(validator.receive(as_bytes(std::string(100, 'a'))));
    CHECK_FALSE(validator.complete());
    CHECK(validator.pending() == 0);
    validator.reset();
    CHECK(validator.complete());
    CHECK(validator.receive(as_bytes("fine")));
  }
}

TEST_CASE("nothing is valid, and an unfinished text is not") {
  CHECK(is_utf8({}));
  CHECK(is_utf8(as_bytes("\xe2\x82\xac")));
  CHECK_FALSE(is_utf8(as_bytes("\xe2\x82")));
  CHECK_FALSE(is_utf8(as_bytes("\xe2\x82\xac\xff")));
}

TEST_CASE("a prefix never ends inside a code point") {
  const std::string_view text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x8c\x8d";  // lengths 1, 2, 3, 4
  constexpr std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t limit = 0; limit < std::size(expected); ++limit) {
    CAPTURE(limit);
    CHECK(utf8_prefix(text, limit) == text.substr(0, expected[limit]));
  }
  CHECK(utf8_prefix({}, 0).empty());
  CHECK(utf8_prefix("\x80\x80\x80", 2).empty());
}

TEST_CASE("where a text stops being UTF-8 is found, however it is cut") {
  struct Row {
    std::string text;
    std::uint64_t offset;
    std::string bytes;
    bool cut;
  };
  const Row rows[] = {{"ab\xff"
                       "cd",
                       2, "\xff", false},
                      {"\xc3\x28", 0, "\xc3\x28", false},
                      {"gr\xc3\xbc\xed\xa0\x80", 4, "\xed\xa0", false},
                      {"\xf0\x9f\x98"
                       "x",
                       0, "\xf0\x9f\x98x", false},
                      {"\xf4\x90", 0, "\xf4\x90", false},
                      {"ab\xe2\x82", 2, "\xe2\x82", true},
                      {"\x80", 0, "\x80", false}};
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    const wscope::base::Bytes text = wscope::base::as_bytes(row.text);
    for (std::size_t before = 0; before <= std::min<std::size_t>(row.bytes.size() - 1, 3); ++before) {
      const std::size_t begin = row.offset + before;
      const wscope::base::Bytes first = text.subspan(row.offset, before);
      const auto flaw = wscope::base::find_utf8_flaw(first, text.subspan(begin), begin);
      CHECK(flaw.offset == row.offset);
      CHECK(wscope::base::as_text(wscope::base::Bytes(flaw.bytes).first(flaw.size)) == row.bytes);
      CHECK(flaw.cut == row.cut);
    }
    CHECK(wscope::base::find_utf8_flaw({}, text, 100).offset == row.offset + 100);
  }
}

TEST_CASE("each byte of Latin-1 is the code point of its value") {
  CHECK(wscope::base::utf8_from_latin1("") == "");
  CHECK(wscope::base::utf8_from_latin1("a\x7f\x80\xbf\xc0\xff") == "a\x7f\xc2\x80\xc2\xbf\xc3\x80\xc3\xbf");
}
