#include "link/backoff.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "unit/ws/bytes.h"

using namespace std::chrono_literals;
using namespace wscope;

namespace {

std::vector<base::Duration> delays(base::RandomSource& random, int count) {
  link::Backoff backoff(random);
  std::vector<base::Duration> all;
  for (int i = 0; i < count; ++i) all.push_back(backoff.next());
  return all;
}

struct Constant final : base::RandomSource {
  explicit Constant(unsigned char value) : byte{value} {}
  void fill(base::MutableBytes out) noexcept override { std::fill(out.begin(), out.end(), byte); }
  std::byte byte;
};

}  // namespace

TEST_CASE("each delay is twice the one before, up to half a minute") {
  Constant most(0xff);
  CHECK(delays(most, 9) == std::vector<base::Duration>{500ms, 1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s});
  Constant least(0);
  CHECK(delays(least, 8) == std::vector<base::Duration>{250ms, 500ms, 1s, 2s, 4s, 8s, 15s, 15s});
}

TEST_CASE("a random part is left out") {
  base::SystemRandom random;
  for (int i = 0; i < 100; ++i) {
    const base::Duration delay = delays(random, 1).front();
    CHECK(delay >= 250ms);
    CHECK(delay <= 500ms);
  }
  CHECK(delays(random, 7) != delays(random, 7));
}

TEST_CASE("after a success it begins anew, and never overflows") {
  Constant most(0xff);
  link::Backoff backoff(most);
  for (int i = 0; i < 1000; ++i) static_cast<void>(backoff.next());
  CHECK(backoff.next() == 30s);
  backoff.reset();
  CHECK(backoff.next() == 500ms);
}
