// Measuring two things against each other on a machine that does not stand
// still.
#pragma once

#include <functional>

namespace wscope::bench {

/// Medians of both sides, and of the ratios ours / other of neighbours.
struct Comparison {
  double ours;
  double other;
  double ratio;
};

/// Runs both in turn, so that a change of the machine's speed meets both; each
/// returns its cost.
[[nodiscard]] Comparison compare(int rounds, const std::function<double()>& ours, const std::function<double()>& other);

}  // namespace wscope::bench
