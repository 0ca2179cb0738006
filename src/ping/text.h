// What wscope ping prints.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "ping/pinger.h"
#include "ping/plan.h"
#include "ping/samples.h"
#include "view/json_events.h"
#include "view/style.h"
#include "view/waterfall.h"

namespace wscope::ping {

/// How long the parts of the way took, of many connections.
struct WaySamples {
  Samples dns{};
  Samples tcp{};  ///< and a proxy
  Samples tls{};
  Samples upgrade{};

  void add(const view::Timing& timing);
};

/// All there is to be told in the end.
struct Totals {
  std::string url{};
  std::uint64_t pings_in = 0;     ///< from the server
  std::uint64_t messages_in = 0;  ///< the same, but for answers
  WaySamples ways{};              ///< if each ping has a connection of its own
};

// Lines, with their line feeds. What others may have put into them is escaped.

/// "PING ws://localhost/ (127.0.0.1:80), 8 bytes". `address` may be empty.
[[nodiscard]] std::string heading(const PingPlan& plan, std::string_view url, std::string_view address);
/// "dns 0.0  tcp 0.1  upgrade 0.4  total 0.5 ms"
[[nodiscard]] std::string way_line(const view::Timing& timing);
/// "pong seq=1 time=0.081 ms"; behind it what is unusual about it.
[[nodiscard]] std::string answer_line(const Pings::Answer& answer, view::Style style);
/// "lost seq=1: no answer in 10 s"
[[nodiscard]] std::string lost_line(std::uint64_t sequence, std::string_view why, view::Style style);
/// Why one is lost whose time is over.
[[nodiscard]] std::string no_answer_in(base::Duration patience);

/// With a connection for each: the names of the columns, and a row of an answer or of a failure.
[[nodiscard]] std::string columns(view::Style style);
[[nodiscard]] std::string row(const Pings::Answer& answer, const view::Timing& timing);
[[nodiscard]] std::string failed_row(std::uint64_t sequence, std::string_view why, view::Style style);

/// "3 pings, 3 pongs, 0 % lost, 2002 ms", behind a line with the URL; round trips; and what else there was.
[[nodiscard]] std::string summary(const PingPlan& plan, const Pinger& pinger, const Totals& totals, view::Style style);
/// A line of how it stands.
[[nodiscard]] std::string so_far(const Pinger& pinger);
/// The same for programs.
[[nodiscard]] view::SummaryView summary_view(const Pinger& pinger, const Totals& totals);

}  // namespace wscope::ping
