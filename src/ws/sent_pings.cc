#include "ws/sent_pings.h"

#include <algorithm>
#include <utility>

namespace wscope::ws {
namespace {

// Enough for whoever measures.
constexpr std::size_t most = 1000;

}  // namespace

void SentPings::add(Ping ping) {
  if (pings_.size() == most) pings_.erase(pings_.begin());
  pings_.push_back(std::move(ping));
}

// Section 5.5.3: a peer may answer the latest Ping alone.
std::optional<SentPings::Ping> SentPings::take(base::Bytes payload) {
  const auto answered = std::find_if(pings_.begin(), pings_.end(),
                                     [payload](const Ping& ping) { return ping.payload == base::as_text(payload); });
  if (answered == pings_.end()) return std::nullopt;
  Ping ping = std::move(*answered);
  pings_.erase(pings_.begin(), answered + 1);
  return ping;
}

}  // namespace wscope::ws
