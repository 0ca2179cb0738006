#include "compare.h"

#include <algorithm>
#include <vector>

namespace wscope::bench {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Comparison compare(int rounds, const std::function<double()>& ours, const std::function<double()>& other) {
  std::vector<double> our_costs;
  std::vector<double> other_costs;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    our_costs.push_back(ours());
    other_costs.push_back(other());
    ratios.push_back(our_costs.back() / other_costs.back());
  }
  return {median(std::move(our_costs)), median(std::move(other_costs)), median(std::move(ratios))};
}

}  // namespace wscope::bench
