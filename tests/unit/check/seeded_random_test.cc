#include "check/seeded_random.h"

#include <doctest/doctest.h>

#include <string>

#include "check/case_machine.h"

using namespace wscope;
using check::SeededRandom;

namespace {

std::string bytes_of(SeededRandom random, std::size_t size) {
  std::string bytes(size, '\0');
  random.fill(base::MutableBytes(reinterpret_cast<std::byte*>(bytes.data()), bytes.size()));
  return bytes;
}

// What a case sends at once.
std::string sent_of(const check::Case& one, std::uint64_t seed) {
  check::Settings settings;
  settings.request.target = "/";
  settings.request.headers.add("Sec-WebSocket-Key", "");
  SeededRandom random(seed, one.id);
  const base::TimePoint now{};
  const check::CaseMachine machine(one, settings, random, now);
  return std::string(base::as_text(machine.output(now)));
}

}  // namespace

TEST_CASE("the same seed gives the same bytes, for each purpose others") {
  CHECK(bytes_of({1, "a"}, 33) == bytes_of({1, "a"}, 33));
  CHECK(bytes_of({1, "a"}, 33) != bytes_of({2, "a"}, 33));
  CHECK(bytes_of({1, "a"}, 33) != bytes_of({1, "b"}, 33));
  CHECK(bytes_of({1, "ab"}, 33) != bytes_of({1, "ba"}, 33));
  CHECK(bytes_of({1, "a"}, 8).substr(0, 5) == bytes_of({1, "a"}, 5));
  CHECK(bytes_of({0, ""}, 64).find_first_not_of(bytes_of({0, ""}, 1)) != std::string::npos);
}

TEST_CASE("the same seed sends the same requests, another one others") {
  std::size_t others = 0;
  for (const check::Case& one : check::all_cases()) {
    if (!one.is_for(check::Role::server) || one.program.empty()) continue;
    const std::string sent = sent_of(one, 1);
    CHECK(sent == sent_of(one, 1));
    if (sent != sent_of(one, 2)) ++others;
  }
  CHECK(others > 200);
}

TEST_CASE("a seed that is wanted is taken, another one is drawn") {
  SeededRandom random(3, "x");
  CHECK(check::choose_seed(12, random) == 12);
  const std::uint64_t drawn = check::choose_seed({}, random);
  CHECK(drawn > 0);
  CHECK(drawn <= 65536);
}
