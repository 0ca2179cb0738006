#include "ping/text.h"

#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "view/counted.h"
#include "view/escape.h"
#include "view/timestamp.h"

namespace wscope::ping {
namespace {

using view::Meaning;
using view::milliseconds;
using Kind = Pings::Answer::Kind;

constexpr std::size_t column = 10;

std::string in_milliseconds(base::Duration time) { return fmt::format("{:.3f}", milliseconds(time)); }

// Of all that were sent; one that came is seen, and so is one that did not.
std::string percent_lost(const Pings& pings) {
  if (pings.sent() == 0) return "0";
  const double percent = 100.0 * static_cast<double>(pings.lost()) / static_cast<double>(pings.sent());
  return percent < 100 && percent > 99.9 ? "99.9" : fmt::format("{:.3g}", percent);
}

std::string figures(std::string_view name, const Samples& samples) {
  return fmt::format("{} min/avg/max/mdev {}/{}/{}/{} ms   p50 {}  p90 {}  p99 {}\n", name,
                     in_milliseconds(samples.least()), in_milliseconds(samples.mean()),
                     in_milliseconds(samples.greatest()), in_milliseconds(samples.deviation()),
                     in_milliseconds(samples.percentile(50)), in_milliseconds(samples.percentile(90)),
                     in_milliseconds(samples.percentile(99)));
}

std::string counts(const Pings& pings, view::Style style) {
  const Meaning loss = pings.lost() > 0 ? Meaning::error : Meaning::notice;
  return view::counted(pings.sent(), "ping") + ", " + view::counted(pings.answered(), "pong") + ", " +
         style(loss, percent_lost(pings) + " % lost");
}

// "1 skipped, 2 dup", as far as there are any; empty: there are none.
std::string list(const std::vector<std::pair<std::uint64_t, std::string_view>>& parts) {
  std::string text;
  for (const auto& [count, name] : parts) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(name);
  }
  return text;
}

std::string unusual(const Pings& pings) {
  return list({{pings.open(), "open"},
               {pings.skipped(), "skipped"},
               {pings.duplicates(), "dup"},
               {pings.late(), "late"},
               {pings.unknown(), "that answer none"}});
}

std::string from_server(const Totals& totals) {
  std::string text;
  if (totals.pings_in > 0) text = view::counted(totals.pings_in, "ping") + " answered";
  if (totals.messages_in > 0) {
    text += (text.empty() ? "" : ", ") + view::counted(totals.messages_in, "message") + " dropped";
  }
  return text;
}

}  // namespace

void WaySamples::add(const view::Timing& timing) {
  if (timing.dns) dns.add(*timing.dns);
  if (timing.tcp) tcp.add(*timing.tcp + timing.proxy.value_or(base::Duration::zero()));
  if (timing.tls) tls.add(*timing.tls);
  if (timing.upgrade) upgrade.add(*timing.upgrade);
}

std::string heading(const PingPlan& plan, std::string_view url, std::string_view address) {
  std::string line = "PING " + view::escape(url);
  if (!address.empty()) line += " (" + view::escape(address) + ")";
  if (plan.as == PingPlan::As::ping || !plan.text) line += ", " + view::counted(plan.size, "byte");
  if (plan.as == PingPlan::As::text) line += plan.text ? ", a text" : " as text";
  return line + (plan.opens ? ", each on a new connection\n" : "\n");
}

std::string way_line(const view::Timing& timing) {
  const std::pair<const char*, std::optional<base::Duration>> parts[] = {
      {"dns", timing.dns.value_or(base::Duration::zero())},
      {"tcp", timing.tcp.value_or(base::Duration::zero())},
      {"proxy", timing.proxy},
      {"tls", timing.tls},
      {"upgrade", timing.upgrade.value_or(base::Duration::zero())}};
  std::string line;
  base::Duration total{};
  for (const auto& [name, took] : parts) {
    if (!took) continue;
    total += *took;
    fmt::format_to(std::back_inserter(line), "{} {:.1f}  ", name, milliseconds(*took));
  }
  return line + fmt::format("total {:.1f} ms\n", milliseconds(total));
}

