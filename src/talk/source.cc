#include "talk/source.h"

#include <algorithm>
#include <utility>

namespace wscope::talk {
namespace {

constexpr std::size_t longest_excerpt = 100;  // characters of it, or a few more

bool begins_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

std::size_t count_characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string_view line_at(std::string_view text, std::size_t at) noexcept {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(begin, std::min(text.find('\n', at), text.size()) - begin);
}

}  // namespace

bool begins_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool continues_name(char c) noexcept { return begins_name(c) || (c >= '0' && c <= '9') || c == '$' || c == '-'; }

std::size_t column_of(std::string_view text, std::size_t at) noexcept {
  const std::string_view line = line_at(text, at);
  const auto begin = static_cast<std::size_t>(line.data() - text.data());
  return count_characters(line.substr(0, at - begin)) + 1;
}

std::string excerpt_of(std::string_view text, std::size_t at) {
  const std::string_view line = line_at(text, at);
  std::size_t place = at - static_cast<std::size_t>(line.data() - text.data());
  std::size_t begin = place > longest_excerpt / 2 && line.size() > longest_excerpt ? place - longest_excerpt / 2 : 0;
  while (begin > 0 && !begins_character(line[begin])) --begin;
  std::size_t end = std::min(begin + longest_excerpt, line.size());
  while (end < line.size() && !begins_character(line[end])) ++end;
  std::string shown = (begin > 0 ? "..." : "") + std::string(line.substr(begin, end - begin));
  if (end < line.size()) shown += "...";
  place = count_characters(line.substr(begin, place - begin)) + (begin > 0 ? 3 : 0);
  return "  " + shown + "\n  " + std::string(place, ' ') + "^";
}

base::Error describe(const Flaw& flaw, std::string_view text) {
  base::Error error = base::usage_error(flaw.message, flaw.hint);
  error.excerpt = excerpt_of(text, flaw.at);
  return error;
}

void Source::skip_blanks() noexcept {
  while (front() == ' ' || front() == '\t' || front() == '\n' || front() == '\r') ++at_;
}

bool Source::take(std::string_view words) noexcept {
  if (!rest().starts_with(words)) return false;
  at_ += words.size();
  return true;
}

bool Source::take_word(std::string_view word) noexcept {
  const std::string_view left = rest();
  if (!left.starts_with(word) || (left.size() > word.size() && continues_name(left[word.size()]))) return false;
  at_ += word.size();
  return true;
}

std::string_view Source::take_name() noexcept {
  const std::string_view left = rest();
  if (!begins_name(front())) return {};
  const auto end = std::find_if_not(left.begin(), left.end(), continues_name);
  const auto size = static_cast<std::size_t>(end - left.begin());
  at_ += size;
  return left.substr(0, size);
}

std::nullopt_t Source::fail(std::size_t at, std::string message, std::string hint) {
  if (!flaw_) flaw_ = Flaw{at, std::move(message), std::move(hint)};
  return std::nullopt;
}

}  // namespace wscope::talk
