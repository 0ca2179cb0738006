#include "ws/close_code.h"

#include <array>

namespace wscope::ws {
namespace {

constexpr std::array<std::string_view, 16> registered_names = {"OK",
                                                               "going away",
                                                               "protocol error",
                                                               "unsupported data",
                                                               "unknown",
                                                               "no status",
                                                               "abnormal close",
                                                               "invalid frame payload data",
                                                               "policy violation",
                                                               "message too big",
                                                               "mandatory extension",
                                                               "internal error",
                                                               "service restart",
                                                               "try again later",
                                                               "bad gateway",
                                                               "TLS handshake failure"};

std::string describe(const Close& close) {
  std::string text = std::to_string(close.code.value) + " (" + std::string(name(close.code)) + ")";
  if (!close.reason.empty()) text += " " + close.reason;
  return text;
}

}  // namespace

std::string_view name(CloseCode code) noexcept {
  if (code.value >= 1000 && code.value <= 1015) return registered_names[code.value - 1000U];
  if (code.value >= 3000 && code.value <= 3999) return "registered";
  if (code.value >= 4000 && code.value <= 4999) return "private use";
  return "unknown";
}

std::string describe(const CloseRecord& record) {
  if (!record.received && !record.sent) return "no close frame received or sent";
  if (!record.received) return "sent " + describe(*record.sent) + "; no close frame received";
  if (!record.sent) return "received " + describe(*record.received) + "; no close frame sent";
  const std::string received = "received " + describe(*record.received);
  const std::string sent = "sent " + describe(*record.sent);
  return record.received_first ? received + "; then " + sent : sent + "; then " + received;
}

}  // namespace wscope::ws
