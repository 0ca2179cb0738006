#include "app/ending.h"

namespace wscope::app {
namespace {

bool is_clean(ws::CloseCode code) noexcept {
  return code == ws::close_code::normal || code == ws::close_code::going_away || code == ws::close_code::no_status;
}

}  // namespace

base::Error explain_violation(const ws::Failed& failed) {
  switch (failed.violation) {
    case ws::Violation::ping_timeout:
      return {base::ErrorKind::lost, "connection lost: no answer to a Ping (--ping-timeout)"};
    case ws::Violation::message_too_big:
      return {base::ErrorKind::protocol, "the peer sent too long a message", "--max-size allows more"};
    case ws::Violation::frame_too_big:
      return {base::ErrorKind::protocol, "the peer sent too long a frame", "--max-frame allows more"};
    default:
      return {base::ErrorKind::protocol, "the peer broke the protocol: " + std::string(failed.detail)};
  }
}

std::optional<base::Error> judge_end(const ws::Connection& connection, const std::string& socket_error) {
  const ws::CloseRecord& closing = connection.closing();
  const auto& received = closing.received;
  const bool echoed = received && closing.sent && !closing.received_first && received->code == closing.sent->code;
  if (received && (is_clean(received->code) || echoed)) return std::nullopt;
  if (received) {
    std::string said = std::to_string(received->code.value) + " (" + std::string(ws::name(received->code)) + ")";
    if (!received->reason.empty()) said += " " + received->reason;
    return base::Error{base::ErrorKind::closed, "closed by the peer: " + said};
  }
  const bool unanswered = connection.timed_out() && closing.sent;
  std::string why = unanswered ? "the peer did not answer the Close" : "without a Close from the peer";
  if (!socket_error.empty()) why = socket_error;
  return base::Error{base::ErrorKind::lost, "connection lost: " + why};
}

std::optional<base::Error> judge_end(const peer::Peer& peer) {
  auto error = judge_end(peer.connection(), peer.socket_error());
  const tls::Engine* tls = peer.tls();
  if (!error || error->kind != base::ErrorKind::lost || tls == nullptr) return error;
  if (tls->state() == tls::Engine::State::failed) return tls->error();
  if (tls->truncated()) error->message = "connection lost: the TLS stream was cut off";
  return error;
}

}  // namespace wscope::app
