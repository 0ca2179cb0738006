// What a CaseMachine does at the server's end, for a client that is looked at.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <iterator>
#include <utility>

#include "check/case_machine.h"
#include "wire/agreement.h"
#include "ws/extension_header.h"

namespace wscope::check {
namespace {

// Between the 101 and the first frame, so that they come in two segments: not all clients take them in one (that is a
// case of its own).
constexpr base::Duration behind_answer = std::chrono::milliseconds(20);
constexpr std::string_view deflate_name = "permessage-deflate";

// The steps of a server's case that ask for an extension and look at the answer.
bool is_of_server(Verb verb) noexcept {
  return verb == Verb::offer || verb == Verb::ask || verb == Verb::open || verb == Verb::reply;
}

std::string agreement_for(const std::vector<Step>& steps) {
  const bool alone = std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.verb == Verb::offer && step.text.find("no_context_takeover") != std::string::npos;
  });
  return alone ? "permessage-deflate; server_no_context_takeover; client_no_context_takeover" : "permessage-deflate";
}

// What the client offers of it; nothing: it does not.
std::optional<ws::ExtensionElement> offered_deflate(const http::RequestHead& request) {
  const auto value = request.headers.joined("Sec-WebSocket-Extensions");
  if (!value) return std::nullopt;
  auto elements = ws::parse_extensions(*value);
  if (!elements) return std::nullopt;
  const auto found = std::find_if(elements->begin(), elements->end(),
                                  [](const ws::ExtensionElement& one) { return one.name == deflate_name; });
  return found == elements->end() ? std::nullopt : std::optional(*found);
}

bool offers(const ws::ExtensionElement& element, std::string_view parameter) {
  return std::any_of(element.parameters.begin(), element.parameters.end(),
                     [parameter](const ws::ExtensionParameter& one) { return one.name == parameter; });
}

}  // namespace

// A case about frames begins with the answer; one about the handshake has said so itself.
void CaseMachine::add_answering() {
  const bool answers = std::any_of(steps_.begin(), steps_.end(), [](const Step& step) {
    return step.verb == Verb::asked || step.verb == Verb::unasked;
  });
  if (answers) return;
  std::vector<Step> opening{{.verb = Verb::asked}};
  if (case_.wants_deflate()) opening.push_back({.verb = Verb::agree, .text = agreement_for(steps_)});
  opening.push_back({.verb = Verb::answer});
  std::erase_if(steps_, [](const Step& step) { return is_of_server(step.verb); });
  steps_.insert(steps_.begin(), std::make_move_iterator(opening.begin()), std::make_move_iterator(opening.end()));
}

bool CaseMachine::change_answer(const Step& step) { return answer_.change(step); }

void CaseMachine::agree(const std::string& text, base::TimePoint now) {
  const auto offer = heard_.request() ? offered_deflate(*heard_.request()) : std::nullopt;
  const bool wants_window = text.find("client_max_window_bits") != std::string::npos;
  if (!offer || (wants_window && !offers(*offer, "client_max_window_bits"))) {
    std::string lacks = offer ? "client_max_window_bits is not offered" : "permessage-deflate is not offered";
    // It is answered all the same, and let go.
    answer("early");
    return decide({Outcome::Kind::skipped, std::move(lacks)}, now);
  }
  answer_.agree(text);
  agreed_ = wire::agreed_deflate("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Extensions: " + text + "\r\n\r\n");
  if (agreed_) heard_.inflate(*agreed_);
}

void CaseMachine::answer(const std::string& how) {
  if (!heard_.request()) return;
  int status = 101;
  static_cast<void>(std::from_chars(how.data(), how.data() + how.size(), status));
  sent_.status = status;
  outbox_.append(answer_.text(*heard_.request(), status, settings_.secure));
  if (how != "early") outbox_.pause(behind_answer);
}

bool CaseMachine::is_open() const noexcept {
  if (heard_.end()) return false;
  if (settings_.role == Role::client) return sent_.status == 101;
  return heard_.answer() && heard_.answer()->is_101();
}

// A server closes TCP first, once both have said Close (RFC 6455 section 7.1.1).
bool CaseMachine::may_go(base::TimePoint) const noexcept {
  return settings_.role == Role::client && heard_.close() && sent_.closed && outbox_.empty();
}

}  // namespace wscope::check
