#include "check/driver.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "http/percent.h"
#include "view/hexdump.h"
#include "view/json.h"

namespace wscope::check {
namespace {

constexpr Row control{"control", "C i", "-", "", ""};

using Kind = DriverRequest::Kind;

struct Path {
  std::string_view name;
  Kind kind;
};

constexpr Path paths[] = {
    {"/getCaseCount", Kind::case_count},   {"/getCaseInfo", Kind::case_info},        {"/runCase", Kind::run_case},
    {"/getCaseStatus", Kind::case_status}, {"/updateReports", Kind::update_reports}, {"/stopServer", Kind::stop_server},
};

base::Error wrong(std::string what) { return {base::ErrorKind::http, std::move(what)}; }

// The value of a parameter of a query; nothing: it has none of that name.
std::optional<std::string> parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    const std::size_t sign = std::min(part.find('='), part.size());
    if (part.substr(0, sign) != name) continue;
    std::string value(part.substr(std::min(sign + 1, part.size())));
    std::replace(value.begin(), value.end(), '+', ' ');
    return http::percent_decode(value).value_or(value);
  }
  return std::nullopt;
}

base::Result<std::size_t> read_index(std::string_view query, const std::vector<const Case*>& cases) {
  if (const auto id = parameter(query, "casetuple")) {
    const auto found = std::find_if(cases.begin(), cases.end(), [&id](const Case* one) { return one->id == *id; });
    if (found == cases.end()) return wrong("there is no such casetuple");
    return static_cast<std::size_t>(found - cases.begin());
  }
  const auto number = parameter(query, "case");
  if (!number) return wrong("the parameter case is missing");
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(number->data(), number->data() + number->size(), value);
  const bool is_number = error == std::errc() && end == number->data() + number->size();
  if (!is_number || value < 1 || value > cases.size()) {
    return wrong(fmt::format("case is a number from 1 to {}", cases.size()));
  }
  return value - 1;
}

std::string hex_of(std::string_view text) {
  std::string digits;
  view::append_hex(base::as_bytes(text), digits);
  return digits;
}

Case control_case(std::string program) { return {nullptr, &control, std::string(control.id), std::move(program)}; }

}  // namespace

base::Result<DriverRequest> read_driver_target(std::string_view target, const std::vector<const Case*>& cases) {
  const std::string_view path = target.substr(0, target.find('?'));
  const std::string_view query = target.substr(std::min(path.size() + 1, target.size()));
  const auto* const found =
      std::find_if(std::begin(paths), std::end(paths), [path](const Path& one) { return one.name == path; });
  if (found == std::end(paths)) {
    return wrong("the path is none of /getCaseCount /getCaseInfo /runCase /getCaseStatus /updateReports /stopServer");
  }
  DriverRequest request{found->kind};
  const bool of_case =
      request.kind == Kind::case_info || request.kind == Kind::run_case || request.kind == Kind::case_status;
  if (of_case) {
    const auto index = read_index(query, cases);
    if (!index) return index.error();
    request.index = *index;
  }
  const bool of_agent =
      request.kind == Kind::run_case || request.kind == Kind::case_status || request.kind == Kind::update_reports;
  if (of_agent) {
    auto agent = parameter(query, "agent");
    if (!agent || agent->empty()) return wrong("the parameter agent is missing");
    request.agent = *std::move(agent);
  }
  if (const auto shuts_down = parameter(query, "shutdownOnComplete")) request.shuts_down = *shuts_down == "true";
  return request;
}

Case answering_case(std::string_view text) {
  const std::string says = text.empty() ? "" : "text hex:" + hex_of(text) + " | ";
  return control_case("asked | answer | " + says + "close | closes");
}

Case refusing_case(int status, const std::string& why) {
  return control_case(fmt::format(
      "asked | set Content-Type: text/plain | set Content-Length: {} | body {}\\n | answer {} | fin | settle 1000",
      why.size() + 1, why, status));
}

Case dropping_case() { return control_case("asked | answer | settle 100 | rst"); }

std::string info_of(const Case& one) {
  std::string text;
  view::JsonObject(text).text("id", one.id).text("description", one.row->sent).end();
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace wscope::check
