#include "script/live_stage.h"

#include <chrono>
#include <utility>
#include <variant>

#include "link/refusal.h"
#include "net/file.h"
#include "report/event_lines.h"
#include "streams/outcome.h"
#include "view/escape.h"
#include "view/violation_text.h"
#include "view/wire_text.h"
#include "ws/status.h"

namespace wscope::script {

LiveStage::LiveStage(link::Loop& loop, Options options)
    : loop_(loop), options_(std::move(options)), connections_(loop, *this, *this) {}

LiveStage::~LiveStage() { loop_.poller.remove(output_); }

// --- what is done

link::ConnectionNumber LiveStage::connect(link::ConnectPlan plan) { return connections_.connect(std::move(plan)); }

base::Result<view::ListeningView> LiveStage::listen(const link::ServePlan& plan) {
  link::ServePlan by_hand = plan;
  by_hand.by_hand = true;
  auto listening = connections_.listen(by_hand);
  if (listening && options_.events) {
    std::string line;
    view::append_listening(stamp(0), *listening, line);
    print_event(std::move(line));
  }
  return listening;
}

std::optional<link::ConnectionNumber> LiveStage::accept(std::uint16_t port) { return connections_.let_in(port); }

bool LiveStage::may_send(link::ConnectionNumber connection) const {
  const link::Link* const link = connections_.find(connection);
  if (link == nullptr) return false;
  const ws::State state = link->connection().state();
  const bool begun = state != ws::State::connecting && state != ws::State::rejecting;
  return begun && state != ws::State::closed && link->peer().has_room();
}

base::Result<void> LiveStage::send(link::ConnectionNumber connection, const wire::Instruction& instruction) {
  link::Link* const link = connections_.find(connection);
  if (link == nullptr) return base::Error{base::ErrorKind::expectation, "the connection is over"};
  const ws::Status status = link->send(instruction, loop_.random);
  link->peer().flush();
  if (status == ws::Status::ok) return {};
  return base::Error{base::ErrorKind::expectation, "cannot be sent: " + std::string(ws::describe(status))};
}

void LiveStage::handle(link::ConnectionNumber connection, Handle::How how) {
  link::Link* const link = connections_.find(connection);
  if (link == nullptr) return;
  switch (how) {
    case Handle::How::abort:
      known_[connection].ended = true;  // which is no surprise
      return link->peer().reset();
    case Handle::How::half_close:
      return link->peer().half_close();
    case Handle::How::pause:
    case Handle::How::resume:
      return link->pause(link::Link::Wait::by_hand, how == Handle::How::pause);
  }
}

void LiveStage::hold(link::ConnectionNumber connection, bool held) {
  if (link::Link* const link = connections_.find(connection)) link->pause(link::Link::Wait::for_answers, held);
}

void LiveStage::set_autopong(bool on) {
  autopong_ = on;
  for (const auto& [number, known] : known_) {
    if (link::Link* const link = connections_.find(number)) link->connection().set_auto_pong(on);
  }
}

base::Result<void> LiveStage::start(const std::string& command, const std::vector<std::string>& environment) {
  const bool has_secrets = !options_.mask->empty();
  auto started = program_.start(command, environment, has_secrets ? Program::Output::read : Program::Output::to_stderr);
  if (started && has_secrets) output_ = loop_.poller.add(program_.output(), {.readable = true}, *this);
  return started;
}

void LiveStage::look_at_program() {
  auto end = program_.take_end();
  if (!end) return;
  read_output();  // all that the program itself has said is there
  end_output();
  if (runner_ != nullptr) runner_->end_program(*std::move(end));
}

void LiveStage::stop_program() {
  end_output();
  program_.kill();
}

// In whole lines, as far as they are no longer than anybody's patience.
void LiveStage::read_output() {
  constexpr std::size_t longest = std::size_t{64} << 10;
  while (program_.read(said_)) {
    const std::size_t end = said_.rfind('\n');
    const std::size_t size = end != std::string::npos ? end + 1 : said_.size() >= longest ? said_.size() : 0;
    loop_.errors.print(options_.mask->apply(said_.substr(0, size)));
    said_.erase(0, size);
    if (!loop_.errors.has_room()) break;
  }
  if (program_.said_all()) end_output();
}

void LiveStage::end_output() {
  loop_.poller.remove(output_);
  if (!said_.empty()) loop_.errors.print(options_.mask->apply(std::exchange(said_, "")) + "\n");
}

void LiveStage::say(std::string_view text) {
  loop_.errors.print(options_.mask->apply(view::escape(text, view::LineBreaks::keep)) + "\n");
}

base::Result<std::optional<std::string>> LiveStage::read_file(const std::string& path) {
  if (!net::exists(path)) return std::optional<std::string>();
  auto content = net::read_regular_file(path);
  if (!content) return std::move(content).error();
  return std::optional(std::move(content).value());
}

base::Result<void> LiveStage::write_file(const std::string& path, std::string_view content) {
  return net::write_regular_file(path, content);
}

// --- what happens

link::Interests LiveStage::interests() const noexcept {
  return {.wire = options_.verbose, .frame_texts = options_.verbose, .requests = true, .ends = true};
}

void LiveStage::report(link::ConnectionNumber connection, const link::Happening& happening) {
  if (options_.events) print_happening(connection, happening);
  show(connection, happening);
  if (const auto* heard = std::get_if<link::Heard>(&happening)) return note_heard(connection, heard->event);
  const auto* opened = std::get_if<link::Opened>(&happening);
  if (opened == nullptr) return;
  known_[connection].opened = true;
  Event event;
  event.kind = Kind::open;
  event.code = static_cast<unsigned>(opened->open.status);
  event.detail = opened->open.subprotocol;
  if (opened->open.headers != nullptr) event.headers = *opened->open.headers;
  hear(connection, std::move(event));
  if (link::Link* const link = connections_.find(connection)) link->connection().set_auto_pong(autopong_);
  send_first_messages(connection);
}

// Secrets are looked for in what was said, not in how JSON or base64 writes it.
void LiveStage::print_happening(link::ConnectionNumber connection, const link::Happening& happening) {
  const Mask& mask = *options_.mask;
  std::string masked;
  const auto cover = [&](base::Bytes& bytes) {
    if (!mask.finds(bytes)) return;
    masked = mask.apply(bytes);
    bytes = base::as_bytes(masked);
  };
  std::string line;
  const auto* received = std::get_if<link::Received>(&happening);
  const auto* heard = std::get_if<link::Heard>(&happening);
  if (received != nullptr) {
    ws::Message message = received->message;
    cover(message.data);
    report::append_event(stamp(connection), link::Received{message}, line);
  } else if (heard != nullptr) {
    ws::Event event = heard->event;
    if (auto* ping = std::get_if<ws::Ping>(&event)) cover(ping->payload);
    if (auto* pong = std::get_if<ws::Pong>(&event)) cover(pong->payload);
    report::append_event(stamp(connection), link::Heard{event}, line);
  } else {
    report::append_event(stamp(connection), happening, line);
  }
  if (!line.empty()) print_event(std::move(line));
}

// Whether nobody is to see what a frame says: there is a secret in it, or may be, as not all of it is there to be read.
bool LiveStage::hides(const wire::Frame& frame) const {
  if (options_.mask->empty()) return false;
  const bool is_whole = frame.fin && frame.opcode != static_cast<std::uint8_t>(ws::Opcode::continuation) &&
                        frame.rsv == 0 && frame.payload.size() == frame.length;
  return !is_whole || options_.mask->finds(frame.payload);
}

// For a person who wants to see everything.
void LiveStage::show(link::ConnectionNumber connection, const link::Happening& happening) {
  const auto print = [this](const std::string& who, std::string text) {
    loop_.errors.print(options_.mask->apply(who + std::move(text)));
  };
  const std::string name = options_.file + (connection == 0 ? "" : " [" + std::to_string(connection) + "]");
  if (const auto* warned = std::get_if<link::Warned>(&happening)) {
    return print("wscope: " + name + ": ", view::escape(warned->text) + "\n");
  }
  if (!options_.verbose) return;
  if (const auto* head = std::get_if<link::HeadSeen>(&happening)) {
    print("* " + name + "\n", view::describe_head(head->direction, head->head.text));
  } else if (const auto* noted = std::get_if<link::Noted>(&happening)) {
    print("* " + name + ": ", view::escape(noted->text) + "\n");
  } else if (const auto* seen = std::get_if<link::FrameSeen>(&happening)) {
    wire::Frame frame = seen->frame;
    if (hides(frame)) {
      frame.bytes = frame.bytes.first(frame.bytes.size() - frame.payload.size());
      frame.payload = {};
      frame.inflated.reset();
    }
    print(name + " ", view::describe_frame(seen->direction, frame, std::chrono::system_clock::now()));
  }
}

void LiveStage::note_heard(link::ConnectionNumber connection, const ws::Event& happened) {
  Event event;
  if (const auto* ping = std::get_if<ws::Ping>(&happened)) {
    event.kind = Kind::ping;
    event.payload = base::as_text(ping->payload);
  } else if (const auto* pong = std::get_if<ws::Pong>(&happened)) {
    event.kind = Kind::pong;
    event.payload = base::as_text(pong->payload);
    event.round_trip = pong->round_trip;
  } else if (const auto* close = std::get_if<ws::CloseReceived>(&happened)) {
    event.kind = Kind::close;
    event.code = close->code.value;
    event.payload = close->reason;
    known_[connection].ended = true;
  } else if (const auto* failed = std::get_if<ws::Failed>(&happened)) {
    event.kind = Kind::fail;
    event.code = failed->code.value;
    event.payload = view::describe_violation(*failed);
    event.error = base::ErrorKind::protocol;
    known_[connection].ended = true;
  } else {
    return;
  }
  hear(connection, std::move(event));
}

void LiveStage::handle_start(link::ConnectionNumber connection, const link::ConnectPlan& plan) {
  known_[connection].first_messages = plan.first_messages;
}

void LiveStage::send_first_messages(link::ConnectionNumber connection) {
  link::Link* const link = connections_.find(connection);
  if (link == nullptr) return;
  for (const wire::StoredInstruction& message : std::exchange(known_[connection].first_messages, {})) {
    static_cast<void>(link->send(message.instruction(), loop_.random));
  }
}

void LiveStage::handle_message(link::ConnectionNumber connection, const ws::Message& message) {
  if (options_.events) print_happening(connection, link::Received{message});
  Event event;
  event.kind = message.type == ws::Opcode::binary ? Kind::binary : Kind::text;
  event.payload = message.text();
  hear(connection, std::move(event));
}

void LiveStage::handle_end(link::ConnectionNumber connection, const std::optional<base::Error>& error,
                           const std::optional<view::RefusalView>& refusal) {
  const Known& known = known_[connection];
  Event event;
  event.kind = Kind::error;
  event.error = base::ErrorKind::lost;
  if (error) {
    event.error = error->kind;
    event.payload = error->message;
    event.detail = view::name_of(error->kind);
  }
  if (refusal) {
    event.kind = Kind::refused;
    event.code = static_cast<unsigned>(refusal->head->status);
    event.payload = refusal->body;
    event.headers = refusal->head->headers;
  } else if (known.opened) {
    event.kind = Kind::lost;
  }
  if (error && options_.events && !known.opened) {
    std::string line;
    view::append_error(stamp(connection), *error, streams::exit_status(error->kind), refusal, line);
    if (!line.empty()) print_event(std::move(line));
  }
  if (!known.ended && (known.opened || error)) hear(connection, std::move(event));
  end(connection);
}

void LiveStage::handle_client(link::ConnectionNumber connection, bool came) {
  if (came) return;
  if (!known_[connection].ended) {
    Event event;
    event.kind = Kind::lost;
    event.payload = "connection lost without a Close";
    hear(connection, std::move(event));
  }
  end(connection);
}

void LiveStage::hear(link::ConnectionNumber connection, Event event) {
  event.time = loop_.poller.now();
  const base::Bytes payload = base::as_bytes(event.payload);
  if (options_.mask->finds(payload)) event.masked = options_.mask->apply(payload);
  if (runner_ != nullptr) runner_->hear(connection, std::move(event));
}

void LiveStage::end(link::ConnectionNumber connection) {
  known_.erase(connection);
  if (runner_ != nullptr) runner_->end(connection);
}

// --- for reports

view::Stamp LiveStage::stamp(link::ConnectionNumber connection) const {
  return {std::chrono::system_clock::now(), connection};
}

void LiveStage::print_event(std::string line, std::optional<std::uint64_t> line_number) {
  view::add_place(options_.file, line_number, line);
  options_.events(options_.mask->apply(std::move(line)));
}

void LiveStage::note_expected(link::ConnectionNumber connection, const Statement& statement,
                              const view::ExpectView& expected) {
  if (!options_.events) return;
  std::string line;
  view::append_expect(stamp(connection), expected, line);
  print_event(std::move(line), statement.place.line);
}

void LiveStage::note_captured(const Statement& statement, const std::string& name, const talk::Value& value) {
  if (!options_.events) return;
  const std::string json = talk::as_json(value);
  const bool secret = options_.mask->finds(base::as_bytes(talk::as_text(value)));
  std::string line;
  view::append_capture(stamp(0), name, secret ? std::nullopt : std::optional<std::string_view>(json), line);
  print_event(std::move(line), statement.place.line);
}

}  // namespace wscope::script
