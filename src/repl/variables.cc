#include "repl/variables.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "repl/slash_arguments.h"
#include "view/escape.h"

namespace wscope::repl {
namespace {

base::Error is_no_name(std::string_view name) {
  return base::usage_error(fmt::format("{} is no name of a variable: letters, digits and _", view::escape(name)));
}

}  // namespace

base::Result<void> Variables::set(std::string_view name, talk::Value value) {
  if (!talk::is_variable_name(name)) return is_no_name(name);
  const auto used = talk::Template::parse(fmt::format("{{{{{}}}}}", name));
  const bool is_free = used && used->has_names() && used->parts().front().name->kind == talk::Name::Kind::variable;
  if (!is_free) return base::usage_error(fmt::format("{{{{{}}}}} stands for something else", name));
  names_.set(std::string(name), std::move(value));
  return {};
}

std::string Variables::describe(std::string_view name, const talk::Value& value) {
  const bool json = value.kind == talk::Value::Kind::json;
  return fmt::format("  {} = {}\n", name, view::escape(json ? value.text : talk::as_text(value)));
}

std::string Variables::describe() const {
  std::string text;
  for (const auto& [name, value] : names_.variables()) text += describe(name, value);
  return text;
}

void Variables::remember(const talk::Match& match, const talk::Message& message) {
  names_.remember(match, message);
  matched_ = true;
  groups_ = match.group_count();
}

link::Nameable Variables::known() const {
  link::Nameable known;
  known.matched = matched_;
  known.groups = groups_;
  for (const auto& [name, value] : names_.variables()) known.variables.push_back(name);
  return known;
}

std::optional<base::Error> Variables::find_unknown(std::string_view text) const {
  if (!on_) return std::nullopt;
  const auto parsed = talk::Template::parse(text);
  if (!parsed) return parsed.error();
  const auto flaw = link::find_unknown(*parsed, known());
  return flaw ? std::optional(talk::describe(*flaw, text)) : std::nullopt;
}

base::Result<std::string> Variables::fill(std::string_view text) {
  if (!on_) return std::string(text);
  if (auto unknown = find_unknown(text)) return *std::move(unknown);
  names_.set_time(std::chrono::system_clock::now());
  return talk::Template::parse(text).value().fill(names_);
}

base::Result<talk::Match> Variables::read_match(std::string_view text) {
  auto match = parse_match(text, notation());
  return match ? fill(std::move(match).value()) : std::move(match);
}

base::Result<talk::Match> Variables::fill(talk::Match match) {
  if (!on_) return match;
  names_.set_time(std::chrono::system_clock::now());
  return match.fill(names_);
}

}  // namespace wscope::repl
