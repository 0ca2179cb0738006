#include "check/report_formats.h"

#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include "talk/json.h"
#include "view/counted.h"
#include "view/escape.h"
#include "view/json.h"
#include "view/xml.h"

namespace wscope::check {
namespace {

double milliseconds(base::Duration time) { return std::chrono::duration<double, std::milli>(time).count(); }
double seconds(base::Duration time) { return std::chrono::duration<double>(time).count(); }

std::string_view word_of(Verdict verdict) noexcept {
  constexpr std::string_view words[] = {"PASS", "FAIL", "WARN", "INFO", "SKIP", "ERROR"};
  return words[static_cast<std::size_t>(verdict)];
}

std::string group_words(const Totals& totals) {
  std::string text = fmt::format("{} passed", totals.passed);
  const auto append = [&text](std::size_t count, std::string_view what) {
    if (count > 0) text += fmt::format(", {} {}", count, what);
  };
  append(totals.failed, "failed");
  append(totals.warned, "warned");
  append(totals.told, "told");
  append(totals.skipped, "skipped");
  append(totals.errors, totals.errors == 1 ? "error" : "errors");
  return text;
}

bool is_bad(Verdict verdict) noexcept { return verdict == Verdict::fail || verdict == Verdict::error; }

// Of the word for what came of it.
view::Meaning meaning_of(const Result& result) noexcept {
  if (result.expected || result.verdict == Verdict::skip) return view::Meaning::dimmed;
  if (result.verdict == Verdict::warn) return view::Meaning::warning;
  return is_bad(result.verdict) ? view::Meaning::error : view::Meaning::notice;
}

// Letters of UTF-8, as far as columns go: there are few that take more or less than one.
std::size_t columns(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
  return count;
}

}  // namespace

// --- text

std::string TextReport::begin(const Facts& facts) {
  facts_ = facts;
  if (facts.discovers) return fmt::format("wscope check {}\n\n", facts.url);
  const std::string seed = facts.seed_given ? fmt::format(", seed {}", facts.seed) : std::string();
  return fmt::format("wscope check {}   {}, {} at a time, {}{}\n", facts.url, view::counted(facts.cases, "case"),
                     facts.jobs, facts.echo ? "it echoes" : "no echo (oracle: pong)", seed) +
         fmt::format("at most {} without retries\n", view::counted(facts.connections, "connection"));
}

std::string TextReport::end_group() {
  if (group_ == nullptr) return {};
  const std::size_t width = 70;
  const std::size_t used = columns(group_->title);
  std::string text = "\n  ";
  text += group_->title;
  text += std::string(used < width ? width - used : 1, ' ') + group_words(of_group_) + "\n" + lines_;
  group_ = nullptr;
  of_group_ = {};
  lines_.clear();
  return text;
}

std::string TextReport::add(const Result& result) {
  std::string text;
  const Case& one = *result.about;
  findings_.add(result);
  const bool is_told = result.verdict == Verdict::info || result.verdict == Verdict::pass;
  if (facts_.discovers && is_told && verbosity_ == 0) return text;
  if (one.group != group_) text = end_group();
  group_ = one.group;
  of_group_.add(result);
  if (result.verdict == Verdict::pass && verbosity_ == 0 && !result.better) return text;
  lines_ += fmt::format(
      "    {} {:<24} {:<16} {:<6} {}\n", style_(meaning_of(result), fmt::format("{:<5}", word_of(result.verdict))),
      one.id, one.row->section, name_of(one.level()), seen_words(result) + (result.expected ? " (as expected)" : ""));
  if (result.expected) return text;
  if (result.verdict == Verdict::fail || result.verdict == Verdict::warn) {
    lines_ += fmt::format("{:10}expected: {}\n", "", one.row->passes);
  }
  if (result.verdict == Verdict::fail && !one.program.empty()) {
    lines_ += style_(view::Meaning::dimmed, fmt::format("{:10}again: {}", "", command_for(facts_, one.id))) + "\n";
  }
  return text;
}

std::string TextReport::end(const Totals& totals, bool interrupted) {
  std::string text = end_group() + "\n";
  if (const std::string lines = findings_.lines(facts_); !lines.empty()) text += lines + "\n";
  if (interrupted) text += "interrupted: ";
  return text + totals.words() + "\n";
}

// --- JSON

std::string JsonReport::begin(const Facts& facts) {
  facts_ = facts;
  return {};
}

std::string JsonReport::add(const Result& result) {
  std::string text;
  const Case& one = *result.about;
  findings_.add(result);
  view::JsonObject object(text);
  object.text("id", one.id)
      .word("role", facts_.role == Role::server ? "server" : "client")
      .word("level", one.level() == Level::must     ? "must"
                     : one.level() == Level::should ? "should"
                                                    : "info")
      .text("rfc", one.row->section)
      .word("verdict", name_of(result.verdict))
      .text("sent", one.row->sent)
      .text("expected", one.row->passes)
      .text("seen", result.seen)
      .hex("sent_hex", base::as_bytes(result.sent))
      .milliseconds("ms", milliseconds(result.elapsed));
  if (result.measured) object.number("measured", *result.measured);
  if (result.flaky) object.boolean("flaky", true);
  if (result.expected || result.better) object.word("baseline", result.expected ? "expected" : "better");
  object.text("again", command_for(facts_, one.id)).end();
  return text;
}

std::string JsonReport::end(const Totals& totals, bool interrupted) {
  std::string text;
  view::JsonObject object(text);
  object.word("event", "summary")
      .text("url", facts_.url)
      .number("cases", totals.cases())
      .number("passed", totals.passed);
  object.number("failed", totals.failed).number("warned", totals.warned).number("informational", totals.told);
  object.number("skipped", totals.skipped).number("errors", totals.errors).number("flaky", totals.flaky);
  object.boolean("echo", facts_.echo).text("server", facts_.server).text("extension", facts_.extension);
  object.text("tls", facts_.tls).text("limits", findings_.limits()).text("times", findings_.times());
  object.text("net", findings_.habits());
  object.boolean("interrupted", interrupted).milliseconds("ms", milliseconds(totals.elapsed)).end();
  return text;
}

// --- JUnit

std::string JunitReport::begin(const Facts& facts) {
  facts_ = facts;
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wscope check\">\n";
}

std::string JunitReport::end_group() {
  if (group_ == nullptr) return {};
  std::string text = "  <testsuite" + view::xml_attribute("name", group_->name);
  text += fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
                      of_group_.cases(), of_group_.failed - of_group_.expected_failed, of_group_.errors,
                      of_group_.skipped, seconds(of_group_.elapsed));
  text += cases_ + "  </testsuite>\n";
  group_ = nullptr;
  of_group_ = {};
  cases_.clear();
  return text;
}

