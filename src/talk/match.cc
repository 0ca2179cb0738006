#include "talk/match.h"

#include <algorithm>
#include <charconv>

#include "talk/comparison.h"
#include "talk/json.h"
#include "talk/json_reader.h"

namespace wscope::talk {
namespace {

int digit_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const auto letter = static_cast<char>(static_cast<unsigned char>(c) | 0x20U);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// Behind the hex: of them.
std::optional<BytePattern> read_bytes(Source& source) {
  BytePattern pattern;
  while (true) {
    const std::size_t behind = source.position();
    source.skip_blanks();
    if (source.take("??")) {
      pattern.bytes.push_back(std::nullopt);
      continue;
    }
    if (source.take("*")) {
      pattern.goes_on = true;
      return pattern;
    }
    const int high = digit_value(source.front());
    if (high < 0) {
      source.move_to(behind);
      return pattern;
    }
    const std::string_view rest = source.rest();
    const int low = rest.size() > 1 ? digit_value(rest[1]) : -1;
    if (low < 0) return source.fail("expected two hex digits, ?? or, at the end, *");
    pattern.bytes.push_back(static_cast<std::byte>(high * 16 + low));
    source.move_to(source.position() + 2);
  }
}

std::optional<std::uint64_t> read_length(Source& source) {
  std::uint64_t number = 0;
  const std::string_view rest = source.rest();
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc()) return source.fail("expected a number of bytes");
  const std::size_t begin = source.position();
  source.move_to(begin + static_cast<std::size_t>(end - rest.data()));
  constexpr std::string_view units = "KMG";
  const std::size_t unit = source.at_end() ? std::string_view::npos : units.find(source.front());
  if (unit == std::string_view::npos) return number;
  source.move_to(source.position() + 1);
  const std::size_t shift = 10 * (unit + 1);
  if (number > UINT64_MAX >> shift) return source.fail(begin, "no message is so long");
  return number << shift;
}

std::optional<LengthRange> read_range(Source& source) {
  source.skip_blanks();
  const std::size_t begin = source.position();
  LengthRange range;
  if (!source.take("..")) {
    const auto least = read_length(source);
    if (!least) return std::nullopt;
    range.least = *least;
    if (!source.take("..")) range.most = *least;
    if (range.most == *least) return range;
    if (digit_value(source.front()) < 0 || digit_value(source.front()) > 9) return range;
  }
  const auto most = read_length(source);
  if (!most) return std::nullopt;
  range.most = *most;
  if (range.least > range.most) return source.fail(begin, "the range ends before it begins");
  return range;
}

// How much of a text in front is made of those characters and of names in braces, of which there is one; else 0.
std::size_t size_with_names(std::string_view text, std::string_view others) noexcept {
  std::size_t size = 0;
  bool has_names = false;
  while (size < text.size()) {
    if (text.substr(size).starts_with("{{")) {
      const std::size_t end = text.find("}}", size);
      size = end == std::string_view::npos ? text.size() : end + 2;
      has_names = true;
    } else if (others.empty() ? text[size] != ' ' && text[size] != '\t' : others.find(text[size]) != others.npos) {
      ++size;
    } else {
      break;
    }
  }
  return has_names ? size : 0;
}

// Whether what is behind a string makes it a part of an expression.
bool goes_on(const Source& at) noexcept {
  Source source = at.ahead();
  source.skip_blanks();
  if (take_relation(source) || source.take("=") || source.take("~") || source.take("!~")) return true;
  for (const std::string_view word : {"and", "or", "has", "count", "is", "like"}) {
    if (source.take_word(word)) return true;
  }
  return false;
}

// As Match::parse_argument() has it.
bool is_expression(const Source& at) noexcept {
  Source source = at.ahead();
  while (true) {
    source.skip_blanks();
    if (source.take("(")) continue;
    Source behind = source.ahead();
    const bool negates = behind.take_word("not");
    const char c = behind.front();
    if (!negates || (c != ' ' && c != '\t' && c != '(' && c != '\n')) break;
    source.move_to(behind.position());
  }
  if (!source.take(".")) return false;
  constexpr std::string_view others = "\"[ \t\n";
  return begins_name(source.front()) || (!source.at_end() && others.find(source.front()) != std::string_view::npos);
}

// Where the slash is that ends a text which begins with one, but for flags; 0 if there is none.
std::size_t closing_slash(std::string_view text) noexcept {
  std::string_view left = text;
  while (left.ends_with('i') || left.ends_with('s')) left.remove_suffix(1);
  return text.size() - left.size() <= 2 && left.size() > 1 && left.starts_with('/') && left.ends_with('/')
             ? left.size() - 1
             : 0;
}

}  // namespace

