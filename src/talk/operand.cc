#include "talk/operand.h"

#include <utility>

#include "talk/json.h"
#include "talk/json_reader.h"

namespace wscope::talk {
namespace {

constexpr const char* what_is_a_value =
    "expected a value: a path such as .type, a string, a number, true, false or null";

// The text of a JSON string that stands for `text`, without its quotes.
std::string within_quotes(std::string_view text) {
  std::string json;
  append_json_string(text, json);
  return json.substr(1, json.size() - 2);
}

}  // namespace

// Cuts JSON at its names.
class JsonTemplate::Scanner {
 public:
  explicit Scanner(Source& source) : source_(source), begin_(source.position()) {}

  [[nodiscard]] std::optional<JsonTemplate> run() {
    const char first = source_.front();
    if (first == '\'') return single_quoted();
    do {
      if (!take_piece()) return std::nullopt;
    } while (depth_ > 0);
    made_.parts_.push_back({std::move(before_)});
    // With values in their places it has to be JSON.
    std::string sample;
    for (const Part& part : made_.parts_) {
      sample += part.before;
      if (part.name && !part.in_string) sample += '0';
    }
    if (!is_json(sample)) {
      source_.move_to(begin_);
      return explain(sample);
    }
    return std::move(made_);
  }

 private:
  // Up to and with a bracket, a string, a name or a scalar; false if it ends in the midst of one.
  [[nodiscard]] bool take_piece() {
    const char c = source_.front();
    if (source_.at_end() && depth_ > 0) return source_.fail(begin_, "this value has no end"), false;
    if (source_.has_names() && source_.rest().starts_with("{{")) return take_name(false);
    if (c == '"') return take_string();
    if (c == '{' || c == '[') ++depth_;
    if (c == '}' || c == ']') --depth_;
    if (depth_ > 0 || c == '}' || c == ']') return take_character(), true;
    constexpr std::string_view ends = " \t\r\n()[]{}\",:'=!<>~";
    const std::string_view scalar = source_.rest().substr(0, source_.rest().find_first_of(ends));
    if (scalar.empty()) return source_.fail(begin_, what_is_a_value), false;
    before_ += scalar;
    source_.move_to(source_.position() + scalar.size());
    return true;
  }

  void take_character() {
    before_ += source_.front();
    source_.move_to(source_.position() + 1);
  }

  [[nodiscard]] bool take_name(bool in_string) {
    auto part = read_name(source_);
    if (!part) return false;
    made_.parts_.push_back({std::exchange(before_, {}), std::move(part->name), part->filter, in_string});
    return true;
  }

  [[nodiscard]] bool take_string() {
    take_character();
    while (source_.front() != '"') {
      if (source_.at_end()) return source_.fail(begin_, "this string has no end"), false;
      if (source_.has_names() && source_.take("\\{{")) {
        before_ += "{{";
      } else if (source_.has_names() && source_.rest().starts_with("{{")) {
        if (!take_name(true)) return false;
      } else {
        if (source_.front() == '\\') take_character();
        if (!source_.at_end()) take_character();
      }
    }
    take_character();
    return true;
  }

  [[nodiscard]] std::optional<JsonTemplate> single_quoted() {
    const auto text = read_string(source_);
    if (!text) return std::nullopt;
    Source within(*text, source_.has_names() ? Source::Names::filled_in : Source::Names::plain);
    auto parts = within.has_names() ? Template::read(within) : Template::plain(*text);
    if (!parts) return source_.fail(begin_ + 1 + within.flaw()->at, within.flaw()->message, within.flaw()->hint);
    std::string before = "\"";
    for (const Template::Part& part : parts->parts()) {
      before += within_quotes(part.text);
      if (!part.name) before += '"';
      made_.parts_.push_back({std::exchange(before, {}), part.name, part.filter, true});
    }
    return std::move(made_);
  }

  [[nodiscard]] std::nullopt_t explain(std::string_view sample) {
    JsonReader reader(sample);
    while (reader.next()) {
    }
    const bool is_container = sample.starts_with('{') || sample.starts_with('[');
    if (!is_container && !sample.starts_with('"')) return source_.fail(begin_, what_is_a_value);
    // With names the place is not that of the source.
    const std::size_t at = made_.has_names() ? 0 : reader.position();
    return source_.fail(begin_ + at, "this is not JSON");
  }

  Source& source_;
  std::size_t begin_;
  std::size_t depth_ = 0;
  std::string before_;
  JsonTemplate made_;
};

std::optional<JsonTemplate> JsonTemplate::read(Source& source) { return Scanner(source).run(); }

JsonTemplate JsonTemplate::plain(std::string json) {
  JsonTemplate made;
  made.parts_.push_back({std::move(json)});
  return made;
}

void JsonTemplate::collect(std::vector<Name>& names) const {
  for (const Part& part : parts_) {
    if (part.name) names.push_back(*part.name);
  }
}

base::Result<std::string> JsonTemplate::fill(const Names& names) const {
  std::string json;
  for (const Part& part : parts_) {
    json += part.before;
    if (!part.name) continue;
    const auto value = names.find(*part.name);
    if (!value) return missing_error(*part.name);
    if (part.filter == Template::Filter::none) {
      json += part.in_string ? within_quotes(as_text(*value)) : as_operand(*value);
      continue;
    }
    const std::string text = apply(part.filter, *value);
    json += part.in_string ? within_quotes(text) : as_operand({Value::Kind::text, text});
  }
  return json;
}

std::optional<Operand> read_operand(Source& source) {
  if (source.front() == '.') {
    auto path = Path::read(source);
    if (!path) return std::nullopt;
    return *std::move(path);
  }
  auto json = JsonTemplate::read(source);
  if (!json) return std::nullopt;
  return *std::move(json);
}

bool visit(const Operand& operand, std::string_view message, const Path::Visit& visit) {
  if (const auto* path = std::get_if<Path>(&operand)) return path->visit(message, visit);
  return visit(std::string_view(std::get<JsonTemplate>(operand).json()));
}

bool is_several(const Operand& operand) noexcept {
  const auto* path = std::get_if<Path>(&operand);
  return path != nullptr && path->is_several();
}

}  // namespace wscope::talk
