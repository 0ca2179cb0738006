#include "talk/regex.h"

#include <utility>

namespace wscope::talk {
namespace {

// Nothing in the places of names.
std::string without_values(const Template& expression) {
  std::string text;
  for (const Template::Part& part : expression.parts()) text += part.text;
  return text;
}

}  // namespace

std::optional<Regex> Regex::compile(Source& source, std::size_t at, std::size_t size, std::string_view flags) {
  const std::string_view text = source.text().substr(at, size);
  Regex regex;
  regex.flags_ = flags;
  Source within(text, source.has_names() ? Source::Names::filled_in : Source::Names::plain);
  auto expression = within.has_names() ? Template::read(within) : Template::plain(std::string(text));
  if (!expression) return source.fail(at + within.flaw()->at, within.flaw()->message, within.flaw()->hint);
  regex.expression_ = *std::move(expression);
  auto pattern = Pattern::compile(without_values(regex.expression_), flags);
  if (!pattern) return source.fail(at, pattern.error().message, pattern.error().hint);
  regex.pattern_ = std::move(pattern).value();
  return regex;
}

std::optional<Regex> Regex::read(Source& source) {
  const std::size_t begin = source.position();
  if (!source.take("/")) return source.fail("expected a regular expression between slashes: /.../");
  const std::size_t at = source.position();
  while (source.front() != '/') {
    if (source.at_end()) return source.fail(begin, "this regular expression has no closing slash");
    const bool escaped = source.front() == '\\';
    source.move_to(source.position() + 1);
    if (escaped && !source.at_end()) source.move_to(source.position() + 1);
  }
  const std::size_t size = source.position() - at;
  source.take("/");
  std::string flags;
  while (source.front() == 'i' || source.front() == 's') {
    flags += source.front();
    source.move_to(source.position() + 1);
  }
  if (continues_name(source.front())) return source.fail("behind the slash there may be i and s");
  return compile(source, at, size, flags);
}

base::Result<Regex> Regex::fill(const Names& names) const {
  std::string text;
  for (const Template::Part& part : expression_.parts()) {
    text += part.text;
    if (!part.name) continue;
    const auto value = names.find(*part.name);
    if (!value) return missing_error(*part.name);
    text += Pattern::quote(apply(part.filter, *value));
  }
  auto pattern = Pattern::compile(text, flags_);
  if (!pattern) return std::move(pattern).error();
  Regex regex;
  regex.expression_ = Template::plain(std::move(text));
  regex.flags_ = flags_;
  regex.pattern_ = std::move(pattern).value();
  return regex;
}

}  // namespace wscope::talk
