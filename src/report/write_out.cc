#include "report/write_out.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "talk/json.h"

namespace wscope::report {
namespace {

// As text and, with quotation marks if it is one, in JSON.
struct Value {
  std::string text;
  bool is_text = false;
  bool is_missing = false;  // null in JSON
};

using ValueOf = Value (*)(const FinalFigures&);

struct Variable {
  std::string_view name;
  ValueOf value;  // null: it has none, and does something
};

Value text(std::string value) { return {std::move(value), true}; }
Value number(std::uint64_t value) { return {std::to_string(value)}; }
Value seconds(std::optional<base::Duration> time) {
  return {fmt::format("{:.6f}", std::chrono::duration<double>(time.value_or(base::Duration::zero())).count())};
}
Value close_code(const FinalFigures& known) {
  const auto& close = known.figures.close();
  return close ? number(close->code.value) : Value{"", false, true};
}
Value close_reason(const FinalFigures& known) {
  const auto& close = known.figures.close();
  return text(close ? close->reason : "");
}
Value http_code(const FinalFigures& known) {
  const int status = known.figures.status();
  return status == 0 ? Value{"000"} : number(static_cast<std::uint64_t>(status));
}

constexpr Variable to_stdout = {"stdout", nullptr};
constexpr Variable as_json = {"json", nullptr};

constexpr std::array variables = {
    Variable{"url", [](const FinalFigures& known) { return text(known.url); }},
    Variable{"http_code", http_code},
    Variable{"remote_ip", [](const FinalFigures& known) { return text(known.figures.remote_ip()); }},
    Variable{"exitcode",
             [](const FinalFigures& known) { return number(static_cast<std::uint64_t>(known.exit_status)); }},
    Variable{"errormsg", [](const FinalFigures& known) { return text(known.error); }},
    Variable{"time_namelookup", [](const FinalFigures& known) { return seconds(known.figures.times().name_lookup); }},
    Variable{"time_connect", [](const FinalFigures& known) { return seconds(known.figures.times().connect); }},
    Variable{"time_appconnect", [](const FinalFigures& known) { return seconds(known.figures.times().tls); }},
    Variable{"time_open", [](const FinalFigures& known) { return seconds(known.figures.times().open); }},
    Variable{"time_starttransfer",
             [](const FinalFigures& known) { return seconds(known.figures.times().first_message); }},
    Variable{"time_total", [](const FinalFigures& known) { return seconds(known.figures.times().total); }},
    Variable{"subprotocol", [](const FinalFigures& known) { return text(known.figures.subprotocol()); }},
    Variable{"close_code", close_code},
    Variable{"close_reason", close_reason},
    Variable{"messages_in", [](const FinalFigures& known) { return number(known.figures.received().messages); }},
    Variable{"messages_out", [](const FinalFigures& known) { return number(known.figures.sent().messages); }},
    Variable{"bytes_in", [](const FinalFigures& known) { return number(known.figures.received().bytes); }},
    Variable{"bytes_out", [](const FinalFigures& known) { return number(known.figures.sent().bytes); }},
    to_stdout,
    as_json,
};

const Variable* find(std::string_view name) noexcept {
  const auto found = std::find_if(variables.begin(), variables.end(),
                                  [name](const Variable& variable) { return variable.name == name; });
  return found == variables.end() ? nullptr : &*found;
}

std::string json(const FinalFigures& known) {
  std::string object;
  for (const Variable& variable : variables) {
    if (variable.value == nullptr) continue;
    const Value value = variable.value(known);
    object += object.empty() ? '{' : ',';
    object += fmt::format("\"{}\":", variable.name);
    if (value.is_missing) {
      object += "null";
    } else if (value.is_text) {
      talk::append_json_string(value.text, object);
    } else {
      object += value.text == "000" ? "0" : value.text;
    }
  }
  return object += '}';
}

}  // namespace

void WriteOut::add(char c) {
  if (parts_.empty() || parts_.back().variable != nullptr) parts_.emplace_back();
  parts_.back().text += c;
}

base::Result<WriteOut> WriteOut::parse(std::string_view format) {
  WriteOut read;
  while (!format.empty()) {
    const std::string_view two = format.substr(0, 2);
    if (two == "%{") {
      const std::size_t end = format.find('}');
      if (end == std::string_view::npos) return base::usage_error("a %{ without its }");
      const std::string_view name = format.substr(2, end - 2);
      const Variable* variable = find(name);
      if (variable == nullptr) return base::usage_error(fmt::format("there is no %{{{}}}", name));
      read.parts_.push_back({"", variable});
      format.remove_prefix(end + 1);
      continue;
    }
    const std::size_t escape = std::string_view("nrt").find(two.size() == 2 ? two[1] : ' ');
    if (two.front() == '\\') {
      if (escape == std::string_view::npos) return base::usage_error("\\ is for \\n, \\r and \\t");
      read.add("\n\r\t"[escape]);
    } else if (two.front() == '%') {
      if (two != "%%") return base::usage_error("% is for %{NAME} and %%");
      read.add('%');
    } else {
      read.add(two.front());
      format.remove_prefix(1);
      continue;
    }
    format.remove_prefix(2);
  }
  return read;
}

WriteOut::Text WriteOut::fill_in(const FinalFigures& known) const {
  Text filled;
  std::string* out = &filled.for_stderr;
  for (const Part& part : parts_) {
    const auto* variable = static_cast<const Variable*>(part.variable);
    if (variable == nullptr) {
      *out += part.text;
    } else if (variable->value != nullptr) {
      *out += variable->value(known).text;
    } else if (variable->name == to_stdout.name) {
      out = &filled.for_stdout;
    } else {
      *out += json(known);
    }
  }
  return filled;
}

}  // namespace wscope::report
