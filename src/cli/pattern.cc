#include "cli/pattern.h"

#include <algorithm>
#include <climits>

namespace wscope::cli {
namespace {

// glibc recurses while it compiles.
constexpr std::size_t longest_expression = 4096;

}  // namespace

void Pattern::Free::operator()(regex_t* compiled) const noexcept {
  regfree(compiled);
  delete compiled;
}

base::Result<Pattern> Pattern::compile(const std::string& expression) {
  if (expression.size() > longest_expression) return base::usage_error("too long an expression");
  auto compiled = std::make_unique<regex_t>();
  const int error = regcomp(compiled.get(), expression.c_str(), REG_EXTENDED | REG_NEWLINE);
  if (error != 0) {
    char text[128];
    regerror(error, compiled.get(), text, sizeof text);
    return base::usage_error(text);
  }
  return Pattern(std::unique_ptr<regex_t, Free>(compiled.release()));
}

// REG_STARTEND: the text may hold NUL bytes. It is copied to end with one as well, which sanitizers look for.
bool Pattern::matches(base::Bytes text) const {
  const std::string copy(base::as_text(text.first(std::min<std::size_t>(text.size(), INT_MAX))));
  regmatch_t range{};
  range.rm_eo = static_cast<regoff_t>(copy.size());
  return regexec(compiled_.get(), copy.c_str(), 1, &range, REG_STARTEND) == 0;
}

}  // namespace wscope::cli
