// What is known to fail: a run with a baseline fails of what is new only.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "check/settings.h"

namespace wscope::check {

/// A text of lines, "hs.host-none fail": the id of a case and what comes of it, fail, warn or error. Lines that begin
/// with # and empty ones mean nothing.
class Baseline {
 public:
  /// An error, of kind usage, names the line; `name` is that of the file. A case that there is not (any more) is none.
  [[nodiscard]] static base::Result<Baseline> parse(std::string_view text, const std::string& name);

  /// Whether this is what was to come: it fails as it did, or less. Results that pass, and those that are no judgement,
  /// are none.
  [[nodiscard]] bool expects(const Result& result) const;
  /// Whether it passes, though it was to fail.
  [[nodiscard]] bool is_better(const Result& result) const;

 private:
  std::map<std::string, Verdict, std::less<>> verdicts_{};
};

/// The line of a result in such a text; empty: it has none.
[[nodiscard]] std::string baseline_line(const Result& result);

}  // namespace wscope::check
