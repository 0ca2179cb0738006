#include "talk/path.h"

#include <charconv>
#include <utility>

#include "talk/json.h"
#include "talk/json_reader.h"

namespace wscope::talk {
namespace {

// The element at `index`, from the end if that is negative.
Part find_element(std::string_view array, std::int64_t index) {
  if (type_of(array) != JsonType::array) return std::nullopt;
  if (index < 0) {
    for (JsonItems items(array); items.next();) ++index;
    if (index < 0) return std::nullopt;
    // It has become the number of elements in front of the one that is meant.
  }
  for (JsonItems items(array); items.next(); --index) {
    if (index == 0) return items.value();
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> read_string(Source& source) {
  const std::size_t begin = source.position();
  if (source.front() == '\'') {
    const std::size_t end = source.text().find('\'', begin + 1);
    if (end == std::string_view::npos) return source.fail(begin, "this quote has no end");
    source.move_to(end + 1);
    return std::string(source.text().substr(begin + 1, end - begin - 1));
  }
  JsonReader reader(source.rest());
  const auto token = reader.next();
  if (!token) return source.fail(begin, "this is no string of JSON");
  source.move_to(begin + token->text.size());
  return unescape_json(token->text);
}

std::optional<Path::Step> Path::read_brackets(Source& source) {
  source.skip_blanks();
  Step step{Step::Kind::every};
  const std::size_t begin = source.position();
  if (source.front() == '"' || source.front() == '\'') {
    auto key = read_string(source);
    if (!key) return std::nullopt;
    step = {Step::Kind::key, *std::move(key)};
  } else if (source.front() == '-' || (source.front() >= '0' && source.front() <= '9')) {
    step.kind = Step::Kind::index;
    const std::string_view rest = source.rest();
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), step.index);
    if (error != std::errc()) return source.fail(begin, "this is no index");
    source.move_to(begin + static_cast<std::size_t>(end - rest.data()));
  } else {
    source.take("*");
  }
  source.skip_blanks();
  if (!source.take("]")) return source.fail("expected ], an index, a string or *");
  return step;
}

bool Path::read_steps(Source& source) {
  for (bool first = true;; first = false) {
    const std::size_t begin = source.position();
    if (steps_.size() > most_steps) return source.fail("this path has more than 1024 steps"), false;
    if (source.front() == '[') {
      source.take("[");
      auto step = read_brackets(source);
      if (!step) return false;
      steps_.push_back(*std::move(step));
      continue;
    }
    if (!first && !source.take(".")) return true;
    if (source.front() == '"' || source.front() == '\'') {
      auto key = read_string(source);
      if (!key) return false;
      steps_.push_back({Step::Kind::key, *std::move(key)});
    } else if (const std::string_view name = source.take_name(); !name.empty()) {
      steps_.push_back({Step::Kind::key, std::string(name)});
    } else if (!first) {
      source.move_to(begin);
      return source.fail(begin + 1, "expected a key: a name or a string"), false;
    } else if (source.front() != '.') {
      return true;
    }
  }
}

std::optional<Path> Path::read(Source& source) {
  const std::size_t begin = source.position();
  Path path;
  if (!source.take(".")) return source.fail("expected a path, which begins with a dot");
  if (source.front() == '.') return source.fail("expected a key: a name or a string");
  if (!path.read_steps(source)) return std::nullopt;
  path.text_ = source.text().substr(begin, source.position() - begin);
  return path;
}

base::Result<Path> Path::parse(std::string_view text) {
  const std::string whole = text.starts_with('.') ? std::string(text) : "." + std::string(text);
  Source source(whole);
  auto path = read(source);
  if (path && !source.at_end()) source.fail("this is no part of a path");
  if (!source.flaw()) return *std::move(path);
  Flaw flaw = *source.flaw();
  if (whole.size() != text.size() && flaw.at > 0) --flaw.at;
  return describe(flaw, text);
}

bool Path::visit(std::string_view value, const Visit& visit) const { return walk(value, 0, visit); }

// NOLINTNEXTLINE(misc-no-recursion): as deep as there are [] in it
bool Path::walk(std::string_view value, std::size_t step, const Visit& visit) const {
  Part part = value;
  for (; step < steps_.size(); ++step) {
    const Step& next = steps_[step];
    if (next.kind == Step::Kind::every) {
      const JsonType type = type_of(*part);
      const bool has_items = type == JsonType::array || type == JsonType::object;
      JsonItems items(*part);
      if (!has_items || !items.next()) return visit(std::nullopt);
      do {
        if (walk(items.value(), step + 1, visit)) return true;
      } while (items.next());
      return false;
    }
    part = next.kind == Step::Kind::key ? find_member(*part, next.key) : find_element(*part, next.index);
    if (!part) return visit(std::nullopt);
  }
  return visit(part);
}

Part Path::first(std::string_view value) const {
  Part found;
  visit(value, [&found](const Part& part) {
    found = part;
    return true;
  });
  return found;
}

bool Path::is_several() const noexcept {
  for (const Step& step : steps_) {
    if (step.kind == Step::Kind::every) return true;
  }
  return false;
}

}  // namespace wscope::talk
