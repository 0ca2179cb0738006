// Of steps that measure.
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "check/oracle.h"

namespace wscope::check {
namespace {

using Kind = Outcome::Kind;
using Judgement = std::optional<Outcome>;

// Between two fragments of a message without an end: 4 MB/s.
constexpr base::Duration between_fragments = std::chrono::milliseconds(1);
// Of Nagle's algorithm and an ACK that is held back.
constexpr base::Duration nagle_gap = std::chrono::milliseconds(35);
// Longer than the quickest one took.
constexpr base::Duration collected = std::chrono::milliseconds(50);
// Of ten: one or two are somebody's bad luck.
constexpr std::ptrdiff_t most_late = 2;

double seconds(base::Duration time) { return std::chrono::duration<double>(time).count(); }
double milliseconds(base::Duration time) { return 1000 * seconds(time); }

std::optional<base::TimePoint> answered_at(const Beat& beat, const Heard& heard) {
  const auto pong = std::find(heard.pongs().begin(), heard.pongs().end(), beat.payload);
  if (pong == heard.pongs().end()) return std::nullopt;
  return heard.pong_times()[static_cast<std::size_t>(pong - heard.pongs().begin())];
}

// What each Ping of a step took to be answered; fewer than there were if some were not.
std::vector<base::Duration> times_of(const Scene& scene) {
  std::vector<base::Duration> times;
  for (const Beat& beat : scene.sent.beats) {
    if (const auto at = answered_at(beat, scene.heard)) times.push_back(*at - beat.at);
  }
  return times;
}

Judgement judge_ended(const Scene& scene) {
  if (scene.heard.close()) return Outcome{Kind::broken, scene.heard.close()->words()};
  if (scene.heard.end()) return Outcome{Kind::broken, words_of_end(*scene.heard.end())};
  return std::nullopt;
}

Judgement judge_beats(const Step& step, const Scene& scene) {
  if (auto ended = judge_ended(scene)) return ended;
  const std::vector<Beat>& beats = scene.sent.beats;
  const bool answered = !beats.empty() && answered_at(beats.back(), scene.heard);
  if (beats.size() >= step.count) {
    if (times_of(scene).size() >= beats.size()) return Outcome{};
  } else {
    const bool by_time = step.time > base::Duration::zero();
    if (beats.empty() || (by_time ? scene.now >= beats.back().at + step.time : answered)) {
      scene.waiting.wants_ping = true;
      return std::nullopt;
    }
    if (by_time) return std::nullopt;
  }
  if (!scene.waited(scene.settings.case_timeout)) return std::nullopt;
  return Outcome{Kind::broken, fmt::format("no Pong in {:.1f} s", seconds(scene.settings.case_timeout))};
}

Outcome told_rtt(const Scene& scene) {
  std::vector<base::Duration> times = times_of(scene);
  if (times.empty()) return {Kind::broken, "no Pong"};
  std::sort(times.begin(), times.end());
  const std::size_t last = (times.size() * 99 + 99) / 100 - 1;
  return {Kind::told, fmt::format("{:.2f}/{:.2f}/{:.2f} ms", milliseconds(times.front()),
                                  milliseconds(times[times.size() / 2]), milliseconds(times[last]))};
}

Outcome told_nagle(const Scene& scene) {
  const std::vector<base::Duration> times = times_of(scene);
  if (times.size() < 2) return {Kind::broken, "no Pong"};
  const base::Duration gap = times[1] - times[0];
  if (gap < nagle_gap) return {Kind::told, "no gap"};
  return {Kind::told, fmt::format("a gap of {:.0f} ms", milliseconds(gap))};
}

Outcome judge_delays(const Scene& scene) {
  const std::vector<base::Duration> times = times_of(scene);
  if (times.empty()) return {Kind::broken, "no Pong"};
  const base::Duration least = *std::min_element(times.begin(), times.end());
  const auto late =
      std::count_if(times.begin(), times.end(), [least](base::Duration time) { return time > least + collected; });
  if (late <= most_late) return {};
  return {Kind::broken,
          fmt::format("{} of {} Pongs came more than 50 ms late: something collects them", late, times.size())};
}

Outcome judge_announcement(const Scene& scene) {
  const auto& end = scene.heard.end();
  if (!end) return {Kind::broken, "TCP is open"};
  if (end->reset) return {Kind::broken, words_of_end(*end)};
  return end->unannounced ? Outcome{Kind::broken, "TCP was closed without close_notify"} : Outcome{};
}

Outcome judge_times(const Step& step, const Scene& scene) {
  if (step.text == "rtt") return told_rtt(scene);
  if (step.text == "nagle") return told_nagle(scene);
  if (step.text == "delays") return judge_delays(scene);
  if (step.text == "end") return judge_announcement(scene);
  return {Kind::error, "nothing is measured that is called " + step.text};
}

Judgement judge_idle(const Step& step, const Scene& scene) {
  const Heard& heard = scene.heard;
  const double after = seconds(scene.now - scene.waiting.began);
  if (heard.close()) return Outcome{Kind::told, fmt::format("{:.1f} s, {}", after, heard.close()->words())};
  if (heard.end()) return Outcome{Kind::told, fmt::format("{:.1f} s, {}", after, words_of_end(*heard.end()))};
  if (scene.now < scene.waiting.began + step.time) return std::nullopt;
  return Outcome{Kind::told, fmt::format("none in {:.0f} s", seconds(step.time))};
}

Judgement judge_late_echo(const Step& step, const Scene& scene) {
  const Heard& heard = scene.heard;
  const std::size_t count = scene.sent.messages.size();
  if (heard.messages().size() >= count && is_echoed(scene.sent, heard)) {
    return Outcome{Kind::told, "it waited, and nothing was lost"};
  }
  const std::string came = fmt::format("{} of {} messages came back", heard.messages().size(), count);
  if (heard.close()) return Outcome{Kind::told, heard.close()->words() + ", " + came};
  if (heard.end()) return Outcome{Kind::told, words_of_end(*heard.end()) + ", " + came};
  if (!scene.waited(step.time)) return std::nullopt;
  return Outcome{Kind::told, came};
}

Judgement judge_endless(const Step& step, const Scene& scene) {
  const Heard& heard = scene.heard;
  if (heard.close()) {
    const auto code = heard.close()->code;
    if (code && (*code == 1009 || *code == 1008)) return Outcome{};
    return Outcome{Kind::wrong_form, heard.close()->words()};
  }
  if (heard.end()) return Outcome{Kind::wrong_form, words_of_end(*heard.end())};
  if (scene.now >= scene.waiting.began + step.time) {
    if (heard.within_message()) return Outcome{};  // it goes on as it comes, and nothing is held
    return Outcome{Kind::broken, fmt::format("a message without an end is taken for {:.0f} s", seconds(step.time))};
  }
  if (scene.sent.all_written && scene.waited(between_fragments)) scene.waiting.wants_more = true;
  return std::nullopt;
}

}  // namespace

bool is_measure(Verb verb) noexcept { return verb >= Verb::tell_idle && verb <= Verb::endless; }

std::optional<Outcome> judge_measure(const Step& step, const Scene& scene) {
  switch (step.verb) {
    case Verb::beats:
      return judge_beats(step, scene);
    case Verb::tell_idle:
      return judge_idle(step, scene);
    case Verb::tell_echo:
      return judge_late_echo(step, scene);
    case Verb::endless:
      return judge_endless(step, scene);
    default:
      return judge_times(step, scene);
  }
}

base::TimePoint measure_deadline(const Step& step, const Scene& scene) {
  const std::vector<Beat>& beats = scene.sent.beats;
  switch (step.verb) {
    case Verb::tell_idle:
      return scene.waiting.began + step.time;
    case Verb::tell_echo:
      return scene.waiting.since + step.time;
    case Verb::endless:
      return scene.sent.all_written ? scene.waiting.since + between_fragments : scene.waiting.began + step.time;
    case Verb::beats:
      if (step.time > base::Duration::zero() && !beats.empty() && beats.size() < step.count) {
        return beats.back().at + step.time;
      }
      [[fallthrough]];
    default:
      return scene.waiting.since + scene.settings.case_timeout;
  }
}

}  // namespace wscope::check
