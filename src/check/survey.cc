#include "check/survey.h"

#include <chrono>
#include <utility>

#include "link/refusal.h"
#include "link/request_cookies.h"
#include "view/escape.h"
#include "ws/client_handshake.h"

namespace wscope::check {
namespace {

constexpr base::Duration for_echo = std::chrono::seconds(1);

constexpr Row open{"open", "S M", "-", "the plain handshake", "101", "ask | open"};
constexpr Row echo{"echo", "S M", "-", "a text", "the same back", "text {sample} | echoed"};
constexpr Row deflate{"deflate", "S M",
                      "-",       "the offer of a browser",
                      "agreed",  "offer permessage-deflate; client_max_window_bits | ask | open | reply agreed"};

constexpr Row origin{"origin",           "S M", "-",
                     "a foreign Origin", "403", "set Origin: https://wscope.invalid | ask | not-opened"};
constexpr Row window{"window", "S M",
                     "-",      "the offer of a small window",
                     "agreed", "offer permessage-deflate; server_max_window_bits=9 | ask | open | reply agreed smwb"};
constexpr Row version{"version", "S M", "-", "version 14", "400+", "set Sec-WebSocket-Version: 14 | ask | refused"};

}  // namespace

Settings settings_of(const CheckPlan& plan, const http::Url& url) {
  Settings settings;
  settings.request = ws::make_request(url, link::with_cookies(plan.request, plan.cookies, url), "", {});
  settings.secure = url.secure;
  if (!plan.request.subprotocols.empty()) settings.known_subprotocol = plan.request.subprotocols.front();
  settings.say = plan.say;
  if (plan.sample) settings.sample = *plan.sample;
  settings.echo = plan.echo == Echo::yes;
  settings.unknown_path = plan.unknown_path;
  settings.case_timeout = plan.case_timeout;
  settings.idle_max = plan.idle_max;
  settings.aggressive = plan.selection.aggressive;
  return settings;
}

Survey::Survey(const CheckPlan& plan, const http::Url& url, Settings& settings, Facts& facts)
    : plan_(plan), url_(url), settings_(settings), own_settings_(settings), facts_(facts) {
  for (const Row* row : {&open, &echo, &deflate, &window, &origin, &version}) {
    if (row == &echo && plan.echo != Echo::find_out) continue;
    questions_.push_back({nullptr, row, std::string(row->id), std::string(row->program)});
  }
}

const Case* Survey::next() noexcept {
  if (at_ == questions_.size()) return nullptr;
  own_settings_ = settings_;
  if (questions_[at_].row == &echo) own_settings_.case_timeout = for_echo;
  return &questions_[at_];
}

base::Result<void> Survey::finished(const Result& result, const Heard& heard) {
  const Row* const row = questions_[at_++].row;
  const bool passed = result.verdict == Verdict::pass;
  if (row == &open) {
    if (!passed) return refusal(result, heard);
    const std::string* const server = heard.answer()->head.headers.find("Server");
    if (server != nullptr) facts_.server = *server;
  }
  if (row == &echo) settings_.echo = passed;
  if (row == &deflate) {
    settings_.deflate = passed;
    if (passed) facts_.extension = heard.answer()->head.headers.joined("Sec-WebSocket-Extensions").value_or("");
  }
  if (row == &window) facts_.small_windows = passed;
  if (row == &origin) settings_.any_origin = !passed;
  if (row == &version && heard.answer()) {
    settings_.told_versions = heard.answer()->head.headers.joined("Sec-WebSocket-Version").value_or("");
  }
  facts_.echo = settings_.echo;
  return {};
}

base::Error Survey::refusal(const Result& result, const Heard& heard) const {
  const auto& answer = heard.answer();
  if (answer && answer->flaw.empty()) {
    constexpr std::size_t kept = 4096;
    link::Given given;
    given.credentials = given.credentials_sent = plan_.request.headers.contains("Authorization");
    given.origin = !plan_.request.origin.empty();
    const std::string body = link::readable_body(answer->head, answer->body, kept);
    return link::explain_refusal(answer->head, body, url_, given);
  }
  return {base::ErrorKind::http, url_.text() + ": " + result.seen};
}

}  // namespace wscope::check
