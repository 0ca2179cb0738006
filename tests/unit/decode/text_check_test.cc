#include "decode/text_check.h"

#include <doctest/doctest.h>

#include "support/split.h"

using namespace wscope;

TEST_CASE("the flaw of a text is where it is, however the text is cut") {
  const std::string text = "abc\xf0\x9f\x98\x80\xf0\x9f\x41zzz";
  test::for_each_split(base::as_bytes(text), [](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    decode::TextCheck check;
    check.begin();
    std::optional<base::Utf8Flaw> found;
    for (const auto piece : pieces) {
      if (const auto flaw = check.receive(piece)) {
        CHECK_FALSE(found.has_value());
        found = flaw;
      }
    }
    CHECK_FALSE(check.end().has_value());
    REQUIRE(found.has_value());
    CHECK(found->offset == 7);
    CHECK(found->size == 3);
    CHECK(check.size() == 13);
  });
}

TEST_CASE("an end inside a character is one, and a new text has none") {
  decode::TextCheck check;
  check.begin();
  CHECK_FALSE(check.receive(base::as_bytes("a\xe2")).has_value());
  CHECK_FALSE(check.receive(base::as_bytes("\x82")).has_value());
  const auto flaw = check.end();
  REQUIRE(flaw.has_value());
  CHECK(flaw->cut);
  CHECK(flaw->offset == 1);
  CHECK(flaw->size == 2);
  check.begin();
  CHECK_FALSE(check.receive(base::as_bytes("b")).has_value());
  CHECK_FALSE(check.end().has_value());
  check.begin();
  check.give_up();
  CHECK_FALSE(check.receive(base::as_bytes("\xff")).has_value());
}
