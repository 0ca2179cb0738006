#include "check/baseline.h"

#include <doctest/doctest.h>

#include "check/case.h"

using namespace wscope;
using namespace wscope::check;

namespace {

Result with(const Case& one, Verdict verdict) {
  Result result;
  result.about = &one;
  result.verdict = verdict;
  return result;
}

const Case a{nullptr, nullptr, "a", ""};
const Case b{nullptr, nullptr, "b", ""};
const Case c{nullptr, nullptr, "c", ""};

}  // namespace

TEST_CASE("what fails as it did is expected, and what fails more is not") {
  const auto baseline = Baseline::parse("# known\na fail\r\n\nb warn\n", "x");
  REQUIRE(baseline.ok());
  CHECK(baseline->expects(with(a, Verdict::fail)));
  CHECK(baseline->expects(with(a, Verdict::error)));
  CHECK(baseline->expects(with(a, Verdict::warn)));
  CHECK(baseline->expects(with(b, Verdict::warn)));
  CHECK(!baseline->expects(with(b, Verdict::fail)));
  CHECK(!baseline->expects(with(c, Verdict::fail)));
  CHECK(!baseline->expects(with(a, Verdict::pass)));
}

TEST_CASE("what passes though it was to fail is better") {
  const auto baseline = Baseline::parse("a fail", "x");
  CHECK(baseline->is_better(with(a, Verdict::pass)));
  CHECK(!baseline->is_better(with(a, Verdict::skip)));
  CHECK(!baseline->is_better(with(b, Verdict::pass)));
}

TEST_CASE("what is written is read, and only what is bad is written") {
  CHECK(baseline_line(with(a, Verdict::pass)).empty());
  CHECK(baseline_line(with(a, Verdict::info)).empty());
  CHECK(baseline_line(with(a, Verdict::skip)).empty());
  const std::string text = baseline_line(with(a, Verdict::error)) + baseline_line(with(b, Verdict::warn));
  CHECK(text == "a error\nb warn\n");
  CHECK(Baseline::parse(text, "x")->expects(with(a, Verdict::fail)));
}

TEST_CASE("a line that is none is an error with its number") {
  for (const char* text : {"a", "a pass", "a fail ", "\na  fail"}) {
    const auto baseline = Baseline::parse(text, "x.txt");
    REQUIRE(!baseline.ok());
    CHECK(baseline.error().kind == base::ErrorKind::usage);
    CHECK(baseline.error().message.starts_with("x.txt:"));
  }
}