std::string answer_line(const Pings::Answer& answer, view::Style style) {
  std::string line = fmt::format("pong seq={}", answer.sequence);
  if (answer.kind != Kind::duplicate) line += " time=" + in_milliseconds(answer.round_trip) + " ms";
  if (answer.kind == Kind::duplicate) line += style(Meaning::warning, " (dup)");
  if (answer.kind == Kind::late) line += style(Meaning::warning, " (late)");
  return line + "\n";
}

std::string lost_line(std::uint64_t sequence, std::string_view why, view::Style style) {
  return style(Meaning::error, fmt::format("lost seq={}", sequence)) + ": " + view::escape(why) + "\n";
}

std::string no_answer_in(base::Duration patience) {
  return fmt::format("no answer in {:g} s", std::chrono::duration<double>(patience).count());
}

std::string columns(view::Style style) {
  std::string line = fmt::format("{:>6}", "seq");
  for (const char* const name : {"dns", "tcp", "tls", "upgrade", "pong"}) {
    line += fmt::format("{:>{}}", name, column);
  }
  return style(Meaning::dimmed, line + " ms") + "\n";
}

std::string row(const Pings::Answer& answer, const view::Timing& timing) {
  std::optional<base::Duration> tcp = timing.tcp;
  if (tcp) *tcp += timing.proxy.value_or(base::Duration::zero());
  std::string line = fmt::format("{:>6}", answer.sequence);
  for (const auto& part : {timing.dns, tcp, timing.tls, timing.upgrade, std::optional(answer.round_trip)}) {
    line += fmt::format("{:>{}}", part ? in_milliseconds(*part) : "-", column);
  }
  return line + "\n";
}

std::string failed_row(std::uint64_t sequence, std::string_view why, view::Style style) {
  return fmt::format("{:>6}  ", sequence) + style(Meaning::error, "lost") + ": " + view::escape(why) + "\n";
}

std::string summary(const PingPlan& plan, const Pinger& pinger, const Totals& totals, view::Style style) {
  std::string text = style(Meaning::dimmed, "--- " + view::escape(totals.url) + " ---") + "\n";
  text += counts(pinger.pings(), style) + fmt::format(", {:.0f} ms\n", milliseconds(pinger.elapsed()));
  if (plan.opens) {
    const std::pair<const char*, const Samples&> parts[] = {
        {"dns", totals.ways.dns}, {"tcp", totals.ways.tcp}, {"tls", totals.ways.tls}, {"upgrade", totals.ways.upgrade}};
    for (const auto& [name, samples] : parts) {
      if (samples.count() > 0) text += figures(name, samples);
    }
  }
  if (pinger.round_trips().count() > 0) text += figures("rtt", pinger.round_trips());
  if (const std::string more = unusual(pinger.pings()); !more.empty()) text += style(Meaning::warning, more) + "\n";
  if (const std::string more = from_server(totals); !more.empty()) text += "of the server: " + more + "\n";
  return text;
}

std::string so_far(const Pinger& pinger) {
  std::string line = counts(pinger.pings(), view::no_colors);
  const Samples& times = pinger.round_trips();
  if (times.count() > 0) {
    line += fmt::format(", min/avg/max {}/{}/{} ms", in_milliseconds(times.least()), in_milliseconds(times.mean()),
                        in_milliseconds(times.greatest()));
  }
  if (const std::string more = unusual(pinger.pings()); !more.empty()) line += "; " + more;
  return line + "\n";
}

view::SummaryView summary_view(const Pinger& pinger, const Totals& totals) {
  const Pings& pings = pinger.pings();
  view::SummaryView view{.pings = pings.sent(),
                         .pongs = pings.answered(),
                         .lost = pings.lost(),
                         .skipped = pings.skipped(),
                         .open = pings.open(),
                         .duplicates = pings.duplicates(),
                         .late = pings.late(),
                         .unknown = pings.unknown(),
                         .pings_in = totals.pings_in,
                         .messages_in = totals.messages_in,
                         .elapsed = pinger.elapsed()};
  const Samples& times = pinger.round_trips();
  if (times.count() == 0) return view;
  view.round_trips = {times.least(),
                      times.mean(),
                      times.greatest(),
                      times.deviation(),
                      {times.percentile(50), times.percentile(90), times.percentile(99)}};
  return view;
}

}  // namespace wscope::ping
