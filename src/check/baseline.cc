#include "check/baseline.h"

#include <algorithm>
#include <optional>

#include "check/case.h"

namespace wscope::check {
namespace {

constexpr Verdict known[] = {Verdict::fail, Verdict::warn, Verdict::error};

bool is_known(Verdict verdict) noexcept {
  return std::find(std::begin(known), std::end(known), verdict) != std::end(known);
}

std::optional<Verdict> read_verdict(std::string_view word) noexcept {
  const auto* found =
      std::find_if(std::begin(known), std::end(known), [word](Verdict one) { return name_of(one) == word; });
  return found == std::end(known) ? std::nullopt : std::optional(*found);
}

// A warning is less than a failure.
int weight(Verdict verdict) noexcept { return verdict == Verdict::warn ? 1 : is_known(verdict) ? 2 : 0; }

}  // namespace

base::Result<Baseline> Baseline::parse(std::string_view text, const std::string& name) {
  Baseline baseline;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t blank = line.find(' ');
    const auto verdict = blank == std::string_view::npos ? std::nullopt : read_verdict(line.substr(blank + 1));
    if (!verdict) {
      return base::usage_error(name + ":" + std::to_string(number) + ": not ID fail, ID warn or ID error");
    }
    baseline.verdicts_[std::string(line.substr(0, blank))] = *verdict;
  }
  return baseline;
}

bool Baseline::expects(const Result& result) const {
  const auto found = verdicts_.find(result.about->id);
  return found != verdicts_.end() && is_known(result.verdict) && weight(result.verdict) <= weight(found->second);
}

bool Baseline::is_better(const Result& result) const {
  return result.verdict == Verdict::pass && verdicts_.contains(result.about->id);
}

std::string baseline_line(const Result& result) {
  if (!is_known(result.verdict)) return {};
  return result.about->id + ' ' + std::string(name_of(result.verdict)) + '\n';
}

}  // namespace wscope::check
