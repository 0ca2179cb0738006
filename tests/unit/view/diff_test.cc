#include "view/diff.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace wscope;

namespace {

std::string diff(std::string_view from, std::string_view to) { return view::unified_diff(from, to, "a", "b"); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// What `from` becomes by a diff.
std::string apply(const std::string& from, const std::string& changes) {
  const std::vector<std::string> old = lines_of(from);
  std::string made;
  std::size_t at = 0;
  std::size_t line = 0;
  for (const std::string& change : lines_of(changes)) {
    if (++line <= 2) continue;
    if (change.starts_with("@@ -")) {
      std::size_t begin = std::stoul(change.substr(4));
      const bool none = change.substr(4).starts_with(std::to_string(begin) + ",0 ");
      for (begin = none ? begin : begin - 1; at < begin; ++at) made += old.at(at) + "\n";
      continue;
    }
    if (change[0] != '+') {
      CHECK(old.at(at) == change.substr(1));
      ++at;
    }
    if (change[0] != '-') made += change.substr(1) + "\n";
  }
  for (; at < old.size(); ++at) made += old[at] + "\n";
  return made;
}

}  // namespace

TEST_CASE("what is the same has no difference") {
  CHECK(diff("", "").empty());
  CHECK(diff("a\nb\n", "a\nb\n").empty());
}

TEST_CASE("a difference stands among three lines around it") {
  CHECK(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n") ==
        "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  CHECK(diff("", "x\n") == "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
  CHECK(diff("x\n", "") == "--- a\n+++ b\n@@ -1 +0,0 @@\n-x\n");
  CHECK(diff("x", "y") == "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n");
  CHECK(diff("x", "x\n") == "--- a\n+++ b\n\\ one of them ends in a line feed\n");
}

TEST_CASE("differences that are near stand together, others apart") {
  const std::string from = "a\n1\n2\n3\n4\n5\n6\nb\n";
  CHECK(diff(from, "x\n1\n2\n3\n4\n5\n6\ny\n") ==
        "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n");
  CHECK(diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n") ==
        "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+y\n");
}

TEST_CASE("what is changed as it says is the other text") {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    const auto text = [&random] {
      std::string lines;
      for (auto count = random() % 30; count > 0; --count) lines += std::string(1, "abc"[random() % 3]) + "\n";
      return lines;
    };
    const std::string from = text();
    const std::string to = text();
    CAPTURE(from);
    CAPTURE(to);
    const std::string changes = diff(from, to);
    CHECK(apply(from, changes) == to);
  }
}

TEST_CASE("too many differences are one, in bounded time") {
  std::string from;
  std::string to;
  for (int i = 0; i < 20'000; ++i) {
    from += "a" + std::to_string(i) + "\n";
    to += "b" + std::to_string(i) + "\n";
  }
  CHECK(apply("same\n" + from, diff("same\n" + from, "same\n" + to)) == "same\n" + to);
}
