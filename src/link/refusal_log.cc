#include "link/refusal_log.h"

#include <utility>

#include "link/guard.h"
#include "view/escape.h"

namespace wscope::link {
namespace {

// Does not cut a code point: what it begins with would not be UTF-8.
std::string cut(std::string text, std::size_t longest) {
  constexpr std::string_view rest = "...";
  if (text.size() <= longest) return text;
  std::size_t end = longest - rest.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  return text.substr(0, end).append(rest);
}

}  // namespace

std::string describe(const GuardRefusal& refusal) {
  return "refused " + cut(view::escape(refusal.whom), RefusalLog::longest_name) + ": " + refusal.why;
}

std::optional<std::string> RefusalLog::note(const GuardRefusal& refusal) {
  std::string line = describe(refusal);
  if (said_.contains(line)) return std::nullopt;
  if (said_.size() == most_lines) {
    if (unsaid_++ > 0) return std::nullopt;
    return "refused " + std::to_string(most_lines) + " others, and from now on only counts them";
  }
  said_.insert(line);
  return line;
}

std::optional<std::string> RefusalLog::rest() {
  if (unsaid_ == 0) return std::nullopt;
  return "refused " + std::to_string(std::exchange(unsaid_, 0)) + " times without a word";
}

}  // namespace wscope::link
