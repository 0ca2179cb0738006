// The table that all benchmarks print together: each row as soon as it is
// measured, beside what it should reach.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wscope::bench {

/// What a row should reach, and what is known to be possible.
struct Goal {
  enum class Of : unsigned char { nothing, ratio, figure };
  Of of = Of::nothing;
  bool at_least = false;  ///< otherwise: at most
  double target = 0;
  std::optional<double> stretch;
};

[[nodiscard]] inline Goal ratio_at_least(double target, std::optional<double> stretch = {}) {
  return {Goal::Of::ratio, true, target, stretch};
}
[[nodiscard]] inline Goal ratio_at_most(double target, std::optional<double> stretch = {}) {
  return {Goal::Of::ratio, false, target, stretch};
}
[[nodiscard]] inline Goal figure_at_least(double target, std::optional<double> stretch = {}) {
  return {Goal::Of::figure, true, target, stretch};
}
[[nodiscard]] inline Goal figure_at_most(double target, std::optional<double> stretch = {}) {
  return {Goal::Of::figure, false, target, stretch};
}

/// For the names of rows: "16B", "64KiB", "1MiB".
[[nodiscard]] std::string size_text(std::size_t bytes);

struct Row {
  std::string name;  ///< with its group in front: "pipe/start"
  std::string unit;  ///< of both figures
  double ours = 0;
  std::optional<double> other;  ///< what is measured beside it
  std::optional<double> ratio;
  Goal goal;
};

class Table {
 public:
  /// `wanted`: how the names of the rows to be measured begin, or "times"; without any, all are. `quick`: with fewer
  /// rounds.
  Table(std::vector<std::string> wanted, bool quick) : wanted_(std::move(wanted)), quick_(quick) {}

  [[nodiscard]] bool wants(std::string_view name) const;
  /// How often to measure what takes `usual` rounds to be sure of.
  [[nodiscard]] int rounds(int usual) const { return quick_ ? (usual + 2) / 3 : usual; }
  void add(const Row& row);
  /// The last line: how many goals were met, and which were not.
  void finish() const;

 private:
  std::vector<std::string> wanted_;
  bool quick_;
  std::vector<std::string> missed_;
  int rows_ = 0;
  int goals_ = 0;
  int stretched_ = 0;
};

}  // namespace wscope::bench
