#include <cstddef>
#include <string_view>

#include "base/utf8.h"
#include "view/json.h"
#include "view/json_events.h"

namespace wscope::view {
namespace {

JsonObject begin_event(std::string_view name, const Stamp& stamp, std::string& out) {
  JsonObject event(out);
  event.word("event", name).time("time", stamp.time);
  if (stamp.connection) event.number("conn", *stamp.connection);
  return event;
}

void add_way(const Timing& timing, JsonObject& event) {
  const struct {
    std::string_view key;
    const std::optional<base::Duration>& took;
  } parts[] = {{"dns_ms", timing.dns},
               {"tcp_ms", timing.tcp},
               {"proxy_ms", timing.proxy},
               {"tls_ms", timing.tls},
               {"upgrade_ms", timing.upgrade}};
  for (const auto& part : parts) {
    part.took ? event.milliseconds(part.key, milliseconds(*part.took)) : event.null(part.key);
  }
}

}  // namespace

void append_answer(const Stamp& stamp, const AnswerView& answer, std::string& out) {
  JsonObject event = begin_event("pong", stamp, out);
  event.word("dir", "in");
  if (base::is_utf8(answer.payload)) {
    event.text("data", base::as_text(answer.payload));
  } else {
    event.base64("base64", answer.payload);
  }
  event.number("seq", answer.sequence);
  if (answer.duplicate) {
    event.boolean("dup", true);
  } else {
    event.milliseconds("rtt_ms", milliseconds(answer.round_trip));
  }
  if (answer.late) event.boolean("late", true);
  if (answer.way != nullptr) add_way(*answer.way, event);
  event.end();
}

void append_lost(const Stamp& stamp, std::uint64_t sequence, std::string_view message, std::string& out) {
  begin_event("lost", stamp, out).number("seq", sequence).text("message", message).end();
}

void append_summary(const Stamp& stamp, const SummaryView& summary, std::string& out) {
  JsonObject event = begin_event("summary", stamp, out);
  event.number("pings", summary.pings).number("pongs", summary.pongs).number("lost", summary.lost);
  event.number("skipped", summary.skipped).number("open", summary.open).number("dup", summary.duplicates);
  event.number("late", summary.late).number("unknown", summary.unknown);
  event.number("pings_in", summary.pings_in).number("messages_in", summary.messages_in);
  event.milliseconds("elapsed_ms", milliseconds(summary.elapsed));
  const SummaryView::Figures figures = summary.round_trips.value_or(SummaryView::Figures());
  const struct {
    std::string_view key;
    base::Duration value;
  } rows[] = {{"min_ms", figures.least},         {"avg_ms", figures.mean},           {"max_ms", figures.greatest},
              {"mdev_ms", figures.deviation},    {"p50_ms", figures.percentiles[0]}, {"p90_ms", figures.percentiles[1]},
              {"p99_ms", figures.percentiles[2]}};
  for (const auto& row : rows) {
    summary.round_trips ? event.milliseconds(row.key, milliseconds(row.value)) : event.null(row.key);
  }
  event.end();
}

}  // namespace wscope::view
