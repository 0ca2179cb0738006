#include "check/tally.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "view/escape.h"

namespace wscope::check {
namespace {

// Of a body that says more than it should: a stack trace, a path.
constexpr std::string_view leaks[] = {"Traceback (most recent",
                                      "Stack trace",
                                      "stack trace",
                                      "    at ",
                                      "node_modules/",
                                      "/usr/lib",
                                      "/home/",
                                      "goroutine ",
                                      "panic:",
                                      "Exception in thread",
                                      "site-packages",
                                      "C:\\"};

constexpr std::string_view in_query[] = {
    "token=", "access_token=", "key=", "apikey=", "api_key=", "auth=", "password=", "secret=", "jwt="};

Result with_verdict(const Case& one, bool broken, bool minor, std::string seen) {
  Result result;
  result.about = &one;
  result.seen = std::move(seen);
  if (!broken) {
    result.verdict = Verdict::pass;
  } else if (one.level() == Level::info) {
    result.verdict = Verdict::info;
  } else {
    result.verdict = one.level() == Level::must && !minor ? Verdict::fail : Verdict::warn;
  }
  result.finding = one.group->name == "sec" && result.verdict == Verdict::info;
  return result;
}

bool has_query_secret(const std::string& target) {
  const std::string query = http::in_lower_case(target.substr(std::min(target.find('?'), target.size())));
  return std::any_of(std::begin(in_query), std::end(in_query),
                     [&query](std::string_view name) { return query.find(name) != std::string::npos; });
}

}  // namespace

void Tally::note(std::optional<Finding>& finding, const Case& one, std::string seen, bool is_minor) {
  if (finding && (!finding->is_minor || is_minor)) return;
  finding = Finding{one.id + ": " + std::move(seen), one.id, is_minor};
}

void Tally::add(const Case& one, const Heard& heard) {
  ++count_;
  clients_.add(heard);
  for (std::size_t i = 0; i < invariant_count; ++i) {
    const auto& breach = heard.invariants().breach(static_cast<Invariant>(i));
    if (breach) note(invariants_[i], one, breach->seen, breach->is_minor);
  }
  const auto& answer = heard.answer();
  if (!answer || answer->is_101()) return;
  ++refusals_;
  const int status = answer->head.status;
  if (!answer->flaw.empty()) return note(form_, one, answer->words());
  const std::string* const upgrade = answer->head.headers.find("Upgrade");
  if (status == 426 && (upgrade == nullptr || !http::equals_ignoring_case(*upgrade, "websocket"))) {
    note(upgrade_of_426_, one, "426 without Upgrade: websocket");
  }
  // The answer to HEAD has the length of what is not sent.
  const bool has_body = one.id != "hs.method-head";
  if (has_body && !answer->whole && !heard.end()) note(form_, one, answer->words() + ", whose body does not end");
  const bool of_group = one.id.starts_with("hs.");
  if (of_group && status / 100 == 5 && status != 501 && status != 505) note(crash_, one, answer->words());
  for (const std::string_view leak : leaks) {
    if (answer->body.find(leak) != std::string::npos) note(leak_, one, view::escape(leak) + " in " + answer->words());
  }
}

Result Tally::judge(const Case& one, const Settings& settings) const {
  const auto of = [&one](const std::optional<Finding>& finding) {
    Result result =
        with_verdict(one, finding.has_value(), finding && finding->is_minor, finding ? finding->seen : std::string());
    if (finding) result.found_in = finding->found_in;
    return result;
  };
  if (one.id == "hs.426-upgrade") return of(upgrade_of_426_);
  if (one.id == "hs.refusal-form") return of(form_);
  if (one.id == "hs.crash-5xx") return of(crash_);
  if (one.id == "sec.leak") return of(leak_);
  if (one.id.starts_with("c.")) return clients_.judge(one);
  if (one.id == "sec.auth-in-query") {
    return with_verdict(
        one, has_query_secret(settings.request.target), false,
        has_query_secret(settings.request.target) ? "a secret in the URL's query, which logs keep" : "");
  }
  if (one.id == "pmdx.rsv1-honest") return of(invariants_[static_cast<std::size_t>(Invariant::honest)]);
  for (std::size_t i = 0; i < invariant_count; ++i) {
    if (one.id == "inv." + std::string(name_of(static_cast<Invariant>(i)))) return of(invariants_[i]);
  }
  return with_verdict(one, false, false, "");
}

}  // namespace wscope::check
