#include "ws/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"

namespace wscope::ws {
namespace {

std::optional<base::TimePoint> after_interval(base::TimePoint now, base::Duration interval) noexcept {
  if (interval == base::Duration::zero()) return std::nullopt;
  return now + interval;
}

}  // namespace

Connection::Connection(Options options, base::RandomSource& random, base::TimePoint now)
    : options_(std::move(options)),
      random_(random),
      output_(std::min(options_.limits.output, SIZE_MAX - control_reserve) + control_reserve, options_.held_output),
      reader_(options_.role, options_.limits,
              {options_.whole_up_to, options_.hold_back_partial, options_.frames_whole, options_.held_input}, chain_),
      writer_(options_.role, random, chain_),
      handshake_(std::make_unique<OpeningHandshake>(options_.role, options_.limits, options_.extensions)),
      phase_deadline_(after_interval(now, options_.open_timeout)) {}

Connection::Connection(Options options, base::RandomSource& random, base::TimePoint now, Agreement agreement)
    : Connection(std::move(options), random, now) {
  end_handshake();
  open(now, std::move(agreement));
}

Connection::~Connection() = default;

void Connection::move(base::TimePoint now, Step step) noexcept {
  const State before = state_;
  state_ = after(state_, step);
  if (state_ == before) return;
  const bool was_handshake = before == State::connecting || before == State::rejecting;
  if (before == State::open || (was_handshake && state_ == State::closed)) {
    phase_deadline_ = after_interval(now, options_.close_timeout);
  }
  if (state_ != State::open) ping_due_.reset();
  if (!reads_frames(state_)) pong_due_.reset();
  if (step == Step::refused && !phase_deadline_) phase_deadline_ = after_interval(now, options_.open_timeout);
  // Section 7.1.1: the server ends the TCP connection; a client waits for that.
  if (state_ == State::closed && options_.role == Role::server) half_close_ = true;
}

void Connection::open(base::TimePoint now, Agreement agreement) {
  Agreed agreed{std::move(agreement.subprotocol), write_extensions(agreement.extensions.elements)};
  if (!agreed.subprotocol.empty() || !agreed.extensions.empty()) {
    agreed_ = std::make_unique<const Agreed>(std::move(agreed));
  }
  chain_ = ExtensionChain(std::move(agreement.extensions.extensions));
  reader_.extensions_changed();
  move(now, Step::opened);
  phase_deadline_ = eof_ ? after_interval(now, options_.close_timeout) : std::nullopt;
  ping_due_ = after_interval(now, options_.ping_interval);
}

// --- time

void Connection::advance(base::TimePoint now) {
  if (phase_deadline_ && *phase_deadline_ <= now) {
    phase_deadline_.reset();
    if (state_ == State::connecting || state_ == State::rejecting) {
      due_ = std::make_unique<Event>(handshake_->time_out());
      move(now, Step::failed);
    }
    timed_out_ = true;
    half_close_ = true;
  }
  if (pong_due_ && *pong_due_ <= now) {
    pong_due_.reset();
    due_ = std::make_unique<Event>(fail(now, Violation::ping_timeout));
  }
  if (ping_due_ && *ping_due_ <= now) keep_alive(now);
}

void Connection::excuse_silence(base::TimePoint now) noexcept {
  if (pong_due_) pong_due_ = after_interval(now, options_.ping_timeout);
}

void Connection::keep_alive(base::TimePoint now) {
  std::array<std::byte, 4> payload;
  random_.fill(payload);
  ping_due_ = now + options_.ping_interval;
  if (write_ping(now, payload, true) == Status::ok && !pong_due_)
    pong_due_ = after_interval(now, options_.ping_timeout);
}

std::optional<base::TimePoint> Connection::deadline() const noexcept {
  return base::earlier(phase_deadline_, base::earlier(ping_due_, pong_due_));
}

// --- what was read

Status Connection::receive(base::MutableBytes bytes) {
  const bool too_early = handshake_ && handshake_->stage() == OpeningHandshake::Stage::idle;
  if (eof_ || !input_.empty() || too_early) return Status::wrong_state;
  input_ = bytes;
  if (!bytes.empty()) pong_due_.reset();
  return Status::ok;
}

void Connection::receive_eof(base::TimePoint now) noexcept {
  if (std::exchange(eof_, true) || state_ != State::open) return;
  phase_deadline_ = after_interval(now, options_.close_timeout);
}

std::optional<Event> Connection::next_event(base::TimePoint now) {
  std::optional<Event> event;  // made where the caller gets it
  if (due_) [[unlikely]] {
    event = *due_;
    due_.reset();
    return event;
  }
  if (handshake_) [[unlikely]]
    event = next_handshake_event(now);
  if (!event) [[likely]]
    read_frames(now, event);
  if (event) [[likely]]
    return event;
  if (!reads_frames(state_) && state_ != State::connecting && state_ != State::rejecting) input_ = {};
  if (((eof_ && input_.empty()) || timed_out_) && !answering()) event = end_of_stream(now);
  return event;
}

std::optional<Event> Connection::next_handshake_event(base::TimePoint now) {
  if (opened_reported_) return std::nullopt;
  using Stage = OpeningHandshake::Stage;
  if (state_ == State::closed) return std::nullopt;
  std::optional<Event> event;
  Stage before = handshake_->stage();
  while (handshake_->stage() != Stage::opened) {
    before = handshake_->stage();
    const std::size_t size = input_.size();
    event = handshake_->receive(input_, output_);
    if (event || (handshake_->stage() == before && input_.size() == size)) break;
  }
  const bool cut_short = !event && eof_ && input_.empty() && !answering();
  if (cut_short && handshake_->stage() != Stage::opened && handshake_->stage() != Stage::refused) {
    event = handshake_->receive_eof();
  }
  follow_handshake(now);
  if (handshake_->stage() == Stage::awaiting_answer) phase_deadline_.reset();  // it is up to the caller
  if (event || state_ != State::open) return event;
  opened_reported_ = true;
  early_ = handshake_->early_bytes();
  const bool client = options_.role == Role::client;
  return Opened{client ? &handshake_->response() : nullptr, subprotocol(), extensions()};
}

// Moves the state to where the handshake is.
void Connection::follow_handshake(base::TimePoint now) {
  using Stage = OpeningHandshake::Stage;
  const Stage stage = handshake_->stage();
  const bool refusing = stage == Stage::reading_body || stage == Stage::writing_body || stage == Stage::refused;
  if (stage == Stage::opened && state_ == State::connecting) return open(now, std::move(handshake_->agreement()));
  if (refusing && state_ == State::connecting) move(now, Step::refused);
  if (stage == Stage::refused && state_ == State::rejecting) move(now, Step::refusal_complete);
  if (stage == Stage::failed && state_ != State::closed) move(now, Step::failed);
  if (state_ == State::closed) half_close_ = true;
}

// Its views and its early bytes were needed until now, and it the extensions.
void Connection::end_handshake() noexcept {
  handshake_.reset();
  options_.extensions.clear();
  options_.extensions.shrink_to_fit();
}

void Connection::read_frames(base::TimePoint now, std::optional<Event>& event) {
  while (!event && reads_frames(state_)) {
    base::MutableBytes& source = early_.empty() ? input_ : early_;
    const MessageReader::Item item = reader_.receive(source);
    switch (item.kind) {
      case MessageReader::Item::Kind::need_more:
        if (&source == &early_) continue;
        if (handshake_) end_handshake();
        if (const auto violation = eof_ ? reader_.receive_eof() : std::nullopt)
          event = fail(now, *violation, reader_.evidence());
        return;
      case MessageReader::Item::Kind::data:
        event = Message{item.opcode, item.rsv, item.first, item.frame_finished, item.finished, item.payload};
        return;
      case MessageReader::Item::Kind::control:
        event = on_control(now, item);
        return;
      case MessageReader::Item::Kind::violation:
        event = fail(now, item.violation, reader_.evidence());
        return;
    }
  }
}

Event Connection::on_control(base::TimePoint now, const MessageReader::Item& item) {
  if (item.opcode == Opcode::ping) return on_ping(item.payload);
  if (item.opcode == Opcode::pong) return on_pong(now, item.payload);
  return on_close(now, item.payload);
}

Event Connection::on_ping(base::Bytes payload) {
  if (options_.auto_pong) answer_ping(payload);
  return Ping{payload};
}

void Connection::answer_ping(base::Bytes payload) {
  if (!may_send_pong(state_)) return;
  const bool room = pongs_in_output_ == 0 || pongs_in_output_ < options_.limits.pending_pongs;
  if (room && writer_.write_control(Opcode::pong, payload, output_) == Status::ok) {
    ++pongs_in_output_;
    output_before_pong_end_ = output_.size();
  } else {
    postponed_pong_ = std::make_unique<std::string>(base::as_text(payload));  // section 5.5.3 lets the older ones go
  }
}

Event Connection::on_pong(base::TimePoint now, base::Bytes payload) {
  Pong pong{payload};
  const auto answered = sent_pings_ ? sent_pings_->take(payload) : std::nullopt;
  if (!answered) return pong;
  pong.round_trip = std::max(now - answered->at, base::Duration::zero());  // it may have come unasked
  pong.keepalive = answered->keepalive;
  return pong;
}

Event Connection::on_close(base::TimePoint now, base::Bytes payload) {
  Close close;
  if (payload.size() == 1) return fail(now, Violation::close_too_short);
  if (payload.size() >= 2) {
    close.code.value = base::load_big_endian<std::uint16_t>(payload.data());
    close.reason = base::as_text(payload.subspan(2));
    if (!close.code.may_appear_in_frame()) return fail_close(now, Violation::close_code_invalid, payload);
    if (!base::is_utf8(payload.subspan(2))) return fail_close(now, Violation::close_reason_not_utf8, payload);
  }
  CloseRecord& record = closing_record();
  record.received_first = !record.sent;
  record.received = std::move(close);
  move(now, Step::close_received);
  if (options_.auto_close && may_send_close(state_)) write_close(now, record.received->code, record.received->reason);
  return CloseReceived{record.received->code, record.received->reason};
}

Event Connection::fail_close(base::TimePoint now, Violation violation, base::Bytes payload) {
  const base::Bytes reason = payload.subspan(2);
  Evidence evidence;
  evidence.code.value = base::load_big_endian<std::uint16_t>(payload.data());
  if (violation == Violation::close_reason_not_utf8) {
    const base::Utf8Flaw flaw = base::find_utf8_flaw({}, reason);
    evidence.offset = flaw.offset;
    evidence.bytes = flaw.bytes;
    evidence.byte_count = flaw.size;
    evidence.cut = flaw.cut;
  }
  Failed failed = fail(now, violation, evidence);
  failed.reason = base::as_text(reason);
  return failed;
}

Failed Connection::fail(base::TimePoint now, Violation violation, const Evidence& evidence) {
  const CloseCode code = close_code_for(violation);
  Failed failed{violation, code, describe(violation)};
  failed.evidence = evidence;
  failed.said = may_send_close(state_);
  if (failed.said) write_close(now, code, failed.detail);
  closing_record().failed = true;
  move(now, Step::failed);
  return failed;
}

std::optional<Event> Connection::end_of_stream(base::TimePoint now) {
  if (state_ != State::closed) move(now, Step::stream_ended);
  half_close_ = true;
  phase_deadline_.reset();
  if (std::exchange(closed_reported_, true)) return std::nullopt;
  return Closed{&closing(), timed_out_ && !eof_, receiving(), sending()};
}

void Connection::abort(base::TimePoint now) noexcept {
  input_ = early_ = {};
  due_.reset();
  eof_ = true;
  if (state_ != State::closed) move(now, Step::stream_ended);
  output_.clear();
  output_.release();
  postponed_pong_.reset();
  pongs_in_output_ = output_before_pong_end_ = 0;
}

// --- opening handshake

Status Connection::connect(const http::Url& url, const ConnectOptions& options) {
  if (!handshake_ || options_.role != Role::client) return Status::wrong_state;
  return handshake_->connect(url, options, random_, output_);
}

Status Connection::receive_request(http::RequestHead head) {
  return handshake_ ? handshake_->receive_request(std::move(head)) : Status::wrong_state;
}

Status Connection::accept(base::TimePoint now, const AcceptOptions& options) {
  if (!handshake_) return Status::wrong_state;
  const Status outcome = handshake_->accept(options, output_);
  if (outcome == Status::ok) follow_handshake(now);
  return outcome;
}

Status Connection::reject(base::TimePoint now, int status, const http::Headers& headers, base::Bytes body,
                          bool finished) {
  if (!handshake_) return Status::wrong_state;
  const Status outcome = handshake_->reject(status, headers, body, finished, output_);
  if (outcome == Status::ok) follow_handshake(now);
  return outcome;
}

Status Connection::reject_data(base::TimePoint now, base::Bytes data, bool finished) {
  if (!handshake_) return Status::wrong_state;
  const Status outcome = handshake_->reject_data(data, finished, output_);
  if (outcome == Status::ok) follow_handshake(now);
  return outcome;
}

Status Connection::respond(base::TimePoint now, int status, const http::Headers& headers, base::Bytes body,
                           std::uint64_t rest, base::Duration patience) {
  if (!handshake_) return Status::wrong_state;
  const Status outcome = handshake_->respond(status, headers, body, rest, output_);
  if (outcome == Status::ok) answer_progress(now, patience);
  return outcome;
}

void Connection::answer_progress(base::TimePoint now, base::Duration patience) noexcept {
  if (answering()) phase_deadline_ = after_interval(now, patience);
}

void Connection::abandon_answer(base::TimePoint now) noexcept {
  if (answering()) move(now, Step::failed);
}

Status Connection::next_request(base::TimePoint now) {
  if (!handshake_) return Status::wrong_state;
  const Status outcome = handshake_->next_request();
  if (outcome != Status::ok) return outcome;
  phase_deadline_ = after_interval(now, options_.open_timeout);
  follow_handshake(now);
  return outcome;
}

// --- sending

Status Connection::send(const Piece& piece) {
  if (!may_send_data(state_)) return Status::wrong_state;
  if (output_.capacity() == 0 && options_.spare_memory != nullptr) output_.swap_memory(*options_.spare_memory);
  const Status status = writer_.write(piece, output_);
  if (status != Status::ok && output_.empty()) return_memory();
  return status;
}

Status Connection::send_text(std::string_view text, bool finished) {
  return send({.opcode = Opcode::text, .payload = base::as_bytes(text), .finished = finished});
}

Status Connection::send_binary(base::Bytes data, bool finished) {
  return send({.opcode = Opcode::binary, .payload = data, .finished = finished});
}

Status Connection::send_continuation(base::Bytes data, bool finished) {
  return send({.opcode = Opcode::continuation, .payload = data, .finished = finished});
}

Status Connection::send_raw(base::Bytes bytes) {
  if (state_ == State::connecting || state_ == State::rejecting || state_ == State::closed) return Status::wrong_state;
  const std::size_t space = output_.space();  // some of it is for control frames
  if (space < control_reserve || space - control_reserve < bytes.size()) return Status::output_full;
  return output_.append(bytes) ? Status::ok : Status::output_full;
}

Status Connection::send_ping(base::TimePoint now, base::Bytes payload) { return write_ping(now, payload, false); }

Status Connection::write_ping(base::TimePoint now, base::Bytes payload, bool keepalive) {
  if (!may_send_ping(state_)) return Status::wrong_state;
  const Status status = writer_.write_control(Opcode::ping, payload, output_);
  if (status != Status::ok) return status;
  if (!sent_pings_) sent_pings_ = std::make_unique<SentPings>();
  sent_pings_->add({std::string(base::as_text(payload)), now, keepalive});
  return status;
}

Status Connection::send_pong(base::Bytes payload) {
  return may_send_pong(state_) ? writer_.write_control(Opcode::pong, payload, output_) : Status::wrong_state;
}

Status Connection::close(base::TimePoint now, std::optional<CloseCode> code, std::string_view reason) {
  if (!may_send_close(state_)) return Status::wrong_state;
  if (code == close_code::no_status) return Status::bad_code;
  const CloseCode said = code.value_or(close_code::no_status);
  const Status status = writer_.write_close(said, reason, output_);
  if (status != Status::ok) return status;
  closing_record().sent = Close{said, std::string(reason)};
  move(now, Step::close_sent);
  return Status::ok;
}

Status Connection::fail(base::TimePoint now, CloseCode code, std::string_view reason) {
  if (may_send_close(state_)) {
    if (const Status status = close(now, code, reason); status != Status::ok) return status;
    closing_record().failed = true;
  } else if (state_ != State::local_closing) {
    return Status::wrong_state;
  }
  if (state_ != State::closed) move(now, Step::failed);
  return Status::ok;
}

// For Close frames that we compose: there is always room for one, and a reason that is too long is cut.
void Connection::write_close(base::TimePoint now, CloseCode code, std::string_view reason) {
  const std::string_view fitting = base::utf8_prefix(reason, max_control_payload - 2);
  if (writer_.write_close(code, fitting, output_) != Status::ok) return;
  closing_record().sent = Close{code, std::string(fitting)};
  if (state_ == State::open || state_ == State::remote_closing) move(now, Step::close_sent);
}

// --- how things stand

const Connection::Agreed& Connection::agreed() const noexcept {
  static const Agreed nothing;
  return agreed_ ? *agreed_ : nothing;
}

const CloseRecord& Connection::closing() const noexcept {
  static const CloseRecord nothing_said;
  return closing_ ? *closing_ : nothing_said;
}

std::optional<Incomplete> Connection::receiving() const noexcept {
  return closing().failed ? std::nullopt : reader_.incomplete();
}

std::optional<Incomplete> Connection::sending() const noexcept {
  if (!writer_.in_message()) return std::nullopt;
  return Incomplete{writer_.message_type(), writer_.message_bytes()};
}

CloseRecord& Connection::closing_record() {
  if (!closing_) closing_ = std::make_unique<CloseRecord>();
  return *closing_;
}

// --- what is to be written

void Connection::consume_output(std::size_t n) {
  output_.consume(n);
  output_before_pong_end_ -= std::min(n, output_before_pong_end_);
  if (output_before_pong_end_ == 0) pongs_in_output_ = 0;
  if (postponed_pong_ && pongs_in_output_ == 0) {
    const auto payload = std::exchange(postponed_pong_, nullptr);
    answer_ping(base::as_bytes(*payload));
  }
  if (output_.empty()) return_memory();
}

// The larger block is the one worth keeping.
void Connection::return_memory() noexcept {
  base::Buffer* spare = options_.spare_memory;
  if (spare != nullptr && output_.capacity() > spare->capacity()) output_.swap_memory(*spare);
  output_.release();
}

}  // namespace wscope::ws
