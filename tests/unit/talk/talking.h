// Short ways to what src/talk has.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "talk/match.h"

namespace wscope::test {

/// Names that a test knows; others are missing.
class KnownNames final : public talk::Names {
 public:
  using Values = std::map<std::string, talk::Value>;
  KnownNames() = default;
  explicit KnownNames(Values known) : values(std::move(known)) {}
  Values values{};
  [[nodiscard]] std::optional<talk::Value> find(const talk::Name& name) const override {
    const auto found = values.find(name.text);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  }
};

inline talk::Value json_value(std::string text) { return {talk::Value::Kind::json, std::move(text)}; }
inline talk::Value text_value(std::string text) { return {talk::Value::Kind::text, std::move(text)}; }

/// A MATCH of a command line.
inline talk::Match argument(std::string_view text) {
  auto match = talk::Match::parse_argument(text);
  if (!match) FAIL(std::string(text) << ": " << match.error().message);
  return std::move(match).value();
}

/// A MATCH of a script, which is all of `text`.
inline talk::Match scripted(std::string_view text) {
  talk::Source source(text, talk::Source::Names::filled_in);
  auto match = talk::Match::read(source);
  if (!match) FAIL(std::string(text) << ": " << source.flaw()->message);
  CHECK(source.rest() == "");
  return *std::move(match);
}

inline bool matches(const talk::Match& match, std::string_view payload, bool binary = false) {
  return match.matches(talk::Message(base::as_bytes(payload), binary));
}

/// What is wrong with a MATCH of a command line: the message, the excerpt, the hint.
inline std::string complaint(std::string_view text) {
  const auto match = talk::Match::parse_argument(text);
  if (match.ok()) return "nothing";
  const base::Error& error = match.error();
  return error.message + "\n" + error.excerpt + (error.hint.empty() ? "" : "\nhint: " + error.hint);
}

}  // namespace wscope::test
