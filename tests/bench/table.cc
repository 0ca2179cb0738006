#include "table.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "times.h"

namespace wscope::bench {
namespace {

std::string text_of(double figure) {
  if (figure < 10) return fmt::format("{:.2f}", figure);
  return fmt::format("{:.{}f}", figure, figure < 100 ? 1 : 0);
}

std::string text_of(const std::optional<double>& figure, const std::string& unit) {
  return figure ? text_of(*figure) + (unit.empty() ? "" : " " + unit) : "";
}

void print_line(std::string_view name, std::string_view ours, std::string_view other, std::string_view ratio,
                std::string_view target, std::string_view stretch, std::string_view verdict) {
  fmt::print("{:<32}{:>12}{:>12}{:>8}{:>14}{:>10}  {}\n", name, ours, other, ratio, target, stretch, verdict);
  std::fflush(stdout);
}

bool reaches(const Goal& goal, double value, double limit) { return goal.at_least ? value >= limit : value <= limit; }

}  // namespace

std::string size_text(std::size_t bytes) {
  const std::size_t kib = bytes / 1024;
  if (kib == 0) return fmt::format("{}B", bytes);
  return kib < 1024 ? fmt::format("{}KiB", kib) : fmt::format("{}MiB", kib / 1024);
}

bool Table::wants(std::string_view name) const {
  return wanted_.empty() || std::any_of(wanted_.begin(), wanted_.end(), [&](const std::string& beginning) {
           return name.starts_with(beginning) || (beginning == "times" && is_timed(name));
         });
}

void Table::add(const Row& row) {
  if (rows_++ == 0) print_line("", "wscope", "beside it", "ratio", "target", "stretch", "");
  std::string target;
  std::string verdict;
  const Goal& goal = row.goal;
  const std::string goal_unit = goal.of == Goal::Of::figure ? row.unit : "";
  if (goal.of != Goal::Of::nothing) {
    const double value = goal.of == Goal::Of::figure ? row.ours : row.ratio.value();
    target = (goal.at_least ? ">= " : "<= ") + text_of(goal.target, goal_unit);
    const bool met = reaches(goal, value, goal.target);
    const bool stretched = met && goal.stretch && reaches(goal, value, *goal.stretch);
    verdict = stretched ? "stretch" : met ? "met" : "MISSED";
    ++goals_;
    if (stretched) ++stretched_;
    if (!met) missed_.push_back(row.name);
  }
  print_line(row.name, text_of(row.ours, row.unit), text_of(row.other, row.unit), text_of(row.ratio, ""), target,
             text_of(goal.stretch, goal_unit), verdict);
}

void Table::finish() const {
  const auto met = static_cast<std::size_t>(goals_) - missed_.size();
  fmt::print("{} of {} targets met, {} stretched; missed: {}\n", met, goals_, stretched_,
             missed_.empty() ? "none" : fmt::format("{}", fmt::join(missed_, " ")));
}

}  // namespace wscope::bench
