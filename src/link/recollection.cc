#include "link/recollection.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"
#include "talk/json.h"

namespace wscope::link {
namespace {

constexpr std::string_view of_environment = "env.";

talk::Value text_value(std::string text) { return {talk::Value::Kind::text, std::move(text)}; }

template <typename Unit>
std::string since_1970(view::WallTime time) {
  return std::to_string(std::chrono::duration_cast<Unit>(time.time_since_epoch()).count());
}

}  // namespace

void Recollection::remember(const talk::Message& message) {
  groups_.assign(1, std::string(message.text()));
  message_ = message.text();
  is_json_ = message.json().has_value();
}

void Recollection::remember(const talk::Match& match, const talk::Message& message) {
  remember(message);
  const talk::Pattern::Groups groups = match.groups(message);
  groups_.clear();
  for (const auto& group : groups) groups_.push_back(group ? std::optional(std::string(*group)) : std::nullopt);
  for (const auto& [name, number] : match.group_names()) {
    if (groups_[number]) set(name, text_value(*groups_[number]));
  }
}

const talk::Value* Recollection::variable(const std::string& name) const {
  const auto found = variables_.find(name);
  if (found != variables_.end()) return &found->second;
  return others_ != nullptr ? others_->variable(name) : nullptr;
}

std::optional<talk::Value> Recollection::find(const talk::Name& name) const {
  using Kind = talk::Name::Kind;
  switch (name.kind) {
    case Kind::variable:
      return find_variable(name.text);
    case Kind::path: {
      if (!is_json_) return std::nullopt;
      const auto part = name.path->first(talk::trim_json(message_));
      return part ? std::optional(talk::Value{talk::Value::Kind::json, std::string(*part)}) : std::nullopt;
    }
    case Kind::group:
      if (name.group >= groups_.size() || !groups_[name.group]) return std::nullopt;
      return text_value(*groups_[name.group]);
    case Kind::uuid:
      return text_value(make_uuid());
    case Kind::now: {
      std::string text;
      view::append_rfc3339(now_, text);
      return text_value(std::move(text));
    }
    case Kind::unix_seconds:
      return text_value(since_1970<std::chrono::seconds>(now_));
    case Kind::unix_milliseconds:
      return text_value(since_1970<std::chrono::milliseconds>(now_));
    case Kind::random:
      return text_value(draw(name.low, name.high));
    case Kind::round:
      return text_value(std::to_string(round_));
  }
  return std::nullopt;
}

std::optional<talk::Value> Recollection::find_variable(const std::string& name) const {
  if (const talk::Value* value = variable(name)) return *value;
  if (!name.starts_with(of_environment)) return std::nullopt;
  const char* value = std::getenv(name.c_str() + of_environment.size());
  return value != nullptr ? std::optional(text_value(value)) : std::nullopt;
}

// RFC 9562 section 5.4.
std::string Recollection::make_uuid() const {
  std::array<std::byte, 16> bytes{};
  random_.fill(bytes);
  bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};
  bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", std::to_integer<unsigned>(bytes[i]));
  }
  return text;
}

std::string Recollection::draw(std::int64_t low, std::int64_t high) const {
  const std::uint64_t most = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  const auto next = [this] {
    std::array<std::byte, 8> bytes{};
    random_.fill(bytes);
    return base::load_big_endian<std::uint64_t>(bytes.data());
  };
  std::uint64_t drawn = next();
  if (most != UINT64_MAX) {
    // Numbers above the last whole round would make the smaller ones more likely.
    const std::uint64_t count = most + 1;
    const std::uint64_t left_over = (UINT64_MAX % count + 1) % count;
    while (drawn > UINT64_MAX - left_over) drawn = next();
    drawn %= count;
  }
  return std::to_string(static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + drawn));
}

void Nameable::add(const talk::Match& match) {
  matched = true;
  groups = match.group_count();
  for (const auto& [name, number] : match.group_names()) variables.push_back(name);
}

std::string why_unknown(const talk::Name& name, const Nameable& known) {
  using Kind = talk::Name::Kind;
  if (name.kind == Kind::group && (!known.matched || name.group > known.groups)) {
    return "there is no group " + name.text;
  }
  if (name.kind == Kind::path && !known.matched) return "no message was matched by then";
  if (name.kind != Kind::variable) return {};
  if (name.text.starts_with(of_environment)) {
    if (std::getenv(name.text.c_str() + of_environment.size()) != nullptr) return {};
    return name.text.substr(of_environment.size()) + " is not set in the environment";
  }
  const bool is_known = std::find(known.variables.begin(), known.variables.end(), name.text) != known.variables.end();
  return is_known ? "" : "{{" + name.text + "}} stands for nothing";
}

std::optional<talk::Flaw> find_unknown(const talk::Template& text, const Nameable& known) {
  for (const talk::Template::Part& part : text.parts()) {
    if (!part.name) continue;
    std::string why = why_unknown(*part.name, known);
    if (why.empty()) continue;
    const bool is_variable = part.name->kind == talk::Name::Kind::variable;
    const bool of_shell = part.name->text.starts_with(of_environment);
    return talk::Flaw{part.at, std::move(why), is_variable && !of_shell ? "\\{{ stands for {{" : ""};
  }
  return std::nullopt;
}

}  // namespace wscope::link
