#include "check/oracle.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "http/field_syntax.h"
#include "http/headers.h"

namespace wscope::check {
namespace {

using Kind = Outcome::Kind;
using Judgement = std::optional<Outcome>;

// For a Ping that asks whether it still lives.
constexpr base::Duration last_chance = std::chrono::seconds(1);

double seconds(base::Duration time) { return std::chrono::duration<double>(time).count(); }

bool has(const std::vector<std::uint16_t>& numbers, std::optional<std::uint16_t> number) {
  return number && std::find(numbers.begin(), numbers.end(), *number) != numbers.end();
}

bool has_pong(const Heard& heard, const std::string& payload) {
  return std::find(heard.pongs().begin(), heard.pongs().end(), payload) != heard.pongs().end();
}

// With which an application may refuse what it does not want.
bool is_right_of_application(std::optional<std::uint16_t> code) noexcept {
  if (!code) return false;
  switch (*code) {
    case 1000:
    case 1001:
    case 1003:
    case 1008:
    case 1009:
    case 1011:
    case 1013:
      return true;
    default:
      return *code >= 3000 && *code <= 4999;
  }
}

std::string payload_of(const Step& step) {
  auto payload = read_payload(step.text);
  return payload ? std::move(payload).value() : std::string();
}

// Whether it lives, and has sent everything back if it is one that does.
Judgement judge_life(const Step& step, const Scene& scene) {
  const Heard& heard = scene.heard;
  if (heard.close()) {
    const auto code = heard.close()->code;
    if (has(step.numbers, code)) return Outcome{};
    const bool may_refuse = step.verb == Verb::handled && !scene.sent.messages.empty() && is_right_of_application(code);
    if (may_refuse) {
      return Outcome{Kind::skipped, fmt::format("it refuses such messages ({}): --say, --sample", *code)};
    }
    return Outcome{Kind::broken, heard.close()->words()};
  }
  if (heard.end()) return Outcome{Kind::broken, words_of_end(*heard.end())};
  if (!scene.waiting.ping) {
    scene.waiting.wants_ping = true;
    return std::nullopt;
  }
  const bool ponged = has_pong(heard, *scene.waiting.ping);
  const bool echoed = !scene.settings.echo || step.verb == Verb::ignored || is_echoed(scene.sent, heard);
  if (ponged && echoed) return Outcome{};
  if (!scene.waited(scene.settings.case_timeout)) return std::nullopt;
  if (ponged) return Outcome{Kind::broken, "alive, but what was sent did not come back as it was"};
  return Outcome{Kind::broken, fmt::format("no Pong in {:.1f} s", seconds(scene.settings.case_timeout))};
}

Judgement judge_close_code(const Step& step, const Scene& scene) {
  const HeardClose& close = *scene.heard.close();
  if (step.verb == Verb::closed || step.numbers.empty() || has(step.numbers, close.code)) return Outcome{};
  if (scene.sent.last_is_close && close.code && (*close.code == 1000 || close.code == scene.sent.code)) {
    return Outcome{Kind::broken, fmt::format("taken as valid: {}", close.words())};
  }
  return Outcome{Kind::wrong_form, close.words()};
}

// Whether it has taken what has to fail, as it has sent it back: nothing is to be waited for.
bool has_come_back(const Scene& scene) {
  const auto& last = scene.sent.last;
  return last && !scene.heard.messages().empty() && scene.heard.messages().back() == *last;
}

// It has to fail the connection.
Judgement judge_failure(const Step& step, const Scene& scene) {
  const Heard& heard = scene.heard;
  if (heard.close()) return judge_close_code(step, scene);
  if (heard.end()) {
    const bool in_form = step.verb == Verb::closed || step.numbers.empty();
    return in_form ? Outcome{} : Outcome{Kind::wrong_form, words_of_end(*heard.end())};
  }
  if (!scene.waiting.ping) {
    if (scene.waited(scene.settings.case_timeout) || has_come_back(scene)) scene.waiting.wants_ping = true;
    return std::nullopt;
  }
  if (has_pong(heard, *scene.waiting.ping)) return Outcome{Kind::broken, "still alive: it answers a Ping"};
  if (!scene.waited(last_chance)) return std::nullopt;
  return Outcome{Kind::broken, "hangs: neither a Close nor a Pong"};
}

Judgement judge_closing(const Scene& scene) {
  const Heard& heard = scene.heard;
  if (heard.close()) {
    const auto code = heard.close()->code;
    if (!code || *code == 1000 || code == scene.sent.code) return Outcome{};
    return Outcome{*code == 1002 ? Kind::broken : Kind::wrong_form, heard.close()->words()};
  }
  if (heard.end()) return Outcome{Kind::broken, words_of_end(*heard.end())};
  if (!scene.waited(scene.settings.case_timeout)) return std::nullopt;
  return Outcome{Kind::broken, fmt::format("no Close in {:.1f} s", seconds(scene.settings.case_timeout))};
}

Judgement judge_echo(const Step& step, const Scene& scene) {
  const Heard& heard = scene.heard;
  if (is_echoed(scene.sent, heard)) return Outcome{};
  if (heard.close()) {
    const auto code = heard.close()->code;
    if (has(step.numbers, code)) return Outcome{Kind::told, heard.close()->words()};
    if (is_right_of_application(code)) {
      return Outcome{Kind::skipped, fmt::format("it refuses such messages ({}): --say, --sample", *code)};
    }
    return Outcome{Kind::broken, heard.close()->words()};
  }
  if (heard.end()) return Outcome{Kind::broken, words_of_end(*heard.end())};
  if (!scene.waited(scene.settings.case_timeout)) return std::nullopt;
  if (heard.messages().empty()) return Outcome{Kind::broken, "nothing came back"};
  const Message& last = heard.messages().back();
  return Outcome{Kind::broken, fmt::format("something else came back: {} of {} bytes", last.binary ? "binary" : "text",
                                           last.data.size())};
}

Judgement judge_pong(const Step& step, const Scene& scene) {
  if (has_pong(scene.heard, payload_of(step))) return Outcome{};
  const bool soon = step.verb == Verb::soon;
  if (!soon && scene.heard.close()) return Outcome{Kind::broken, scene.heard.close()->words()};
  if (!soon && scene.heard.end()) return Outcome{Kind::broken, words_of_end(*scene.heard.end())};
  const base::Duration time = soon ? step.time : scene.settings.case_timeout;
  if (!scene.waited(time) && !scene.heard.end()) return std::nullopt;
  if (soon) return Outcome{Kind::noted, fmt::format("no Pong in {:.1f} s, before the message ends", seconds(time))};
  return Outcome{Kind::broken, fmt::format("no Pong in {:.1f} s", seconds(time))};
}

Judgement judge_each_pong(const Step& step, const Scene& scene) {
  if (scene.heard.pongs().size() >= step.count) return Outcome{};
  return Outcome{Kind::told, fmt::format("{} of {} Pings answered", scene.heard.pongs().size(), step.count)};
}

Judgement judge_end(const Step& step, const Scene& scene) {
  const base::Duration longest = std::max(step.time, step.other_time);
  if (scene.heard.end()) {
    const base::Duration took = scene.heard.end()->at - scene.waiting.since;
    if (took <= step.time) return Outcome{};
    return Outcome{Kind::wrong_form, fmt::format("TCP ended after {:.1f} s", seconds(took))};
  }
  if (!scene.waited(longest)) return std::nullopt;
  return Outcome{Kind::broken, fmt::format("TCP is open after {:.1f} s", seconds(longest))};
}

std::string told_end(const Scene& scene) {
  const Heard& heard = scene.heard;
  const double after = seconds(scene.now - scene.waiting.began);
  if (heard.answer() && !heard.answer()->is_101())
    return fmt::format("{} after {:.1f} s", heard.answer()->words(), after);
  if (!heard.end()) return fmt::format("open after {:.1f} s", after);
  return fmt::format("{} after {:.1f} s", heard.end()->reset ? "reset" : "ended", after);
}

Judgement judge_told_end(const Step& step, const Scene& scene) {
  const bool refused = scene.heard.answer() && !scene.heard.answer()->is_101();
  if (!scene.heard.end() && !refused && scene.now < scene.waiting.began + step.time) return std::nullopt;
  const bool ends_in_time = scene.heard.end() || refused;
  return Outcome{ends_in_time ? Kind::told : Kind::wrong_form, told_end(scene)};
}

// Taken or not.
Judgement judge_told(const Step& step, const Scene& scene) {
  const Heard& heard = scene.heard;
  const std::string when = scene.sent.all_written ? "" : ", before the rest was sent";
  if (heard.close()) return Outcome{Kind::told, heard.close()->words() + when};
  if (heard.end()) return Outcome{Kind::told, words_of_end(*heard.end()) + when};
  const bool asks = scene.sent.pings == 0 && !scene.waiting.ping;
  if (asks) {
    scene.waiting.wants_ping = true;
    return std::nullopt;
  }
  if (has_pong(heard, scene.waiting.ping.value_or(scene.sent.last_ping))) return Outcome{Kind::told, "taken"};
  if (!scene.waited(step.time)) return std::nullopt;
  return Outcome{Kind::told, fmt::format("no reaction in {:.1f} s", seconds(step.time))};
}

Judgement judge_told_close(const Scene& scene) {
  const Heard& heard = scene.heard;
  std::string whole;
  if (!scene.sent.messages.empty()) {
    whole = is_echoed(scene.sent, heard) ? ", behind the whole message" : ", without the whole message";
  }
  if (heard.close()) return Outcome{Kind::told, heard.close()->words() + whole};
  if (heard.end()) return Outcome{Kind::told, words_of_end(*heard.end()) + whole};
  if (!scene.waited(scene.settings.case_timeout)) return std::nullopt;
  return Outcome{Kind::told, "no Close" + whole};
}

Judgement judge_pings(const Step& step, const Scene& scene) {
  const std::vector<HeardPing>& pings = scene.heard.pings();
  if (pings.size() >= 2) {
    return Outcome{Kind::told, fmt::format("a Ping every {:.1f} s", seconds(pings[1].at - pings[0].at))};
  }
  if (scene.heard.end()) return Outcome{Kind::told, told_end(scene)};
  if (scene.now < scene.waiting.began + step.time) return std::nullopt;
  return Outcome{Kind::told, pings.empty() ? fmt::format("no Ping in {:.0f} s", seconds(step.time)) : "one Ping"};
}

// What must not have come.
Outcome judge_absence(const Step& step, const Scene& scene) {
  if (step.verb == Verb::one_close) {
    if (scene.heard.closes() < 2) return {};
    return {Kind::broken, fmt::format("{} Closes", scene.heard.closes())};
  }
  if (step.verb == Verb::not_ponged) {
    if (!has_pong(scene.heard, payload_of(step))) return {};
    return {Kind::broken, "a Pong came all the same"};
  }
  const bool echoed = !scene.sent.messages.empty() && scene.settings.echo && is_echoed(scene.sent, scene.heard);
  return echoed ? Outcome{Kind::broken, "the message was taken: it came back"} : Outcome{};
}

}  // namespace

std::string words_of_end(const HeardEnd& end) {
  return end.reset ? "the connection was reset" : "TCP was closed without a Close";
}

bool is_expectation(Verb verb) noexcept { return verb >= Verb::open; }

bool lists(std::string_view list, std::string_view element) noexcept {
  while (!list.empty()) {
    const std::string_view part = list.substr(0, list.find(','));
    list.remove_prefix(std::min(part.size() + 1, list.size()));
    if (http::equals_ignoring_case(http::trim_white_space(part), element)) return true;
  }
  return false;
}

bool is_echoed(const Sent& sent, const Heard& heard) noexcept {
  auto next = heard.messages().begin();
  for (const Message& message : sent.messages) {
    next = std::find(next, heard.messages().end(), message);
    if (next == heard.messages().end()) return false;
    ++next;
  }
  return true;
}

std::optional<Outcome> judge(const Step& step, const Scene& scene) {
  if (is_measure(step.verb)) return judge_measure(step, scene);
  switch (step.verb) {
    case Verb::handled:
    case Verb::ignored:
      return judge_life(step, scene);
    case Verb::failed:
    case Verb::closed:
      return judge_failure(step, scene);
    case Verb::closes:
      return judge_closing(scene);
    case Verb::echoed:
      return judge_echo(step, scene);
    case Verb::ponged:
    case Verb::soon:
      return judge_pong(step, scene);
    case Verb::each_ponged:
      return judge_each_pong(step, scene);
    case Verb::settle:
      return scene.heard.end() || scene.waited(step.time) ? Judgement(Outcome{}) : std::nullopt;
    case Verb::ended:
      return judge_end(step, scene);
    case Verb::not_ended:
      if (scene.heard.end() && scene.heard.end()->at < scene.waiting.since + step.time) {
        return Outcome{Kind::broken, "it ended TCP"};
      }
      return scene.heard.end() || scene.waited(step.time) ? Judgement(Outcome{}) : std::nullopt;
    case Verb::tell:
      return judge_told(step, scene);
    case Verb::tell_end:
      return judge_told_end(step, scene);
    case Verb::tell_close:
      return judge_told_close(scene);
    case Verb::tell_pings:
      return judge_pings(step, scene);
    case Verb::not_ponged:
    case Verb::not_echoed:
    case Verb::one_close:
      return judge_absence(step, scene);
    case Verb::lives:
      return Outcome{Kind::met, {}};
    case Verb::asked:
    case Verb::request:
    case Verb::silent:
    case Verb::rejected:
    case Verb::may_reject:
    case Verb::tell_open:
    case Verb::tell_redirect:
    case Verb::backoff:
    case Verb::unasked:
      return judge_client(step, scene);
    default:
      return judge_answer(step, scene);
  }
}

base::TimePoint deadline_of(const Step& step, const Scene& scene) {
  if (is_measure(step.verb)) return measure_deadline(step, scene);
  switch (step.verb) {
    case Verb::settle:
    case Verb::soon:
    case Verb::not_ended:
    case Verb::tell:
    case Verb::no_answer:
    case Verb::silent:
      return scene.waiting.since + step.time;
    case Verb::ended:
      return scene.waiting.since + std::max(step.time, step.other_time);
    case Verb::tell_end:
    case Verb::tell_pings:
      return scene.waiting.began + step.time;
    case Verb::backoff:
      return scene.waiting.began + patience_for_backoff(scene);
    case Verb::failed:
    case Verb::closed:
      return scene.waiting.since + (scene.waiting.ping ? last_chance : scene.settings.case_timeout);
    default:
      return scene.waiting.since + scene.settings.case_timeout;
  }
}

}  // namespace wscope::check