std::optional<std::string_view> Message::json() const {
  if (!std::exchange(looked_, true) && is_json(text())) json_ = trim_json(text());
  return json_;
}

bool BytePattern::matches(base::Bytes data) const noexcept {
  if (data.size() < bytes.size() || (data.size() > bytes.size() && !goes_on)) return false;
  return std::equal(bytes.begin(), bytes.end(), data.begin(),
                    [](const auto& wanted, std::byte byte) { return !wanted || *wanted == byte; });
}

// --- reading

// Moves the source behind it. Nothing without a flaw: it has no names.
std::optional<Match::Test> Match::read_unfilled(Source& source, Unfilled::Kind kind) {
  constexpr std::string_view others[] = {"0123456789abcdefABCDEF?* \t", "0123456789.KMG \t", ""};
  if (!source.has_names()) return std::nullopt;
  const std::size_t size = size_with_names(source.rest(), others[static_cast<std::size_t>(kind)]);
  if (size == 0) return std::nullopt;
  const std::string_view rest = source.rest().substr(0, size);
  const std::string_view text = rest.substr(0, rest.find_last_not_of(" \t") + 1);
  Source part(text, Source::Names::filled_in);
  auto read = Template::read(part);
  if (!read) return source.fail(source.position() + part.flaw()->at, part.flaw()->message, part.flaw()->hint);
  source.move_to(source.position() + text.size());
  return Test(Unfilled{kind, *std::move(read)});
}

// A value is digits, and nothing that would mean more.
base::Result<Match::Test> Match::fill(const Unfilled& test, const Names& names) {
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  const bool is_bytes = test.kind == Unfilled::Kind::bytes;
  std::string text;
  for (const Template::Part& part : test.text.parts()) {
    text += part.text;
    if (!part.name) continue;
    const auto value = names.find(*part.name);
    if (!value) return missing_error(*part.name);
    const std::string filled = apply(part.filter, *value);
    const bool is_digits = filled.find_first_not_of(is_bytes ? digits : digits.substr(0, 10)) == std::string::npos &&
                           !filled.empty() && (!is_bytes || filled.size() % 2 == 0);
    if (test.kind != Unfilled::Kind::file && !is_digits) {
      return base::usage_error("{{" + part.name->text + "}} is not " + (is_bytes ? "pairs of hex digits" : "a number"));
    }
    text += filled;
  }
  if (test.kind == Unfilled::Kind::file) return Test(FileName{std::move(text)});
  Source source(text);
  std::optional<Test> read;
  if (is_bytes) {
    if (auto bytes = read_bytes(source)) read = *std::move(bytes);
  } else if (auto range = read_range(source)) {
    read = *range;
  }
  source.skip_blanks();
  if (read && !source.at_end()) source.fail("this is no part of it");
  if (source.flaw()) return describe(*source.flaw(), text);
  return *std::move(read);
}

std::optional<Match> Match::read(Source& source) {
  source.skip_blanks();
  const std::size_t begin = source.position();
  auto test = read_test(source);
  if (!test) return std::nullopt;
  return Match(*std::move(test), source.text().substr(begin, source.position() - begin));
}

