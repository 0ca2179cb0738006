#include "script/test_result.h"

#include <algorithm>

namespace wscope::script {

std::string_view name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::failed:
      return "failed";
    case Verdict::skipped:
      break;
  }
  return "skipped";
}

std::string_view Failure::file() const noexcept {
  std::string_view name = place;
  for (int number = 0; number < 2; ++number) {  // a name may have colons
    const std::size_t colon = name.rfind(':');
    if (colon == std::string_view::npos) return place;
    name = name.substr(0, colon);
  }
  return name;
}

std::string Failure::headline() const { return place.empty() ? message : place + ": " + message; }

std::string Failure::text() const {
  std::string text = headline();
  if (!excerpt.empty()) text += "\n" + excerpt;
  for (const std::string& event : events) text += "\n  " + event;
  if (!diff.empty()) text += "\n" + diff;
  return text;
}

std::string TestResult::remark_on(const SectionResult& section) const {
  if (section.verdict == Verdict::failed) return failure ? failure->text() : std::string();
  if (section.verdict == Verdict::skipped) return reason;
  return flaky() ? "flaky: attempt " + std::to_string(attempts) : std::string();
}

}  // namespace wscope::script
