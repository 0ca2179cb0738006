#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "check/oracle.h"
#include "view/escape.h"
#include "ws/client_handshake.h"

namespace wscope::check {
namespace {

using Kind = Outcome::Kind;
using Judgement = std::optional<Outcome>;

// For the body of an answer whose head is there.
constexpr base::Duration for_body = std::chrono::milliseconds(500);

Judgement broken(std::string seen) { return Outcome{Kind::broken, std::move(seen)}; }
Judgement wrong_form(std::string seen) { return Outcome{Kind::wrong_form, std::move(seen)}; }
Judgement told(std::string seen) { return Outcome{Kind::told, std::move(seen)}; }

// Whether an answer is there, as much as will come of it.
bool is_answered(const Scene& scene) {
  const auto& answer = scene.heard.answer();
  if (!answer) return false;
  return answer->is_101() || answer->whole || !answer->flaw.empty() || scene.heard.end() ||
         scene.now >= answer->at + for_body;
}

// A 4 stands for any 4xx.
bool is_among(int status, const std::vector<std::uint16_t>& statuses) {
  if (statuses.empty()) return status / 100 == 4;
  return std::any_of(statuses.begin(), statuses.end(),
                     [status](std::uint16_t one) { return one == status || (one == 4 && status / 100 == 4); });
}

// The right 101.
Judgement judge_101(const Scene& scene) {
  const http::Headers& headers = scene.heard.answer()->head.headers;
  const std::string* const upgrade = headers.find("Upgrade");
  if (upgrade == nullptr || !http::equals_ignoring_case(*upgrade, "websocket"))
    return broken("101 without Upgrade: websocket");
  const auto connection = headers.joined("Connection");
  if (!connection || !lists(*connection, "upgrade")) return broken("101 without Connection: Upgrade");
  const std::string* const accept = headers.find("Sec-WebSocket-Accept");
  if (accept == nullptr) return broken("101 without Sec-WebSocket-Accept");
  if (*accept != ws::accept_value(scene.sent.key)) return broken("101 with a wrong Sec-WebSocket-Accept");
  return Outcome{};
}

Judgement judge_refusal(const Step& step, const Scene& scene) {
  const HeardAnswer& answer = *scene.heard.answer();
  if (answer.is_101()) {
    const std::string& version = scene.sent.version;
    if (version == "13" || !lists(scene.settings.told_versions, version)) return broken("101");
    return told("101: it speaks the draft of version " + version);
  }
  if (answer.flaw.empty() && is_among(answer.head.status, step.numbers)) return Outcome{};
  if (step.numbers.empty()) return wrong_form(answer.words() + ", not a 4xx");
  return wrong_form(fmt::format("{}, not {}", answer.words(), step.numbers.front() == 4 ? 400 : step.numbers.front()));
}

std::string told_words(const Scene& scene) {
  const HeardAnswer& answer = *scene.heard.answer();
  std::string words;
  for (const int status : scene.heard.interim()) words += fmt::format("{}, then ", status);
  words += answer.words();
  const std::string* const type = answer.head.headers.find("Content-Type");
  if (type != nullptr) words += ", " + view::escape(type->substr(0, 60));
  return words;
}

bool stays_usable(const HeardAnswer& answer) {
  const auto connection = answer.head.headers.joined("Connection");
  const bool closes = connection && lists(*connection, "close");
  return answer.whole && !answer.to_the_end && !closes && answer.head.version == http::Version{1, 1};
}

Judgement judge_whole_answer(const Step& step, const Scene& scene) {
  const HeardAnswer& answer = *scene.heard.answer();
  switch (step.verb) {
    case Verb::open:
      if (answer.is_101()) return Outcome{};
      if (step.count == 0) return broken(answer.words());
      return Outcome{Kind::error, "no connection: " + answer.words()};
    case Verb::basic:
      return answer.is_101() ? judge_101(scene) : broken(answer.words());
    case Verb::refused:
      return judge_refusal(step, scene);
    case Verb::not_opened:
      return answer.is_101() ? broken("101") : Outcome{};
    case Verb::may_refuse: {
      if (answer.is_101()) return Outcome{};
      Judgement judgement = judge_refusal(step, scene);
      if (judgement->kind == Kind::go_on) judgement->kind = Kind::met;
      return judgement;
    }
    case Verb::either:
    case Verb::told:
      return told(told_words(scene));
    case Verb::answered:
      if (answer.is_101() || stays_usable(answer)) return Outcome{};
      return Outcome{Kind::met, {}};
    default:
      return judge_reply(step, scene);
  }
}

// Without an answer in time, or at all.
Judgement judge_silence(const Step& step, const Scene& scene) {
  const bool implied = step.verb == Verb::open && step.count != 0;
  if (scene.heard.end()) {
    const std::string words = scene.heard.end()->reset ? "reset without an answer" : "closed without an answer";
    if (implied) return Outcome{Kind::error, "no connection: " + words};
    if (step.verb == Verb::open || step.verb == Verb::basic) return broken(words);
    if (step.verb == Verb::not_opened || step.verb == Verb::answered) return Outcome{Kind::met, {}};
    if (step.verb == Verb::told || step.verb == Verb::either) return told(words);
    if (step.verb == Verb::reply) return judge_reply(step, scene);
    return wrong_form(words);
  }
  if (!scene.waited(scene.settings.case_timeout)) return std::nullopt;
  const double time = std::chrono::duration<double>(scene.settings.case_timeout).count();
  const std::string words = fmt::format("no answer in {:.1f} s", time);
  if (implied) return Outcome{Kind::error, "no connection: " + words};
  if (step.verb == Verb::told || step.verb == Verb::either) return told(words);
  return step.verb == Verb::not_opened ? wrong_form(words) : broken(words);
}

// A second request behind one that was answered like this.
Judgement judge_no_answer(const Step& step, const Scene& scene) {
  const int before = scene.sent.status_before.value_or(0);
  if (before != 101 && before != 426) return Outcome{};  // what refuses, and goes on with HTTP, is no tunnel
  if (scene.heard.answer() && scene.heard.answer()->flaw.empty()) {
    return broken(fmt::format("behind a {}, another request on the connection was answered: {}", before,
                              scene.heard.answer()->words()));
  }
  if (scene.heard.answer() || scene.heard.end() || scene.waited(step.time)) return Outcome{};
  return std::nullopt;
}

}  // namespace

std::optional<Outcome> judge_answer(const Step& step, const Scene& scene) {
  if (step.verb == Verb::no_answer) return judge_no_answer(step, scene);
  if (is_answered(scene)) return judge_whole_answer(step, scene);
  if (scene.heard.answer()) return std::nullopt;
  return judge_silence(step, scene);
}

}  // namespace wscope::check
