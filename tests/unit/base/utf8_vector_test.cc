#include "base/utf8_vector.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>

#include "base/utf8.h"

using namespace wscope::base;

namespace {

/// What is said of the same text byte by byte.
bool is_valid(std::string_view text) {
  Utf8Validator validator;
  for (const std::byte& byte : as_bytes(text)) {
    if (!validator.receive({&byte, 1})) return false;
  }
  return validator.complete();
}

void check(const std::string& text) {
  CAPTURE(text);
  CHECK(is_utf8_by_vector(as_bytes(text)) == is_valid(text));
}

}  // namespace

TEST_CASE("a text of any length is judged by vectors as it is by bytes") {
  if (!has_utf8_vector()) return;
  for (const std::string_view unit : {"a", "\xc3\xa4", "\xe4\xb8\x96", "\xf0\x9f\x8c\x8d"}) {
    std::string text;
    while (text.size() < 200) text += unit;
    for (std::size_t size = 0; size <= text.size(); ++size) check(text.substr(0, size));
  }
}

TEST_CASE("every pair of bytes is judged by vectors as it is by bytes, wherever it is") {
  if (!has_utf8_vector()) return;
  for (const std::size_t at : {0U, 30U, 31U, 32U, 62U, 63U, 64U}) {
    for (unsigned first = 0; first < 256; ++first) {
      for (unsigned second = 0; second < 256; ++second) {
        std::string text(80, 'a');
        text[at] = static_cast<char>(first);
        text[at + 1] = static_cast<char>(second);
        if (is_utf8_by_vector(as_bytes(text)) != is_valid(text)) FAIL_CHECK("wrong about ", first, " ", second);
        text[at + 2] = text[at + 3] = '\x80';
        if (is_utf8_by_vector(as_bytes(text)) != is_valid(text))
          FAIL_CHECK("wrong about ", first, " ", second, " 80 80");
      }
    }
  }
}

TEST_CASE("mixtures of valid and broken text are judged by vectors as they are by bytes") {
  if (!has_utf8_vector()) return;
  const std::string_view units[] = {
      "a", "\xc3\xa4", "\xe4\xb8\x96", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf", "\xf0\x90\x80\x80"};
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    while (text.size() < 150) text += units[random() % std::size(units)];
    if (round % 3 > 0) text[random() % text.size()] = static_cast<char>(random() % 256);
    check(text);
  }
}
