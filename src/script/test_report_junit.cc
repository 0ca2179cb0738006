#include "script/test_report_junit.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include "view/timestamp.h"
#include "view/xml.h"

namespace wscope::script {
namespace {

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
    return fmt::format("      <failure{}>{}</failure>\n", view::xml_attribute("message", headline),
                       view::xml_text(remark));
  }
  if (section.verdict == Verdict::skipped) {
    return fmt::format("      <skipped{}/>\n", remark.empty() ? "" : view::xml_attribute("message", remark));
  }
  return remark.empty() ? "" : fmt::format("      <system-out>{}</system-out>\n", view::xml_text(remark));
}

std::string testcase(const TestResult& result, const SectionResult& section) {
  const std::string_view suffix = ".ws";  // behind a dot there is a class, to some
  std::string_view class_name = result.name;
  if (class_name.size() > suffix.size() && class_name.ends_with(suffix)) class_name.remove_suffix(suffix.size());
  const std::string inner = inside(result, section);
  return "    <testcase" + view::xml_attribute("name", section.name) + view::xml_attribute("classname", class_name) +
         time_attribute(section.elapsed) + (inner.empty() ? "/>\n" : ">\n" + inner + "    </testcase>\n");
}

}  // namespace

std::string JunitReport::begin(std::size_t) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wscope run\">\n";
}

std::string JunitReport::add(const TestResult& result) {
  std::string began;
  view::append_rfc3339(result.ended - std::chrono::duration_cast<view::WallTime::duration>(result.elapsed), began);
  std::string text = "  <testsuite" + view::xml_attribute("name", result.name);
  text += fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"", result.sections.size(),
                      count(result, Verdict::failed), count(result, Verdict::skipped));
  text += time_attribute(result.elapsed) + view::xml_attribute("timestamp", began) +
          view::xml_attribute("file", result.name) + ">\n";
  for (const SectionResult& section : result.sections) text += testcase(result, section);
  return text + "  </testsuite>\n";
}

std::string JunitReport::end(const Summary&, bool interrupted) {
  return interrupted ? "  <!-- interrupted -->\n</testsuites>\n" : "</testsuites>\n";
}

}  // namespace wscope::script