std::string JunitReport::add(const Result& result) {
  std::string text;
  const Case& one = *result.about;
  if (one.group != group_) text = end_group();
  group_ = one.group;
  of_group_.add(result);
  of_group_.elapsed += result.elapsed;
  std::string inner;
  const std::string seen = seen_words(result);
  if (is_bad(result.verdict) && !result.expected) {
    const char* const element = result.verdict == Verdict::fail ? "failure" : "error";
    inner = fmt::format("      <{}{}>expected: {}\nsent: {}\nseen: {}</{}>\n", element,
                        view::xml_attribute("message", seen), view::xml_text(one.row->passes),
                        view::xml_text(one.row->sent), view::xml_text(result.seen), element);
  } else if (result.verdict == Verdict::skip) {
    inner = "      <skipped" + view::xml_attribute("message", seen) + "/>\n";
  } else if (result.verdict != Verdict::pass) {
    inner = fmt::format("      <system-out>{}: {}</system-out>\n", name_of(result.verdict), view::xml_text(seen));
  }
  cases_ += "    <testcase" + view::xml_attribute("name", one.id) +
            view::xml_attribute("classname", "wscope.check." + std::string(one.group->name)) +
            fmt::format(" time=\"{:.3f}\"", seconds(result.elapsed));
  cases_ += inner.empty() ? "/>\n" : ">\n" + inner + "    </testcase>\n";
  return text;
}

std::string JunitReport::end(const Totals&, bool interrupted) {
  return end_group() + (interrupted ? "  <!-- interrupted -->\n" : "") + "</testsuites>\n";
}

// --- TAP

namespace {

std::string in_quotes(std::string_view text) {
  std::string string;
  talk::append_json_string(view::escape(text), string);
  return string;
}

}  // namespace

std::string TapReport::begin(const Facts& facts) {
  facts_ = facts;
  return fmt::format("TAP version 14\n1..{}\n", facts.cases);
}

std::string TapReport::add(const Result& result) {
  const Case& one = *result.about;
  std::string text = fmt::format("{} {} - {}", is_bad(result.verdict) ? "not ok" : "ok", ++added_, one.id);
  // TAP's word for what is known not to work.
  if (result.expected) return text.append(" # TO").append("DO in the baseline\n");
  if (result.verdict == Verdict::skip) return text + " # SKIP " + view::escape(result.seen) + "\n";
  text += "\n";
  if (result.verdict == Verdict::pass) return text;
  text += fmt::format("  ---\n  verdict: {}\n  level: {}\n  rfc: {}\n", name_of(result.verdict), name_of(one.level()),
                      in_quotes(one.row->section));
  text += fmt::format("  sent: {}\n  expected: {}\n  seen: {}\n", in_quotes(one.row->sent), in_quotes(one.row->passes),
                      in_quotes(result.seen));
  return text + fmt::format("  again: {}\n  duration_ms: {:.3f}\n  ...\n", in_quotes(command_for(facts_, one.id)),
                            milliseconds(result.elapsed));
}

std::string TapReport::end(const Totals&, bool interrupted) { return interrupted ? "Bail out! interrupted\n" : ""; }

// --- Markdown

namespace {

// In a cell of a table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_' || c == '`') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

std::string MarkdownReport::begin(const Facts& facts) { return fmt::format("# wscope check {}\n\n", facts.url); }

std::string MarkdownReport::add(const Result& result) {
  if (result.verdict == Verdict::pass) return {};
  const Case& one = *result.about;
  rows_ += fmt::format("| {} | `{}` | {} | {} | {} | {} |\n", word_of(result.verdict), one.id, cell(one.row->section),
                       name_of(one.level()), cell(seen_words(result)), cell(one.row->passes));
  return {};
}

std::string MarkdownReport::end(const Totals& totals, bool interrupted) {
  std::string text = (interrupted ? "Interrupted: " : "") + totals.words() + "\n";
  if (rows_.empty()) return text;
  return text + "\n| | case | section | level | seen | expected |\n|---|---|---|---|---|---|\n" + rows_;
}

}  // namespace wscope::check
