#include "link/refusal_log.h"

#include <doctest/doctest.h>

#include <string>

#include "base/utf8.h"
#include "link/guard.h"

using namespace wscope;

namespace {

link::GuardRefusal of(std::string whom) { return {403, std::move(whom), "why"}; }

}  // namespace

TEST_CASE("of everybody who is refused there is one line") {
  link::RefusalLog log;
  CHECK(log.note(of("https://a")) == "refused https://a: why");
  CHECK(log.note(of("https://b")) == "refused https://b: why");
  for (int i = 0; i < 1000; ++i) CHECK(!log.note(of("https://a")).has_value());
  CHECK_FALSE(log.rest().has_value());
}

TEST_CASE("who comes under ever new names is counted") {
  link::RefusalLog log;
  for (std::size_t i = 0; i < link::RefusalLog::most_lines; ++i) {
    CHECK(log.note(of(std::to_string(i))).has_value());
  }
  CHECK_FALSE(log.rest().has_value());
  CHECK(log.note(of("64")) == "refused 64 others, and from now on only counts them");
  CHECK_FALSE(log.note(of("64")).has_value());
  CHECK_FALSE(log.note(of("65")).has_value());
  CHECK_FALSE(log.note(of("0")).has_value());  // of whom there was a line
  CHECK(log.rest() == "refused 3 times without a word");
  CHECK_FALSE(log.rest().has_value());
}

TEST_CASE("a name is escaped and cut, so that neither the terminal nor the memory is theirs") {
  link::RefusalLog log;
  CHECK(log.note(of("a\x1b[2J\xff\n")) == "refused a\\x1b[2J\\xff\\x0a: why");
  for (const std::size_t before : {0U, 1U, 2U, 3U}) {
    std::string name(before, 'x');
    while (name.size() < 60'000) name += "\xe2\x82\xac";
    const auto line = log.note(of(name));
    REQUIRE(line.has_value());
    CHECK(line->size() <= link::RefusalLog::longest_name + std::string("refused : why").size());
    CHECK(line->find("...: why") != std::string::npos);
    CHECK(base::is_utf8(base::as_bytes(*line)));
    CHECK_FALSE(log.note(of(name + "more")).has_value());  // the same, as far as it is shown
  }
  CHECK(log.note(of(std::string(200, 'y'))) == "refused " + std::string(200, 'y') + ": why");
}
