// What has to be known of a server before the cases: whether it can be reached, whether it echoes, what it agrees to.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "check/case.h"
#include "check/heard.h"
#include "check/plan.h"
#include "check/report.h"
#include "check/settings.h"
#include "http/url.h"

namespace wscope::check {

/// Asks one question after the other, each on a connection of its own.
class Survey {
 public:
  /// `settings` is completed as answers come; both outlive it.
  Survey(const CheckPlan& plan, const http::Url& url, Settings& settings, Facts& facts);

  /// What to ask next, and with which settings; null: all is known.
  [[nodiscard]] const Case* next() noexcept;
  [[nodiscard]] const Settings& settings_for() const noexcept { return own_settings_; }
  /// The answer. An error if there cannot be any case.
  [[nodiscard]] base::Result<void> finished(const Result& result, const Heard& heard);

 private:
  [[nodiscard]] base::Error refusal(const Result& result, const Heard& heard) const;

  const CheckPlan& plan_;
  const http::Url& url_;
  Settings& settings_;
  Settings own_settings_;
  Facts& facts_;
  std::vector<Case> questions_{};
  std::size_t at_ = 0;
};

/// What a run begins with; but for its seed.
[[nodiscard]] Settings settings_of(const CheckPlan& plan, const http::Url& url);

}  // namespace wscope::check
