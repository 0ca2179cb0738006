#include "report/reporter.h"

#include <cassert>
#include <span>
#include <variant>

#include <unistd.h>

#include "base/utf8.h"
#include "http/headers.h"
#include "link/refusal.h"
#include "report/event_lines.h"
#include "report/listening_lines.h"
#include "report/tls_lines.h"
#include "streams/outcome.h"
#include "streams/standard_streams.h"
#include "view/escape.h"
#include "view/wire_text.h"

namespace wscope::report {
namespace {

view::MessageFormat message_format(streams::OutputFormat format, bool on_terminal) noexcept {
  switch (format) {
    case streams::OutputFormat::nul:
      return view::MessageFormat::nul;
    case streams::OutputFormat::raw:
      return view::MessageFormat::raw;
    case streams::OutputFormat::hex:
      return view::MessageFormat::hex;
    case streams::OutputFormat::base64:
      return view::MessageFormat::base64;
    case streams::OutputFormat::lines:
    case streams::OutputFormat::json:
      break;
  }
  return on_terminal ? view::MessageFormat::terminal : view::MessageFormat::lines;
}

view::Stamp stamp_now(link::ConnectionNumber connection) { return {std::chrono::system_clock::now(), connection}; }

}  // namespace

void report_early(const Reporting& reporting, const base::Error& error) {
  if (reporting.format != streams::OutputFormat::json) return;
  std::string line;
  view::append_error(stamp_now(0), error, streams::exit_status(error.kind), {}, line);
  static_cast<void>(streams::print_out(line));
}

Reporter::Reporter(net::Poller& poller, streams::ErrorOutput& errors, const Reporting& reporting, Scope scope)
    : errors_(errors),
      options_(reporting),
      scope_(scope),
      on_terminal_(reporting.format == streams::OutputFormat::lines && ::isatty(STDOUT_FILENO) != 0),
      errors_on_terminal_(::isatty(STDERR_FILENO) != 0),
      output_(poller, STDOUT_FILENO),
      printer_(message_format(reporting.format, on_terminal_)),
      poller_(poller),
      stamp_(reporting.timestamps),
      plain_(reporting.format != streams::OutputFormat::json && !stamp_.shown()) {}

// What was left of a line for which there was no memory does not become the beginning of the next one.
view::Stamp Reporter::stamp(link::ConnectionNumber connection) {
  line_.clear();
  return stamp_now(connection);
}

void Reporter::print_line() {
  const bool fits = output_.queue().append(base::as_bytes(line_));
  assert(fits);  // its owner stops reading long before
  static_cast<void>(fits);
  line_.clear();
}

void Reporter::print_event(link::ConnectionNumber connection, const link::Happening& happening) {
  append_event(stamp(connection), happening, line_);
  print_line();
}

link::Interests Reporter::interests() const noexcept {
  return {.wire = verbose() || options_.frames || shows_sent(),
          .frame_texts = options_.frames && !json(),
          .dump_size = options_.dump_size,
          .code_points = on_terminal_,
          .messages = json(),
          .requests = json(),
          .ends = json()};
}

// --- what happens

void Reporter::report(link::ConnectionNumber connection, const link::Happening& happening) {
  std::visit([&](const auto& one) { tell(connection, one); }, happening);
}

void Reporter::listening(const view::ListeningView& listening) {
  if (options_.verbosity != Verbosity::quiet) errors_.print(listening_lines(listening));
  if (!json()) return;
  view::append_listening(stamp(0), listening, line_);
  print_line();
}

void Reporter::tell(link::ConnectionNumber connection, const link::Connecting& attempt) {
  note(connection, "trying " + attempt.address);
  if (json()) print_event(connection, attempt);
}

void Reporter::tell(link::ConnectionNumber connection, const link::Secured& secured) {
  if (!verbose()) return;
  for (const std::string& line : describe_tls(secured.session)) note(connection, line);
  if (!json()) return;
  view::append_tls(stamp(connection), secured.session, line_);
  print_line();
}

void Reporter::tell(link::ConnectionNumber connection, const link::Timed& timed) {
  if (!verbose()) return;
  for (const std::string& line : view::waterfall(timed.timing)) note(connection, line);
  if (!json()) return;
  view::append_timing(stamp(connection), timed.timing, line_);
  print_line();
}

void Reporter::tell(link::ConnectionNumber connection, const link::Opened& opened) {
  stamp_.begin(poller_.now());
  if (verbose()) {
    std::string text = "open";
    if (!opened.open.subprotocol.empty()) text += ", subprotocol " + std::string(opened.open.subprotocol);
    text += opened.open.extensions.empty() ? ", no extensions" : ", " + std::string(opened.open.extensions);
    note(connection, text);
  }
  if (json()) print_event(connection, opened);
}

void Reporter::tell(link::ConnectionNumber connection, const link::Refused& refusal) {
  if (json()) print_event(connection, refusal);
}

void Reporter::print(link::ConnectionNumber connection, const ws::Message& message) {
  if (plain_) return printer_.print(message, output_.queue());
  if (!json()) return print_stamped(message);
  view::append_message(stamp(connection), wire::Direction::in, message.type, message.data, line_);
  print_line();
}

void Reporter::print(link::ConnectionNumber connection, std::span<const ws::Message> messages) {
  if (plain_) return printer_.print(messages, output_.queue());
  for (const ws::Message& message : messages) print(connection, message);
}

void Reporter::print_stamped(const ws::Message& message) {
  if (message.first) {
    line_ = stamp_.next(poller_.now(), std::chrono::system_clock::now());
    print_line();
  }
  printer_.print(message, output_.queue());
}

void Reporter::tell(link::ConnectionNumber connection, const link::Received& received) {
  const ws::Message& message = received.message;
  if (selection_ == nullptr) return print(connection, message);
  if (selection_->lets_through({message.data, message.type == ws::Opcode::binary})) print_picked(connection, message);
}

void Reporter::print_picked(link::ConnectionNumber connection, const ws::Message& message) {
  if (selection_ == nullptr || !selection_->pick) return print(connection, message);
  const talk::Message whole(message.data, message.type == ws::Opcode::binary);
  selection_->show_parts(whole, [&](std::string_view part) {
    ws::Message line = message;
    line.type = ws::Opcode::text;
    line.data = base::as_bytes(part);
    print(connection, line);
  });
}

void Reporter::expected(link::ConnectionNumber connection, const view::ExpectView& expected) {
  if (!json()) return;
  view::append_expect(stamp(connection), expected, line_);
  print_line();
}

void Reporter::replying(link::ConnectionNumber connection, std::size_t rule) {
  if (!json()) return;
  view::append_reply(stamp(connection), rule, line_);
  print_line();
}

void Reporter::captured(const std::string& name, const talk::Value& value) {
  if (!json()) return;
  const std::string text = talk::as_json(value);
  view::append_capture(stamp(0), name,
                       http::is_secret_field(name) ? std::nullopt : std::optional<std::string_view>(text), line_);
  print_line();
}

void Reporter::tell(link::ConnectionNumber connection, const link::Heard& heard) {
  if (json()) print_event(connection, heard);
}

void Reporter::tell(link::ConnectionNumber connection, const link::Sent& sent) {
  if (!shows_sent()) return;
  view::append_message(stamp(connection), wire::Direction::out, sent.type, sent.data, line_);
  print_line();
}

// For a person, what is wrong with the end is said at the end.
void Reporter::tell(link::ConnectionNumber connection, const link::CutOff& cut) {
  if (json()) print_event(connection, cut);
}

void Reporter::tell(link::ConnectionNumber connection, const link::Ended& ended) {
  note(connection, "closed: " + ws::describe(ended.record));
  if (json()) print_event(connection, ended);
}

void Reporter::error(link::ConnectionNumber connection, const base::Error& error, int exit_status,
                     const std::optional<view::RefusalView>& refusal) {
  if (refusal) body(link::beginning_of_body(refusal->body));
  if (!json()) return;
  view::append_error(stamp(connection), error, exit_status, refusal, line_);
  print_line();
}

// --- what goes over the wire

void Reporter::tell(link::ConnectionNumber connection, const link::HeadSeen& seen) {
  if (!verbose()) return;
  errors_.print(view::describe_head(seen.direction, seen.head.text));
  if (!json()) return;
  view::append_head(stamp(connection), seen.direction, seen.head.text, line_);
  print_line();
}

void Reporter::body(std::string_view text) {
  if (verbose() && !text.empty()) errors_.print(view::escape(text, view::LineBreaks::keep) + "\n");
}

void Reporter::tell(link::ConnectionNumber connection, const link::FrameSeen& seen) {
  if (options_.frames && json()) {
    view::append_frame(stamp(connection), seen.direction, seen.frame, line_);
    print_line();
  } else if (options_.frames) {
    errors_.print(view::describe_frame(seen.direction, seen.frame, std::chrono::system_clock::now()));
  }
  if (!shows_sent() || seen.direction == wire::Direction::in) return;
  if (seen.frame.opcode == static_cast<std::uint8_t>(ws::Opcode::ping)) {
    view::append_ping(stamp(connection), seen.direction, seen.frame.payload, line_);
  } else if (seen.frame.opcode == static_cast<std::uint8_t>(ws::Opcode::pong)) {
    view::append_pong(stamp(connection), seen.direction, seen.frame.payload, std::nullopt, line_);
  } else if (seen.frame.opcode == static_cast<std::uint8_t>(ws::Opcode::close)) {
    const bool empty = seen.frame.payload.size() < 2;  // one byte, which only /seen.frame and /raw send, is no code
    const ws::CloseCode code = empty ? ws::close_code::no_status
                                     : ws::CloseCode{base::load_big_endian<std::uint16_t>(seen.frame.payload.data())};
    const base::Bytes reason = empty ? base::Bytes() : seen.frame.payload.subspan(2);
    view::append_close(stamp(connection), seen.direction, code, base::as_text(reason), line_);
  } else {
    return;
  }
  print_line();
}

// --- for a person

std::string Reporter::name(link::ConnectionNumber connection) const {
  return scope_ == Scope::one || connection == 0 ? "" : "client " + std::to_string(connection) + ": ";
}

// What a program says is for whoever reads our stderr, be it a person or a file.
void Reporter::tell(link::ConnectionNumber connection, const link::Ran& ran) {
  const view::ExecView& exec = ran.exec;
  const std::string process = "process " + std::to_string(exec.process);
  if (exec.state == view::ExecView::State::errors) {
    const std::string_view line = base::as_text(exec.errors);
    errors_.print("[" + std::to_string(connection) + "] " +
                  (errors_on_terminal_ ? view::escape(line) : std::string(line)) + "\n");
  } else if (exec.state == view::ExecView::State::start) {
    note(connection, process + " has begun");
  } else if (exec.status) {
    note(connection, process + " has ended: exit status " + std::to_string(*exec.status));
  } else {
    note(connection, process + " has ended: signal " + std::string(exec.signal));
  }
  if (json()) print_event(connection, ran);
}

void Reporter::tell(link::ConnectionNumber connection, const link::Noted& noted) {
  if (verbose()) errors_.print("* " + name(connection) + view::escape(noted.text) + "\n");
}

void Reporter::tell(link::ConnectionNumber connection, const link::Warned& warned) {
  if (options_.verbosity != Verbosity::quiet) {
    errors_.print("wscope: " + name(connection) + view::escape(warned.text) + "\n");
  }
}

}  // namespace wscope::report
