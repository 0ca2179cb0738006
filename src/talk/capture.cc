#include "talk/capture.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"

namespace wscope::talk {
namespace {

base::Error nothing(std::string message) { return {base::ErrorKind::expectation, std::move(message)}; }

Value text_value(std::string_view text) { return {Value::Kind::text, std::string(text)}; }

template <typename Number>
base::Result<Value> number_value(const std::optional<Number>& number, std::string_view what) {
  if (!number) return nothing("there is no " + std::string(what));
  return Value{Value::Kind::json, std::to_string(*number)};
}

std::string as_hex(base::Bytes bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

base::Result<Value> value_at(const Path& path, const Message& message) {
  const auto json = message.json();
  if (!json) return nothing("what was matched is not JSON");
  const Part part = path.first(*json);
  if (!part) return nothing(path.text() + " is missing");
  return Value{Value::Kind::json, std::string(*part)};
}

base::Result<Value> value_found(const Pattern& pattern, const Message& message) {
  const Pattern::Groups groups = pattern.find(message.data(), message.alphabet());
  if (groups.empty()) return nothing("the regular expression does not match");
  const auto& found = groups[groups.size() > 1 ? 1 : 0];
  if (!found) return nothing("group 1 has matched nothing");
  return text_value(*found);
}

}  // namespace

bool is_variable_name(std::string_view name) noexcept {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::optional<Capture> Capture::read(Source& source) {
  source.skip_blanks();
  const std::size_t begin = source.position();
  Capture capture;
  capture.name_ = std::string(source.take_name());
  if (!is_variable_name(capture.name_)) {
    return source.fail(begin, "expected the name of a variable: letters, digits and _");
  }
  source.skip_blanks();
  if (!source.take("=")) return source.fail("expected = behind the name");
  source.skip_blanks();
  if (!capture.read_what(source)) return std::nullopt;
  return capture;
}

bool Capture::read_what(Source& source) {
  struct Word {
    std::string_view word;
    Field field;
  };
  static constexpr Word words[] = {{"text", Field::text}, {"hex", Field::hex},       {"status", Field::status},
                                   {"code", Field::code}, {"reason", Field::reason}, {"rtt", Field::round_trip}};
  for (const auto& [word, field] : words) {
    if (!source.take_word(word)) continue;
    what_ = field;
    return true;
  }
  if (source.take_word("header")) {
    source.skip_blanks();
    const std::string_view name = source.rest().substr(0, source.rest().find_first_of(" \t"));
    if (name.empty()) return source.fail("expected the name of a header field"), false;
    source.move_to(source.position() + name.size());
    what_ = Header{std::string(name)};
    return true;
  }
  if (source.front() == '.') {
    auto path = Path::read(source);
    if (!path) return false;
    what_ = *std::move(path);
    return true;
  }
  if (source.take("~")) source.skip_blanks();
  if (source.front() != '/') {
    return source.fail("expected a path (.a.b), /RE/, text, hex, header NAME, status, code, reason or rtt"), false;
  }
  auto regex = Regex::read(source);
  if (!regex) return false;
  what_ = *std::move(regex);
  return true;
}

std::vector<Name> Capture::names() const {
  std::vector<Name> names;
  if (const auto* regex = std::get_if<Regex>(&what_)) {
    for (const Template::Part& part : regex->expression().parts()) {
      if (part.name) names.push_back(*part.name);
    }
  }
  return names;
}

base::Result<Value> Capture::of(const Occasion& occasion, const Names& names) const {
  if (const auto* header = std::get_if<Header>(&what_)) {
    if (!occasion.header) return nothing("there are no header fields");
    const auto value = occasion.header(header->name);
    if (!value) return nothing("there is no header field " + header->name);
    return text_value(*value);
  }
  const Field* const field = std::get_if<Field>(&what_);
  if (field != nullptr && *field == Field::status) return number_value(occasion.status, "status");
  if (field != nullptr && *field == Field::code) return number_value(occasion.code, "code of a Close");
  if (field != nullptr && *field == Field::reason) {
    return occasion.reason ? base::Result<Value>(text_value(*occasion.reason)) : nothing("there is no reason");
  }
  if (field != nullptr && *field == Field::round_trip) {
    if (!occasion.round_trip) return nothing("there is no Pong that answers a Ping");
    const std::chrono::duration<double, std::milli> milliseconds = *occasion.round_trip;
    return Value{Value::Kind::json, fmt::format("{:.3f}", milliseconds.count())};
  }
  if (occasion.message == nullptr) return nothing("there is no message");
  const Message& message = *occasion.message;
  if (const auto* path = std::get_if<Path>(&what_)) return value_at(*path, message);
  if (const auto* regex = std::get_if<Regex>(&what_)) {
    if (!regex->has_names()) return value_found(regex->pattern(), message);
    const auto filled = regex->fill(names);
    if (!filled) return filled.error();
    return value_found(filled->pattern(), message);
  }
  if (*field == Field::hex) return text_value(as_hex(message.data()));
  if (!base::is_utf8(message.data())) return nothing("what was matched is not UTF-8; hex takes it");
  return text_value(message.text());
}

}  // namespace wscope::talk
