#include "script/test_report_tap.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "talk/json.h"
#include "view/escape.h"
#include "view/timestamp.h"

namespace wscope::script {
namespace {

constexpr std::string_view indent_of_subtest = "    ";

// JSON's strings are YAML's, but for characters that nobody sees.
std::string in_quotes(std::string_view text) {
  std::string string;
  talk::append_json_string(view::escape(text, view::LineBreaks::keep), string);
  return string;
}

// What stands behind the number of a point, where # begins a directive.
std::string description(std::string_view name) {
  std::string text;
  for (const char c : view::escape(name)) {
    if (c == '#' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

void append_list(std::string_view key, const std::vector<std::string>& items, std::vector<std::string>& lines) {
  if (items.empty()) return;
  lines.push_back(fmt::format("{}:", key));
  for (const std::string& item : items) lines.push_back("  - " + in_quotes(item));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.emplace_back(line);
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
  }
  return lines;
}

void append_failure(const Failure& failure, std::vector<std::string>& lines) {
  lines.push_back("message: " + in_quotes(failure.message));
  if (!failure.place.empty()) lines.push_back("file: " + in_quotes(failure.file()));
  if (failure.line > 0) lines.push_back(fmt::format("line: {}", failure.line));
  if (!failure.expected.empty()) lines.push_back("expected: " + in_quotes(failure.expected));
  if (!failure.expected.empty() || !failure.got.empty()) {
    lines.push_back("got: " + (failure.got.empty() ? "null" : in_quotes(failure.got)));
  }
  append_list("events", failure.events, lines);
  append_list("diff", lines_of(failure.diff), lines);
}

// What more there is to say of a point.
std::string yaml_block(const TestResult& result, base::Duration elapsed, std::string_view indent) {
  std::vector<std::string> lines;
  if (result.failure) append_failure(*result.failure, lines);
  if (result.flaky()) lines.emplace_back("flaky: true");
  if (result.attempts > 1) lines.push_back(fmt::format("attempts: {}", result.attempts));
  lines.push_back(fmt::format("duration_ms: {:.3f}", view::milliseconds(elapsed)));
  std::string text = fmt::format("{}  ---\n", indent);
  for (const std::string& line : lines) text += fmt::format("{}  {}\n", indent, line);
  return text + fmt::format("{}  ...\n", indent);
}

std::string point(std::size_t number, Verdict verdict, std::string_view name, std::string_view reason) {
  std::string line = fmt::format("{} {} - {}", verdict == Verdict::failed ? "not ok" : "ok", number, description(name));
  if (verdict == Verdict::skipped) line += reason.empty() ? " # SKIP" : " # SKIP " + view::escape(reason);
  return line + "\n";
}

std::string subtest(const TestResult& result) {
  std::string text =
      fmt::format("# Subtest: {}\n{}1..{}\n", description(result.name), indent_of_subtest, result.sections.size());
  std::size_t number = 0;
  for (const SectionResult& section : result.sections) {
    text += indent_of_subtest;
    text += point(++number, section.verdict, section.name, result.reason);
    if (section.verdict == Verdict::failed) text += yaml_block(result, section.elapsed, indent_of_subtest);
  }
  return text;
}

}  // namespace

std::string TapReport::begin(std::size_t count) {
  count_ = count;
  return fmt::format("TAP version 14\n1..{}\n", count);
}

std::string TapReport::add(const TestResult& result) {
  const bool has_subtest = subtests_ && result.has_sections();
  std::string text = has_subtest ? subtest(result) : std::string();
  text += point(++added_, result.verdict, result.name, result.reason);
  const bool failed = result.verdict == Verdict::failed;
  if (failed || result.flaky()) text += yaml_block(result, result.elapsed, "");
  return text;
}

std::string TapReport::end(const Summary&, bool interrupted) {
  if (added_ >= count_) return {};
  return interrupted ? "Bail out! interrupted\n" : "Bail out! a script has failed (--bail)\n";
}

}  // namespace wscope::script
