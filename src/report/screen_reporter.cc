#include "report/screen_reporter.h"

#include <cassert>
#include <chrono>
#include <variant>

#include <fmt/format.h>

#include "link/ending.h"
#include "report/tls_lines.h"
#include "view/escape.h"
#include "view/wire_text.h"

namespace wscope::report {
namespace {

// That are told within a second.
constexpr int most_refusals = 10;
// Hours to milliseconds.
constexpr std::size_t shown_time = sizeof "09:12:01.123" - 1;

std::string payload_in_words(base::Bytes payload) {
  return payload.empty() ? "" : fmt::format(" \"{}\"", view::escape(base::as_text(payload)));
}

}  // namespace

// --- who and when

std::string ScreenReporter::name(link::ConnectionNumber connection) const {
  return connection == 0 || !names_connections() ? "" : number(connection);
}

std::string ScreenReporter::number(link::ConnectionNumber connection) const {
  return style_(view::Meaning::dimmed, fmt::format("[{}]", connection)) + " ";
}

std::string ScreenReporter::lead(link::ConnectionNumber connection) {
  std::string text = name(connection);
  if (choices_.timestamps == Timestamps::absolute) {
    const std::string now = view::time_of_day(std::chrono::system_clock::now());
    text += style_(view::Meaning::dimmed, std::string_view(now).substr(0, shown_time)) + " ";
  } else if (choices_.timestamps == Timestamps::relative) {
    const base::TimePoint now = console_.now();
    const double passed = latest_ == base::TimePoint() ? 0 : std::chrono::duration<double>(now - latest_).count();
    text += style_(view::Meaning::dimmed, fmt::format("+{:.3f}", passed)) + " ";
    latest_ = now;
  }
  return text;
}

// --- for a person

void ScreenReporter::say(view::Meaning meaning, std::string_view lines) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    console_.print(style_(meaning, line) + "\n");
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
}

void ScreenReporter::flush() {
  tell_unsaid_refusals();
  if (payloads_ != nullptr) payloads_->flush();
  console_.flush();
}

void ScreenReporter::complain(const base::Error& error) {
  say(view::Meaning::error, "error: " + view::escape(error.message));
  if (!error.excerpt.empty()) say(view::Meaning::notice, view::escape(error.excerpt, view::LineBreaks::keep));
  if (!error.hint.empty()) say(view::Meaning::notice, "hint: " + view::escape(error.hint));
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::Noted& noted) {
  if (verbose_)
    console_.print(name(connection) + style_(view::Meaning::dimmed, "* " + view::escape(noted.text)) + "\n");
}

void ScreenReporter::tell(link::ConnectionNumber, const link::Refused& refusal) {
  tell_unsaid_refusals();
  const base::TimePoint now = console_.now();
  if (now - refusals_since_ >= std::chrono::seconds(1)) {
    refusals_since_ = now;
    refusals_told_ = 0;
  }
  if (refusals_told_ == most_refusals) {
    ++refusals_unsaid_;
    return;
  }
  ++refusals_told_;
  console_.print(style_(view::Meaning::warning, view::escape(refusal.refused.message)) + "\n");
}

void ScreenReporter::tell_unsaid_refusals() {
  if (refusals_unsaid_ == 0 || console_.now() - refusals_since_ < std::chrono::seconds(1)) return;
  const std::string words = fmt::format("refused {} others", std::exchange(refusals_unsaid_, 0));
  console_.print(style_(view::Meaning::warning, words) + "\n");
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::Warned& warned) {
  console_.print(name(connection) + style_(view::Meaning::warning, view::escape(warned.text)) + "\n");
}

// --- what happens

void ScreenReporter::report(link::ConnectionNumber connection, const link::Happening& happening) {
  std::visit([&](const auto& one) { tell(connection, one); }, happening);
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::Connecting& attempt) {
  note(connection, "trying " + attempt.address);
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::Secured& secured) {
  if (!verbose_) return;
  for (const std::string& line : describe_tls(secured.session)) note(connection, line);
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::Timed& timed) {
  if (!verbose_) return;
  for (const std::string& line : view::waterfall(timed.timing)) note(connection, line);
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::Opened& opened) {
  const bool client = opened.open.outgoing;
  told_.erase(connection);  // it may have been made again
  stamp_.begin(console_.now());
  const std::string words = client ? "Connected (press CTRL+C to quit)" : "Client connected from " + opened.open.peer;
  console_.print((client ? name(connection) : number(connection)) + style_(view::Meaning::notice, words) + "\n");
  if (!opened.open.subprotocol.empty()) note(connection, "subprotocol " + std::string(opened.open.subprotocol));
  note(connection, opened.open.extensions.empty() ? "no extensions" : std::string(opened.open.extensions));
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::Received& received) {
  if (payloads_ != nullptr) return print_payload(received.message);
  if (!choices_.lets_through({received.message.data, received.message.type == ws::Opcode::binary})) return;
  const std::string before = lead(connection);
  console_.print(describe_message({before, wire::Direction::in, received.message.type, received.message.data}, choices_,
                                  style_, console_.size()));
}