std::optional<Match::Test> Match::read_test(Source& source) {
  const auto as_test = [](auto read) { return read ? std::optional<Test>(*std::move(read)) : std::nullopt; };
  const auto with_names = [&source](Unfilled::Kind kind, auto read) {
    auto unfilled = read_unfilled(source, kind);
    return unfilled || source.flaw() ? std::move(unfilled) : read();
  };
  if (source.take("hex:")) return with_names(Unfilled::Kind::bytes, [&] { return as_test(read_bytes(source)); });
  if (source.take("@")) {
    auto unfilled = read_unfilled(source, Unfilled::Kind::file);
    if (unfilled || source.flaw()) return unfilled;
    const std::string_view name = source.rest().substr(0, source.rest().find_first_of(" \t"));
    if (name.empty()) return source.fail("expected the name of a file behind @");
    source.move_to(source.position() + name.size());
    return FileName{std::string(name)};
  }
  if (source.take_word("len")) return with_names(Unfilled::Kind::length, [&] { return as_test(read_range(source)); });
  if (source.take("~")) source.skip_blanks();
  if (source.front() == '/') return as_test(Regex::read(source));
  return read_string_or_expression(source);
}

std::optional<Match::Test> Match::read_string_or_expression(Source& source) {
  const std::size_t begin = source.position();
  if (source.front() == '"' || source.front() == '\'') {
    auto string = JsonTemplate::read(source);
    if (!string) return std::nullopt;
    if (!goes_on(source)) return Test(*std::move(string));
    source.move_to(begin);
  }
  auto expression = Expression::read(source);
  if (!expression) return std::nullopt;
  return Test(*std::move(expression));
}

std::optional<Match::Test> Match::read_argument(Source& source) {
  if (is_expression(source)) {
    auto expression = Expression::read(source);
    if (!expression) return std::nullopt;
    return Test(*std::move(expression));
  }
  const std::string_view text = source.text();
  if (source.take("hex:")) {
    auto unfilled = read_unfilled(source, Unfilled::Kind::bytes);
    if (unfilled || source.flaw()) return unfilled;
    auto bytes = read_bytes(source);
    if (!bytes) return std::nullopt;
    return Test(*std::move(bytes));
  }
  const std::size_t slash = closing_slash(text);
  auto regex = slash > 0 ? Regex::compile(source, 1, slash - 1, text.substr(slash + 1))
                         : Regex::compile(source, 0, text.size(), "");
  if (!regex) return std::nullopt;
  source.move_to(text.size());
  return Test(*std::move(regex));
}

base::Result<Match> Match::parse_argument(std::string_view text, Source::Names names) {
  Source source(text, names);
  auto test = read_argument(source);
  if (test) {
    source.skip_blanks();
    const bool is_bytes = std::holds_alternative<BytePattern>(*test);
    if (!source.at_end() && is_bytes) source.fail("expected two hex digits, ?? or, at the end, *");
    if (!source.at_end()) source.fail(source.position(), "expected and, or or a comparison", hint_behind_value(source));
  }
  if (source.flaw()) return describe(*source.flaw(), text);
  return Match(*std::move(test), text);
}

std::optional<Match> Match::read_before_equals(Source& source) {
  const std::string_view text = source.rest();
  const std::size_t begin = source.position();
  std::size_t size = 0;  // of the match
  if (Source probe(text, source.has_names() ? Source::Names::filled_in : Source::Names::plain); is_expression(probe)) {
    if (!Expression::read(probe)) {
      return source.fail(begin + probe.flaw()->at, probe.flaw()->message, probe.flaw()->hint);
    }
    size = probe.position();
  } else if (probe.front() == '/' && Regex::read(probe) && probe.front() == '=') {
    size = probe.position();
  } else {
    while (size < text.size() && text[size] != '=') size += text[size] == '\\' ? 2U : 1U;
    size = std::min(size, text.size());
  }
  const std::string_view behind = text.substr(size);
  const std::size_t blanks = behind.find_first_not_of(" \t");
  const bool is_apart = (size > 0 && text[size - 1] == ' ') || blanks != 0;
  if (behind.empty() || blanks == std::string_view::npos || behind[blanks] != '=') {
    return source.fail(begin + size, "expected =TEXT behind the match");
  }
  if (is_apart) return source.fail(begin + size + blanks, "a blank stands before this =", "==");
  Source part(text.substr(0, size), source.has_names() ? Source::Names::filled_in : Source::Names::plain);
  auto test = read_argument(part);
  if (test && !part.at_end()) part.fail("this is no part of a match");
  if (part.flaw()) return source.fail(begin + part.flaw()->at, part.flaw()->message, part.flaw()->hint);
  source.move_to(begin + size);
  return Match(*std::move(test), part.text());
}

