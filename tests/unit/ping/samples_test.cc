#include "ping/samples.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using namespace wscope;

TEST_CASE("of none, all figures are nothing") {
  const ping::Samples samples;
  CHECK(samples.count() == 0);
  CHECK(samples.mean() == 0s);
  CHECK(samples.deviation() == 0s);
  CHECK(samples.percentile(50) == 0s);
}

TEST_CASE("the figures are those of ping(8)") {
  ping::Samples samples;
  for (const auto sample : {81us, 71us, 83us}) samples.add(sample);
  CHECK(samples.least() == 71us);
  CHECK(samples.greatest() == 83us);
  CHECK(std::chrono::round<std::chrono::microseconds>(samples.mean()) == 78us);
  CHECK(std::chrono::round<std::chrono::microseconds>(samples.deviation()) == 5us);
  CHECK(samples.percentile(50) == 81us);
  CHECK(samples.percentile(90) == 83us);
  CHECK(samples.percentile(99) == 83us);
  CHECK(samples.percentile(1) == 71us);
}

TEST_CASE("percentiles of many are within a thousandth") {
  std::mt19937 random(7);
  ping::Samples samples;
  std::vector<base::Duration> all;
  for (int i = 0; i < 100000; ++i) {
    const auto shift = random() % 34;
    all.push_back(std::chrono::nanoseconds(random() % (std::uint64_t{1} << shift)));
    samples.add(all.back());
  }
  std::sort(all.begin(), all.end());
  for (const unsigned percent : {1U, 10U, 50U, 90U, 99U, 100U}) {
    const auto exact = all[(all.size() * percent + 99) / 100 - 1];
    const auto difference = std::chrono::abs(samples.percentile(percent) - exact);
    CAPTURE(percent);
    CHECK(difference <= std::max<base::Duration>(500ns, exact / 1000));
  }
  CHECK(samples.least() == all.front());
  CHECK(samples.greatest() == all.back());
}

TEST_CASE("figures stay exact however many there are, and however long they take") {
  ping::Samples samples;
  for (int i = 0; i < 1000000; ++i) samples.add(1h + std::chrono::microseconds(i % 2));
  CHECK(std::chrono::abs(samples.deviation() - 500ns) <= 10ns);
  CHECK(samples.percentile(50) >= samples.least());
  CHECK(samples.percentile(99) <= samples.greatest());
}
