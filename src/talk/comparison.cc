#include "talk/comparison.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <utility>

#include "talk/json.h"
#include "talk/json_compare.h"

namespace wscope::talk {
namespace {

constexpr std::string_view null = "null";  // what is missing is, to ==

std::string_view value_of(const Part& part) noexcept { return part.value_or(null); }

// std::string_view::find() takes more than linear time.
bool contains(std::string_view text, std::string_view part) noexcept {
  return part.empty() || ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

// Of values that are to be compared with many: the least or greatest number and string, which alone matter.
class Extremes {
 public:
  explicit Extremes(bool greatest) : greatest_(greatest) {}
  void add(const Part& part) {
    if (!part) return;
    const JsonType type = type_of(*part);
    if (type == JsonType::number) keep(number_, *part);
    if (type == JsonType::string) keep(string_, *part);
  }
  template <typename Test>
  [[nodiscard]] bool any(Test test) const {
    return (number_ && test(number_->second)) || (string_ && test(string_->second));
  }

 private:
  using Extreme = std::optional<std::pair<Comparand, std::string_view>>;
  void keep(Extreme& extreme, std::string_view value) const {
    const auto order = extreme ? extreme->first.order(value) : std::nullopt;
    if (!order || (greatest_ ? std::is_gt(*order) : std::is_lt(*order))) extreme.emplace(Comparand(value), value);
  }

  bool greatest_;
  Extreme number_;
  Extreme string_;
};

// Whether an array has the element, an object the key, a string the part.
bool has(std::string_view value, const Comparand& wanted) {
  const JsonType type = type_of(value);
  if (type == JsonType::array) {
    for (JsonItems items(value); items.next();) {
      if (wanted.equals(items.value())) return true;
    }
  }
  if (wanted.type() != JsonType::string) return false;
  if (type == JsonType::object) {
    for (JsonItems items(value); items.next();) {
      if (items.has_key(wanted.text())) return true;
    }
  }
  return type == JsonType::string && contains(unescape_json(value), wanted.text());
}

}  // namespace

bool is(Relation relation, std::strong_ordering order) noexcept {
  switch (relation) {
    case Relation::equal:
      return std::is_eq(order);
    case Relation::different:
      return std::is_neq(order);
    case Relation::less:
      return std::is_lt(order);
    case Relation::at_most:
      return std::is_lteq(order);
    case Relation::greater:
      return std::is_gt(order);
    case Relation::at_least:
      return std::is_gteq(order);
  }
  return false;
}

std::optional<Relation> take_relation(Source& source) noexcept {
  if (source.take("==")) return Relation::equal;
  if (source.take("!=")) return Relation::different;
  if (source.take("<=")) return Relation::at_most;
  if (source.take(">=")) return Relation::at_least;
  if (source.take("<")) return Relation::less;
  if (source.take(">")) return Relation::greater;
  return std::nullopt;
}

std::string hint_behind_value(const Source& source) {
  const std::string_view rest = source.rest();
  if (rest.starts_with("=~")) return "~ /.../ asks for a match";
  if (rest.starts_with("=")) return "== asks whether two values are equal";
  if (rest.starts_with("&&")) return "and";
  if (rest.starts_with("||")) return "or";
  return "";
}

// --- reading

std::optional<Comparison> Comparison::read(Source& source) {
  if (source.take_word("like")) {
    Source whole(".");
    Comparison comparison(*Path::read(whole));
    if (!comparison.read_value(source, Kind::like)) return std::nullopt;
    return comparison;
  }
  auto left = read_operand(source);
  if (!left) return std::nullopt;
  Comparison comparison(*std::move(left));
  const std::size_t behind = source.position();
  source.skip_blanks();
  if (!comparison.read_right(source)) return std::nullopt;
  if (comparison.kind_ == Kind::truth) source.move_to(behind);
  return comparison;
}

bool Comparison::read_right(Source& source) {
  if (source.take("!~")) return read_regex(source, Kind::no_match);
  if (source.take("~")) return read_regex(source, Kind::match);
  if (const auto relation = take_relation(source)) {
    relation_ = *relation;
    return read_value(source, Kind::relation);
  }
  if (source.take_word("has")) {
    const std::size_t at = source.position();
    if (!read_value(source, Kind::has)) return false;
    if (is_several(*right_)) source.fail(at, "has takes one value on its right, not several of []");
    return !is_several(*right_);
  }
  if (source.take_word("count")) return read_count(source);
  if (source.take_word("like")) return read_value(source, Kind::like);
  if (!source.take_word("is")) return true;
  source.skip_blanks();
  const auto type = read_type(source);
  if (type) type_ = *type;
  kind_ = Kind::type;
  return type.has_value();
}

bool Comparison::read_value(Source& source, Kind kind) {
  kind_ = kind;
  source.skip_blanks();
  if (kind == Kind::like && source.front() == '.') {
    return source.fail("like takes JSON, in which \"*\" is anything"), false;
  }
  right_ = read_operand(source);
  return right_.has_value();
}

bool Comparison::read_count(Source& source) {
  source.skip_blanks();
  const auto relation = take_relation(source);
  if (!relation) return source.fail("expected == or another comparison", hint_behind_value(source)), false;
  relation_ = *relation;
  source.skip_blanks();
  const std::size_t at = source.position();
  if (!read_value(source, Kind::count)) return false;
  const auto* number = std::get_if<JsonTemplate>(&*right_);
  const bool fits = number != nullptr && (number->has_names() || type_of(number->json()) == JsonType::number);
  if (!fits) source.fail(at, "count is compared with a number");
  return fits;
}

bool Comparison::read_regex(Source& source, Kind kind) {
  kind_ = kind;
  source.skip_blanks();
  regex_ = Regex::read(source);
  return regex_.has_value();
}

std::optional<Comparison::Type> Comparison::read_type(Source& source) {
  constexpr std::array<std::pair<std::string_view, Type>, 8> types = {{{"string", Type::string},
                                                                       {"number", Type::number},
                                                                       {"integer", Type::integer},
                                                                       {"boolean", Type::boolean},
                                                                       {"null", Type::null},
                                                                       {"array", Type::array},
                                                                       {"object", Type::object},
                                                                       {"missing", Type::missing}}};
  for (const auto& [name, type] : types) {
    if (source.take_word(name)) return type;
  }
  return source.fail("expected string, number, integer, boolean, null, array, object or missing");
}

// --- looking at messages

bool Comparison::holds(std::string_view message) const {
  switch (kind_) {
    case Kind::truth:
      return visit(left_, message,
                   [](const Part& part) { return part && *part != null && *part != std::string_view("false"); });
    case Kind::relation:
      if (relation_ == Relation::equal) return any_equal(message);
      return relation_ == Relation::different ? !any_equal(message) : any_ordered(message);
    case Kind::match:
      return any_matches(message);
    case Kind::no_match:
      return !any_matches(message);
    case Kind::has:
      return any_has(message);
    case Kind::count: {
      const Comparand wanted(literal());
      return visit(left_, message, [&](const Part& part) {
        const auto count = part ? count_items(*part) : std::nullopt;
        if (!count) return false;
        const auto order = wanted.order(std::to_string(*count));
        return order && is(relation_, *order);
      });
    }
    case Kind::type:
      return visit(left_, message, [this](const Part& part) { return is_of_type(part); });
    case Kind::like: {
      const Likeness alike(literal());
      return visit(left_, message, [&alike](const Part& part) { return part && alike(*part); });
    }
  }
  return false;
}

bool Comparison::any_equal(std::string_view message) const {
  const bool right_is_several = is_several(*right_);
  const Operand& one = right_is_several ? left_ : *right_;
  const Operand& other = right_is_several ? *right_ : left_;
  if (!is_several(one)) {
    return visit(one, message, [&](const Part& part) {
      const Comparand wanted(value_of(part));
      return visit(other, message, [&wanted](const Part& found) { return wanted.equals(value_of(found)); });
    });
  }
  std::set<std::string, std::less<>> values;
  visit(one, message, [&values](const Part& part) { return values.insert(canonical(value_of(part))), false; });
  return visit(other, message, [&values](const Part& part) { return values.count(canonical(value_of(part))) > 0; });
}

bool Comparison::any_ordered(std::string_view message) const {
  Extremes left(relation_ == Relation::greater || relation_ == Relation::at_least);
  visit(left_, message, [&left](const Part& part) { return left.add(part), false; });
  Extremes right(relation_ == Relation::less || relation_ == Relation::at_most);
  visit(*right_, message, [&right](const Part& part) { return right.add(part), false; });
  return right.any([&](std::string_view bound) {
    const Comparand wanted(bound);
    return left.any([&](std::string_view value) {
      const auto order = wanted.order(value);
      return order && is(relation_, *order);
    });
  });
}

bool Comparison::any_matches(std::string_view message) const {
  return visit(left_, message, [this](const Part& part) {
    if (!part || type_of(*part) != JsonType::string) return false;
    return regex_->pattern().matches(base::as_bytes(unescape_json(*part)));
  });
}

bool Comparison::any_has(std::string_view message) const {
  return visit(*right_, message, [&](const Part& part) {
    if (!part) return false;
    const Comparand wanted(*part);
    return visit(left_, message, [&wanted](const Part& value) { return value && has(*value, wanted); });
  });
}

bool Comparison::is_of_type(const Part& part) const {
  if (!part || type_ == Type::missing) return !part && type_ == Type::missing;
  switch (type_of(*part)) {
    case JsonType::null:
      return type_ == Type::null;
    case JsonType::boolean:
      return type_ == Type::boolean;
    case JsonType::string:
      return type_ == Type::string;
    case JsonType::array:
      return type_ == Type::array;
    case JsonType::object:
      return type_ == Type::object;
    case JsonType::number:
      return type_ == Type::number || (type_ == Type::integer && is_integer(decimal_of(*part)));
  }
  return false;
}

// --- names

std::string Comparison::left_of(std::string_view message) const {
  const auto* path = std::get_if<Path>(&left_);
  if (path == nullptr) return {};
  const Part part = path->first(message);
  return path->text() + " is " + (part ? on_one_line(*part) : "missing");
}

void Comparison::collect(std::vector<Name>& names) const {
  const auto take = [&names](const Operand& operand) {
    if (const auto* json = std::get_if<JsonTemplate>(&operand)) json->collect(names);
  };
  take(left_);
  if (right_) take(*right_);
  if (!regex_) return;
  for (const Template::Part& part : regex_->expression().parts()) {
    if (part.name) names.push_back(*part.name);
  }
}

base::Result<Comparison> Comparison::fill(const Names& names) const {
  const auto fill_operand = [&names](const Operand& operand) -> base::Result<Operand> {
    const auto* json = std::get_if<JsonTemplate>(&operand);
    if (json == nullptr) return operand;
    auto filled = json->fill(names);
    if (!filled) return std::move(filled).error();
    return Operand(JsonTemplate::plain(std::move(filled).value()));
  };
  auto left = fill_operand(left_);
  if (!left) return std::move(left).error();
  Comparison made(std::move(left).value());
  made.kind_ = kind_;
  made.relation_ = relation_;
  made.type_ = type_;
  if (right_) {
    auto right = fill_operand(*right_);
    if (!right) return std::move(right).error();
    made.right_ = std::move(right).value();
  }
  if (regex_) {
    auto regex = regex_->fill(names);
    if (!regex) return std::move(regex).error();
    made.regex_ = std::move(regex).value();
  }
  return made;
}

}  // namespace wscope::talk
