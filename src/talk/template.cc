#include "talk/template.h"

#include <charconv>
#include <utility>

#include "base/base64.h"
#include "talk/json.h"
#include "talk/json_reader.h"

namespace wscope::talk {
namespace {

struct Word {
  std::string_view text;
  Name::Kind kind;
};
constexpr Word words[] = {{"uuid", Name::Kind::uuid},
                          {"now", Name::Kind::now},
                          {"unix", Name::Kind::unix_seconds},
                          {"unix_ms", Name::Kind::unix_milliseconds},
                          {"n", Name::Kind::round}};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// RFC 3986 section 2.3.
bool is_unreserved(char c) noexcept {
  const auto letter = static_cast<char>(static_cast<unsigned char>(c) | 0x20U);
  return (letter >= 'a' && letter <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    out += '%';
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

template <typename Number>
bool read_number(Source& source, Number& number) {
  const std::string_view rest = source.rest();
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc()) return false;
  source.move_to(source.position() + static_cast<std::size_t>(end - rest.data()));
  return true;
}

std::optional<Name> read_random(Source& source, Name name) {
  name.kind = Name::Kind::random;
  const std::size_t begin = source.position();
  source.skip_blanks();
  bool read = read_number(source, name.low);
  source.skip_blanks();
  read = read && read_number(source, name.high) && name.low <= name.high;
  if (!read) return source.fail(begin, "random wants two integers, the smaller one first: {{random 1 9}}");
  return name;
}

std::optional<Name> read_what_is_named(Source& source) {
  const std::size_t begin = source.position();
  Name name;
  if (source.front() == '.') {
    name.path = Path::read(source);
    if (!name.path) return std::nullopt;
    name.kind = Name::Kind::path;
    name.text = name.path->text();
    return name;
  }
  if (is_digit(source.front())) {
    name.kind = Name::Kind::group;
    if (!read_number(source, name.group)) return source.fail(begin, "there are not so many groups");
  } else {
    const auto continues = [](char c) { return c == '_' || is_digit(c) || (begins_name(c) && (c & 0x80) == 0); };
    if (!continues(source.front())) {
      return source.fail(begin, "expected a name, a path or the number of a group", "\\{{ stands for {{");
    }
    while (continues(source.front()) || source.front() == '.') source.move_to(source.position() + 1);
  }
  name.text = source.text().substr(begin, source.position() - begin);
  if (name.text == "random") return read_random(source, std::move(name));
  for (const Word& word : words) {
    if (word.text == name.text) name.kind = word.kind;
  }
  return name;
}

std::optional<Template::Filter> read_filter(Source& source) {
  source.skip_blanks();
  const std::size_t begin = source.position();
  const std::string_view filter = source.take_name();
  if (filter == "json") return Template::Filter::json;
  if (filter == "url") return Template::Filter::url;
  if (filter == "base64") return Template::Filter::base64;
  return source.fail(begin, "the filters are json, url and base64");
}

}  // namespace

std::string as_text(const Value& value) {
  const bool is_string = value.kind == Value::Kind::json && value.text.starts_with('"');
  return is_string ? unescape_json(value.text) : value.text;
}

std::string as_json(const Value& value) {
  if (value.kind == Value::Kind::json) return value.text;
  std::string json;
  append_json_string(value.text, json);
  return json;
}

std::string as_operand(const Value& value) {
  JsonReader reader(value.text);
  const auto token = reader.next();
  const bool is_scalar = token && (token->kind == JsonToken::Kind::number || token->kind == JsonToken::Kind::word);
  return is_scalar && token->text.size() == value.text.size() ? value.text : as_json(value);
}

std::string apply(Template::Filter filter, const Value& value) {
  switch (filter) {
    case Template::Filter::none:
      break;
    case Template::Filter::json:
      return as_json(value);
    case Template::Filter::url:
      return percent_encode(as_text(value));
    case Template::Filter::base64:
      return base::base64_encode(base::as_bytes(as_text(value)));
  }
  return as_text(value);
}

base::Error missing_error(const Name& name) {
  return {base::ErrorKind::expectation, "there is nothing for {{" + name.text + "}}"};
}

std::optional<Template::Part> read_name(Source& source) {
  Template::Part part;
  part.at = source.position();
  source.take("{{");
  source.skip_blanks();
  part.name = read_what_is_named(source);
  if (!part.name) return std::nullopt;
  source.skip_blanks();
  if (source.take("|")) {
    const auto filter = read_filter(source);
    if (!filter) return std::nullopt;
    part.filter = *filter;
    source.skip_blanks();
  }
  if (!source.take("}}")) return source.fail("expected }}", "\\{{ stands for {{");
  return part;
}

std::optional<Template> Template::read(Source& source) {
  Template made;
  std::string text;
  while (!source.at_end()) {
    if (source.take("\\{{")) {
      text += "{{";
    } else if (source.rest().starts_with("{{")) {
      auto part = read_name(source);
      if (!part) return std::nullopt;
      part->text = std::exchange(text, {});
      made.parts_.push_back(*std::move(part));
    } else {
      text += source.front();
      source.move_to(source.position() + 1);
    }
  }
  made.parts_.push_back({std::move(text)});
  return made;
}

base::Result<Template> Template::parse(std::string_view text) {
  Source source(text, Source::Names::filled_in);
  auto made = read(source);
  if (!made) return describe(*source.flaw(), text);
  return *std::move(made);
}

Template Template::plain(std::string text) {
  Template made;
  made.parts_.push_back({std::move(text)});
  return made;
}

base::Result<std::string> Template::fill(const Names& names) const {
  std::string text;
  for (const Part& part : parts_) {
    text += part.text;
    if (!part.name) continue;
    const auto value = names.find(*part.name);
    if (!value) return missing_error(*part.name);
    text += apply(part.filter, *value);
  }
  return text;
}

}  // namespace wscope::talk