void ScreenReporter::print_payload(const ws::Message& message) {
  const std::string stamp = stamp_.next(console_.now(), std::chrono::system_clock::now());
  const bool fits = payloads_->queue().append(base::as_bytes(stamp));
  assert(fits);  // its owner stops reading long before
  static_cast<void>(fits);
  printer_.print(message, payloads_->queue());
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::Sent& sent) {
  if (!shows_sent_) return;
  const std::string before = lead(connection);
  console_.print(
      describe_message({before, wire::Direction::out, sent.type, sent.data}, choices_, style_, console_.size()));
}

void ScreenReporter::print_control(link::ConnectionNumber connection, std::string_view kind, std::string_view rest) {
  const std::string words = style_(view::Meaning::control, fmt::format("{}{}", kind, rest));
  console_.print(lead(connection) + style_(view::Meaning::incoming, "< ") + words + "\n");
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::Heard& heard) {
  if (const auto* ping = std::get_if<ws::Ping>(&heard.event)) {
    if (choices_.control) print_control(connection, "ping", payload_in_words(ping->payload));
  } else if (const auto* pong = std::get_if<ws::Pong>(&heard.event)) {
    const std::string took =
        pong->round_trip ? fmt::format(" {:.2f} ms", view::milliseconds(*pong->round_trip)) : " (unasked)";
    const bool asked_for = pong->round_trip && !pong->keepalive;
    if (choices_.control || asked_for) print_control(connection, "pong", payload_in_words(pong->payload) + took);
  } else if (const auto* close = std::get_if<ws::CloseReceived>(&heard.event)) {
    if (choices_.control) print_close(connection, close->code, close->reason);
  } else if (const auto* failed = std::get_if<ws::Failed>(&heard.event)) {
    const base::Error error = link::explain_violation(*failed);
    const std::string words = "Disconnected: " + view::escape(error.message);
    console_.print(name(connection) + style_(view::Meaning::error, words) + "\n");
    told_.insert(connection);
    if (!error.hint.empty()) say(view::Meaning::notice, "hint: " + error.hint);
  }
}

void ScreenReporter::print_close(link::ConnectionNumber connection, ws::CloseCode code, std::string_view reason) {
  const std::string words = payload_in_words(base::as_bytes(reason));
  print_control(connection, "close", fmt::format(" {} ({}){}", code.value, ws::name(code), words));
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::CutOff& cut) {
  console_.print(name(connection) +
                 style_(view::Meaning::warning, link::describe_incomplete(cut.direction, cut.message)) + "\n");
}

// A peer that begins with an unusual code has its name told; why we failed a connection was told when we did.
void ScreenReporter::tell(link::ConnectionNumber connection, const link::Ended& ended) {
  if (told_.contains(connection)) return;
  const bool began = ended.record.received && (ended.record.received_first || !ended.record.sent);
  const ws::Close cause = ended.record.cause();
  const ws::CloseCode code = ended.record.code();
  const bool usual =
      code == ws::close_code::normal || code == ws::close_code::going_away || code == ws::close_code::no_status;
  if (began && !usual && !choices_.control) print_close(connection, code, ended.record.received->reason);
  const std::string words =
      fmt::format("Disconnected (code: {}, reason: \"{}\")", cause.code.value, view::escape(cause.reason));
  console_.print(name(connection) + style_(view::Meaning::notice, words) + "\n");
}

// --- what goes over the wire

void ScreenReporter::tell(link::ConnectionNumber, const link::HeadSeen& seen) {
  if (verbose_) say(view::Meaning::dimmed, view::describe_head(seen.direction, seen.head.text));
}

void ScreenReporter::tell(link::ConnectionNumber connection, const link::FrameSeen& seen) {
  if (!choices_.frames) return;
  std::string text = view::describe_frame(seen.direction, seen.frame, std::chrono::system_clock::now(), style_);
  if (names_connections()) text.insert(0, name(connection));
  console_.print(text);
}

}  // namespace wscope::report
