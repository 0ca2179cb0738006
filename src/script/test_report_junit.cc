#include "script/test_report_junit.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include "view/escape.h"
#include "view/timestamp.h"

namespace wscope::script {
namespace {

// All that XML 1.0 has no place for is escaped before, but for two of its noncharacters.
std::string without_noncharacters(std::string text) {
  constexpr std::string_view begin = "\xef\xbf";
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const char last = text[at + 2];  // escape() leaves no character cut off
    if (last == '\xbe' || last == '\xbf') text.replace(at, 3, last == '\xbe' ? "\\u{fffe}" : "\\u{ffff}");
  }
  return text;
}

// For an element or, as white space is written out, for an attribute.
enum class Where : unsigned char { element, attribute };

std::string in_xml(std::string_view text, Where where) {
  std::string xml;
  for (const char c : without_noncharacters(view::escape(text, view::LineBreaks::keep))) {
    if (c == '&') {
      xml += "&amp;";
    } else if (c == '<') {
      xml += "&lt;";
    } else if (c == '>') {
      xml += "&gt;";
    } else if (c == '"') {
      xml += "&quot;";
    } else if (where == Where::attribute && (c == '\n' || c == '\t')) {
      xml += fmt::format("&#{};", static_cast<int>(c));
    } else {
      xml += c;
    }
  }
  return xml;
}

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, in_xml(value, Where::attribute));
}

std::string time_attribute(base::Duration elapsed) {
  return fmt::format(" time=\"{:.3f}\"", std::chrono::duration<double>(elapsed).count());
}

std::size_t count(const TestResult& result, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(result.sections.begin(), result.sections.end(),
                    [verdict](const SectionResult& section) { return section.verdict == verdict; }));
}

// What there is in a testcase.
std::string inside(const TestResult& result, const SectionResult& section) {
  const std::string remark = result.remark_on(section);
  if (section.verdict == Verdict::failed) {
    const std::string headline = result.failure ? result.failure->headline() : std::string();
    return fmt::format("      <failure{}>{}</failure>\n", attribute("message", headline),
                       in_xml(remark, Where::element));
  }
  if (section.verdict == Verdict::skipped) {
    return fmt::format("      <skipped{}/>\n", remark.empty() ? "" : attribute("message", remark));
  }
  return remark.empty() ? "" : fmt::format("      <system-out>{}</system-out>\n", in_xml(remark, Where::element));
}

std::string testcase(const TestResult& result, const SectionResult& section) {
  const std::string_view suffix = ".ws";  // behind a dot there is a class, to some
  std::string_view class_name = result.name;
  if (class_name.size() > suffix.size() && class_name.ends_with(suffix)) class_name.remove_suffix(suffix.size());
  const std::string inner = inside(result, section);
  return "    <testcase" + attribute("name", section.name) + attribute("classname", class_name) +
         time_attribute(section.elapsed) + (inner.empty() ? "/>\n" : ">\n" + inner + "    </testcase>\n");
}

}  // namespace

std::string JunitReport::begin(std::size_t) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wscope run\">\n";
}

std::string JunitReport::add(const TestResult& result) {
  std::string began;
  view::append_rfc3339(result.ended - std::chrono::duration_cast<view::WallTime::duration>(result.elapsed), began);
  std::string text = "  <testsuite" + attribute("name", result.name);
  text += fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"", result.sections.size(),
                      count(result, Verdict::failed), count(result, Verdict::skipped));
  text += time_attribute(result.elapsed) + attribute("timestamp", began) + attribute("file", result.name) + ">\n";
  for (const SectionResult& section : result.sections) text += testcase(result, section);
  return text + "  </testsuite>\n";
}

std::string JunitReport::end(const Summary&, bool interrupted) {
  return interrupted ? "  <!-- interrupted -->\n</testsuites>\n" : "</testsuites>\n";
}

}  // namespace wscope::script
