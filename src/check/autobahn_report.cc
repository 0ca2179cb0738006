#include "check/autobahn_report.h"

#include <cerrno>
#include <chrono>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "http/headers.h"
#include "net/error.h"
#include "net/fd.h"
#include "net/file.h"
#include "view/hexdump.h"
#include "view/json.h"

namespace wscope::check {
namespace {

constexpr std::string_view not_negotiated = "permessage-deflate is not";

bool has_step(const Result& result, std::string_view word) {
  return result.about->program.find(word) != std::string::npos;
}

std::string hex_of(std::string_view text) {
  std::string digits;
  view::append_hex(base::as_bytes(text), digits);
  return digits;
}

// An object on a line of its own, for inside of another one.
std::string without_line_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

void append_verdicts(view::JsonObject& object, const Result& result, const std::string& file) {
  object.word("behavior", behavior_of(result).value_or("FAILED")).word("behaviorClose", close_behavior_of(result));
  object.number("duration", static_cast<std::uint64_t>(
                                std::chrono::duration_cast<std::chrono::milliseconds>(result.elapsed).count()));
  if (result.close_code) {
    object.number("remoteCloseCode", *result.close_code);
  } else {
    object.null("remoteCloseCode");
  }
  object.word("reportfile", file);
}

std::string file_of(const Result& result, const std::string& agent, const std::string& name) {
  std::string text;
  view::JsonObject object(text);
  object.text("id", result.about->id).text("agent", agent);
  object.text("description", result.about->row->sent).text("expectation", result.about->row->passes);
  object.text("result", result.seen.empty() ? "as expected" : result.seen);
  object.text("resultClose", result.close_code ? fmt::format("closed with {}", *result.close_code) : "no Close came");
  object.json("wirelog", fmt::format("[[\"TO\",[{},\"{}\"]]]", result.sent.size(), hex_of(result.sent)));
  append_verdicts(object, result, name);
  object.end();
  return text;
}

}  // namespace

std::optional<std::string_view> behavior_of(const Result& result) noexcept {
  switch (result.verdict) {
    case Verdict::pass:
      return "OK";
    case Verdict::warn:
      return "NON-STRICT";
    case Verdict::info:
      return "INFORMATIONAL";
    case Verdict::fail:
    case Verdict::error:
      return "FAILED";
    case Verdict::skip:
      break;
  }
  if (result.seen.starts_with(not_negotiated)) return "UNIMPLEMENTED";
  return std::nullopt;
}

std::string_view close_behavior_of(const Result& result) noexcept {
  if (result.verdict == Verdict::info) return "INFORMATIONAL";
  if (result.close_code) {
    const bool is_other = result.verdict == Verdict::warn && has_step(result, "failed");
    return is_other ? "WRONG CODE" : "OK";
  }
  const bool wants_close = has_step(result, "failed") || has_step(result, "closes");
  if (result.verdict == Verdict::fail && wants_close) return "FAILED";
  const bool was_refused = has_step(result, "rejected") || (result.status && *result.status != 101);
  return was_refused ? "OK" : "UNCLEAN";
}

std::string case_file_of(const std::string& agent, const std::string& id) {
  std::string name;
  for (const char c : http::in_lower_case(agent)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += is_plain ? c : '_';
  }
  name += "_case_";
  for (const char c : id) name += c == '.' ? '_' : c;
  return name + ".json";
}

base::Result<void> AutobahnReport::open() {
  constexpr mode_t for_everybody = 0777;
  if (::mkdir(folder_.c_str(), for_everybody) != 0 && errno != EEXIST) return net::system_error(folder_, errno);
  return {};
}

void AutobahnReport::write(const std::string& name, const std::string& text) {
  if (error_) return;
  constexpr mode_t for_everybody = 0666;
  const std::string path = folder_ + '/' + name;
  const net::UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, for_everybody));
  if (!file.valid() || !net::write_all(file.get(), text)) error_ = net::system_error(path, errno);
}

std::string AutobahnReport::begin(const Facts& facts) {
  agent_ = !facts.agent.empty() ? facts.agent : !facts.server.empty() ? facts.server : facts.url;
  index_[agent_].clear();
  return {};
}

std::string AutobahnReport::add(const Result& result) {
  if (!behavior_of(result)) return {};
  const std::string name = case_file_of(agent_, result.about->id);
  write(name, file_of(result, agent_, name));
  std::string& entries = index_[agent_];
  std::string entry;
  view::JsonObject object(entry);
  append_verdicts(object, result, name);
  object.end();
  if (!entries.empty()) entries += ",\n  ";
  entries += fmt::format("\"{}\":{}", result.about->id, without_line_end(std::move(entry)));
  return {};
}

std::string AutobahnReport::end(const Totals&, bool) {
  std::string text = "{";
  for (const auto& [agent, entries] : index_) {
    std::string name;
    view::JsonObject(name).text("", agent).end();
    // {"":"AGENT"}: what stands behind the first colon is the name, as JSON has it.
    name = name.substr(4, without_line_end(name).size() - 5);
    text += text.size() > 1 ? ",\n" : "";
    text += name + ":{" + entries + "}";
  }
  write("index.json", text + "}\n");
  return {};
}

}  // namespace wscope::check