// --- looking at messages

bool Match::matches(const Message& message) const {
  struct Looks {
    const Message& message;
    bool operator()(const Expression& expression) const {
      const auto json = message.json();
      return json && expression.holds(*json);
    }
    bool operator()(const Regex& regex) const { return regex.pattern().matches(message.data(), message.alphabet()); }
    bool operator()(const JsonTemplate& string) const { return unescape_json(string.json()) == message.text(); }
    bool operator()(const std::string& payload) const { return payload == message.text(); }
    bool operator()(const BytePattern& bytes) const { return bytes.matches(message.data()); }
    bool operator()(const FileName&) const { return false; }
    bool operator()(const Unfilled&) const { return false; }
    bool operator()(const LengthRange& range) const {
      return message.data().size() >= range.least && message.data().size() <= range.most;
    }
  };
  return std::visit(Looks{message}, test_);
}

std::string Match::explain(const Message& message) const {
  const auto* expression = std::get_if<Expression>(&test_);
  return expression != nullptr && message.json() ? expression->explain(*message.json()) : "";
}

Pattern::Groups Match::groups(const Message& message) const {
  if (const auto* regex = std::get_if<Regex>(&test_)) return regex->pattern().find(message.data(), message.alphabet());
  return {message.text()};
}

std::size_t Match::group_count() const {
  const auto* regex = std::get_if<Regex>(&test_);
  return regex != nullptr ? regex->pattern().group_count() : 0;
}

std::vector<std::pair<std::string, std::size_t>> Match::group_names() const {
  const auto* regex = std::get_if<Regex>(&test_);
  return regex != nullptr ? regex->pattern().group_names() : std::vector<std::pair<std::string, std::size_t>>();
}

const std::string* Match::file() const noexcept {
  const auto* file = std::get_if<FileName>(&test_);
  return file != nullptr ? &file->name : nullptr;
}

std::vector<Name> Match::names() const {
  std::vector<Name> names;
  if (const auto* expression = std::get_if<Expression>(&test_)) expression->collect(names);
  if (const auto* string = std::get_if<JsonTemplate>(&test_)) string->collect(names);
  const auto* regex = std::get_if<Regex>(&test_);
  const auto* unfilled = std::get_if<Unfilled>(&test_);
  if (regex == nullptr && unfilled == nullptr) return names;
  for (const Template::Part& part : (regex != nullptr ? regex->expression() : unfilled->text).parts()) {
    if (part.name) names.push_back(*part.name);
  }
  return names;
}

base::Result<Match> Match::fill(const Names& names) const {
  const auto made = [this](auto filled) -> base::Result<Match> {
    if (!filled) return std::move(filled).error();
    return Match(std::move(filled).value(), text_);
  };
  if (const auto* expression = std::get_if<Expression>(&test_)) return made(expression->fill(names));
  if (const auto* regex = std::get_if<Regex>(&test_)) return made(regex->fill(names));
  if (const auto* unfilled = std::get_if<Unfilled>(&test_)) return made(fill(*unfilled, names));
  if (const auto* string = std::get_if<JsonTemplate>(&test_)) {
    auto json = string->fill(names);
    if (!json) return std::move(json).error();
    return Match(JsonTemplate::plain(std::move(json).value()), text_);
  }
  if (const auto* payload = std::get_if<std::string>(&test_)) return Match(*payload, text_);
  if (const auto* bytes = std::get_if<BytePattern>(&test_)) return Match(*bytes, text_);
  if (const auto* file = std::get_if<FileName>(&test_)) return Match(*file, text_);
  return Match(std::get<LengthRange>(test_), text_);
}

}  // namespace wscope::talk
