#include "link/ending.h"

#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "link/connection_options.h"
#include "view/counted.h"
#include "view/violation_text.h"

namespace wscope::link {
namespace {

bool is_clean(ws::CloseCode code) noexcept {
  return code == ws::close_code::normal || code == ws::close_code::going_away || code == ws::close_code::no_status;
}

// How long what stands between the two ends often lets a connection be silent, in seconds.
constexpr std::array usual_patience = {30, 50, 55, 60, 75, 90, 100, 120, 180, 240, 300, 350, 600, 900, 1800, 3600};

// Nothing if that was not long.
std::string silence_in_words(base::Duration silence) {
  const double seconds = std::chrono::duration<double>(silence).count();
  if (seconds < 1) return "";
  return fmt::format(", after {:.{}f} s of silence", seconds, seconds < 10 ? 1 : 0);
}

std::string hint_for_silence(base::Duration silence) {
  const double seconds = std::chrono::duration<double>(silence).count();
  for (const int patience : usual_patience) {
    if (seconds < patience - 1.0 || seconds > patience + 2.0) continue;
    return fmt::format("a proxy may end what is silent for {} s: --ping-interval {} keeps it open", patience,
                       patience / 2);
  }
  return "";
}

base::Error lost(const ws::Connection& connection, const StreamEnd& end, const std::string& cut) {
  const bool unanswered = connection.timed_out() && connection.closing().sent;
  std::string why = unanswered ? "the peer did not answer the Close" : "without a Close from the peer";
  if (!end.why.empty()) why = end.why;
  std::string hint;
  if (end.silence && !unanswered) {
    why += silence_in_words(*end.silence);
    if (!end.pings) hint = hint_for_silence(*end.silence);
  }
  return {base::ErrorKind::lost, "connection lost: " + why + cut, std::move(hint)};
}

// "; …", or nothing.
std::string cut_off(const ws::Connection& connection) {
  std::string words;
  if (const auto message = connection.receiving()) words += "; " + describe_incomplete(wire::Direction::in, *message);
  if (const auto message = connection.sending()) words += "; " + describe_incomplete(wire::Direction::out, *message);
  return words;
}

}  // namespace

std::string describe_incomplete(wire::Direction direction, const ws::Incomplete& message) {
  const bool in = direction == wire::Direction::in;
  return fmt::format("{} last message is incomplete: {} of a {} message {}", in ? "the" : "our",
                     view::counted(message.length, "byte"), ws::name(message.type), in ? "came" : "went out");
}

std::string describe_begun_close(const ws::CloseRecord& closing) {
  if (!closing.received || (closing.sent && !closing.received_first)) return "";
  std::string words = std::to_string(closing.received->code.value);
  if (!closing.received->reason.empty()) words += " \"" + closing.received->reason + "\"";
  return words;
}

std::string describe_too_much_held(std::uint64_t most) {
  return fmt::format("more than {} of messages would have to be held (--max-held)", view::counted(most, "byte"));
}

base::Error explain_violation(const ws::Failed& failed) {
  const std::string seen = view::describe_violation(failed);
  const std::string answer = view::describe_answer(failed);
  switch (failed.violation) {
    case ws::Violation::ping_timeout:
      return {base::ErrorKind::lost, "connection lost: no answer to a Ping (--ping-timeout)" + answer};
    case ws::Violation::message_too_big: {
      const bool given = failed.evidence.limit != streams::longest_held_message;
      return {base::ErrorKind::protocol, "the peer sent too long a message: " + seen + " (--max-size)" + answer,
              given ? "" : "--max-size allows more"};
    }
    case ws::Violation::frame_too_big:  // there is no such limit unless it is given
      return {base::ErrorKind::protocol, "the peer sent too long a frame: " + seen + " (--max-frame)" + answer};
    case ws::Violation::too_much_held:
      return {base::ErrorKind::protocol, describe_too_much_held(failed.evidence.limit) + answer};
    default:
      return {base::ErrorKind::protocol, "the peer broke the protocol: " + seen + answer};
  }
}

std::optional<base::Error> judge_end(const ws::Connection& connection, const StreamEnd& end) {
  const ws::CloseRecord& closing = connection.closing();
  const auto& received = closing.received;
  const std::string cut = cut_off(connection);
  if (!received) return lost(connection, end, cut);
  const bool began = !closing.sent || closing.received_first;
  const bool echoed = !began && received->code == closing.sent->code;
  std::string said = std::to_string(received->code.value) + " (" + std::string(ws::name(received->code)) + ")";
  if (!received->reason.empty()) said += " " + received->reason;
  const std::string words = "closed by the peer: " + said + cut;
  if (!is_clean(received->code) && !echoed) return base::Error{base::ErrorKind::closed, words};
  if (connection.receiving()) {
    if (began) return base::Error{base::ErrorKind::protocol, words};
    return base::Error{base::ErrorKind::lost, "closed in the middle of a message" + cut};
  }
  if (connection.sending() && began) return base::Error{base::ErrorKind::lost, words};
  return std::nullopt;
}

std::optional<base::Error> judge_end(const peer::Peer& peer, bool pings) {
  if (peer.out_of_memory()) return base::Error{base::ErrorKind::io, "out of memory"};
  StreamEnd end{peer.socket_error(), peer.silence(), pings};
  const tls::Engine* tls = peer.tls();
  if (tls != nullptr && tls->truncated()) end.why = "the TLS stream was cut off";
  auto error = judge_end(peer.connection(), end);
  const bool tls_failed = tls != nullptr && tls->state() == tls::Engine::State::failed;
  if (tls_failed && !peer.connection().closing().received) return tls->error();
  return error;
}

}  // namespace wscope::link
