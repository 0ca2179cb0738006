// What a CaseMachine sends.
#include <algorithm>
#include <utility>

#include "base/hex.h"
#include "check/case_machine.h"
#include "wire/agreement.h"
#include "wire/frame_writer.h"
#include "ws/extension.h"

namespace wscope::check {
namespace {

// The word in front of a payload.
bool take_type(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word == "binary";
}

std::size_t size_of_burst(std::uint64_t i) {
  constexpr std::size_t largest = 65536;
  if (i % 50 == 49) return largest;
  return (i * i * 7 + i) % 4096;
}

}  // namespace

std::string CaseMachine::payload_of(const Step& step) {
  const bool has_placeholder = step.text.find('{') != std::string::npos;
  auto payload = has_placeholder ? draft_.filled(step.text) : read_payload(step.text);
  return payload ? std::move(payload).value() : std::string();
}

void CaseMachine::perform(const Step& step, base::TimePoint now) {
  if (settings_.role == Role::client && change_answer(step)) return;
  if (step.verb == Verb::agree) return agree(step.text, now);
  if (step.verb == Verb::answer) return answer(step.text);
  const auto changed = draft_.change(step);
  if (!changed) return decide({Outcome::Kind::error, changed.error().message}, now);
  if (draft_.lacks()) {
    broken_off_ = true;
    return decide({Outcome::Kind::skipped, *draft_.lacks()}, now);
  }
  if (!*changed && !steer(step)) send(step);
}

// What becomes of the connection, and of the handshake.
bool CaseMachine::steer(const Step& step) {
  switch (step.verb) {
    case Verb::fresh:
      sent_.status_before = heard_.answer() ? std::optional(heard_.answer()->head.status) : std::nullopt;
      heard_.expect_answer();
      draft_.start_over(random_);
      return true;
    case Verb::ask:
    case Verb::again:
      ask();
      return true;
    case Verb::cut:
      outbox_.append(draft_.text().substr(0, step.count));
      return true;
    case Verb::bytewise:
      outbox_.cut(1, step.time);
      return true;
    case Verb::whole:
      outbox_.cut(0, {});
      return true;
    case Verb::gap:
      outbox_.pause(step.time);
      return true;
    case Verb::pause:
    case Verb::resume:
      paused_ = step.verb == Verb::pause;
      return true;
    case Verb::unanswered:
      answers_close_ = false;
      return true;
    case Verb::way:
      return true;  // taken by then
    case Verb::fin:
      order_ = Order::half_close;
      return true;
    case Verb::rst:
      order_ = Order::reset;
      return true;
    default:
      return false;
  }
}

void CaseMachine::send(const Step& step) {
  greet();
  if (provokes_) heard_.end_watch();
  switch (step.verb) {
    case Verb::frame:
      return send_frame(step, payload_of(step));
    case Verb::repeated:
      for (std::uint64_t i = 0; i < step.count; ++i) send_frame(step, payload_of(step));
      return;
    case Verb::close:
      return send_close(step);
    case Verb::fragments:
      return send_fragments(step);
    case Verb::raw:
      return outbox_.append(base::hex_decode(step.text).value_or(std::string()));
    case Verb::compressed:
      return send_compressed(step);
    case Verb::burst:
      return send_burst(step.count);
    case Verb::message: {
      std::string_view text = step.text;
      const bool binary = take_type(text);
      auto payload = read_payload(text);
      return note_message(binary, payload ? std::move(payload).value() : std::string());
    }
    default:
      return;
  }
}

void CaseMachine::ask() {
  sent_.key = draft_.key();
  sent_.version = draft_.value("Sec-WebSocket-Version");
  sent_.protocols = draft_.value("Sec-WebSocket-Protocol");
  outbox_.append(draft_.text());
}

// What the endpoint wants to be told first. Not on a connection whose request was not answered.
void CaseMachine::greet() {
  if (greeted_ || !is_open()) return;
  greeted_ = true;
  for (const std::string& text : settings_.say) append({.opcode = 1}, base::as_bytes(text), true);
  greeted_up_to_ = outbox_.kept().size();
}

// Frames go out masked as they have to be, unless the case is about that.
void CaseMachine::append(wire::Header header, base::Bytes payload, bool own_mask) {
  if (own_mask) {
    header.mask.reset();
    if (settings_.role == Role::server) random_.fill(header.mask.emplace());
  }
  if (header.length == 0) header.length = payload.size();
  if (header.form == ws::LengthForm::bits_7) header.form = ws::shortest_form(header.length);
  std::string bytes;
  wire::append_frame(header, payload, bytes);
  outbox_.append(std::move(bytes));
}

void CaseMachine::send_frame(const Step& step, std::string payload) {
  append(step.header, base::as_bytes(payload), !step.mask_given);
  note_frame(step.header, payload);
}

void CaseMachine::note_frame(const wire::Header& header, std::string_view payload) {
  sent_.last_is_close = header.opcode == 8;
  if (header.opcode == 9) {
    sent_.last_ping = payload;
    ++sent_.pings;
  }
  const bool is_data = header.opcode <= 2;
  sent_.last.reset();
  if (is_data && header.rsv != 0 && header.fin) sent_.last = Message{header.opcode == 2, std::string(payload)};
  if (!is_data || header.rsv != 0 || sent_.closed) return;
  if (header.opcode != 0) message_ = Message{header.opcode == 2, {}};
  if (!message_) return;
  message_->data += payload;
  if (header.fin) {
    sent_.messages.push_back(*std::move(message_));
    sent_.last = sent_.messages.back();
    message_.reset();
  }
}

void CaseMachine::send_fragments(const Step& step) {
  std::string_view text = step.text;
  Step part;
  part.header.opcode = take_type(text) ? 2 : 1;
  part.text = text;
  const std::string payload = payload_of(part);
  const std::size_t size = step.length_given ? (payload.size() + step.count - 1) / step.count : step.count;
  for (std::size_t at = 0; at < payload.size(); at += size) {
    part.header.fin = at + size >= payload.size();
    send_frame(part, payload.substr(at, size));
    part.header.opcode = 0;
  }
}

void CaseMachine::send_close(const Step& step) {
  std::string body;
  if (step.length_given) {
    const auto code = static_cast<std::uint16_t>(step.count);
    body += static_cast<char>(code >> 8U);
    body += static_cast<char>(code & 0xffU);
    body += payload_of(step);
    if (!sent_.closed) sent_.code = code;
  }
  message_.reset();
  send_frame(step, std::move(body));
  sent_.closed = true;
}

void CaseMachine::send_ping(base::TimePoint now) {
  greet();
  std::string payload = "wscope " + std::to_string(++own_pings_);
  append({.opcode = 9}, base::as_bytes(payload), true);
  sent_.beats.push_back({payload, now});
  waiting_.ping = std::move(payload);
  waiting_.since = now;
}

// Another fragment of a message that does not end.
void CaseMachine::send_more() {
  greet();
  constexpr std::size_t size = 4096;
  const std::string payload(size, 'x');
  const auto opcode = static_cast<std::uint8_t>(std::exchange(endless_, true) ? 0 : 1);
  append({.opcode = opcode, .fin = false}, base::as_bytes(payload), true);
}

// --- compressed messages

void CaseMachine::compress(bool binary, std::string_view data, std::size_t fragment) {
  if (!extension_) {
    const auto agreed = heard_.answer() ? wire::agreed_deflate(heard_.answer()->head_text) : agreed_;
    if (!agreed) return;
    const ws::Role ours = settings_.role == Role::server ? ws::Role::client : ws::Role::server;
    extension_ = deflate_.emplace().agreed(ours, *agreed);
  }
  note_message(binary, std::string(data));
  wire::Header header{.opcode = static_cast<std::uint8_t>(binary ? 2 : 1)};
  const ws::Opcode type = binary ? ws::Opcode::binary : ws::Opcode::text;
  bool first = true;
  do {
    const std::string_view part = data.substr(0, fragment);
    data.remove_prefix(part.size());
    header.fin = data.empty();
    header.rsv = 0;
    const ws::FrameInfo info{.type = type, .rsv = 0, .first = first, .finished = header.fin};
    const auto payload = extension_->encode(info, true, base::as_bytes(part), header.rsv);
    if (!payload) return;
    header.length = 0;
    header.form = ws::LengthForm::bits_7;
    append(header, *payload, true);
    header.opcode = 0;
    first = false;
  } while (!data.empty());
}

void CaseMachine::send_compressed(const Step& step) {
  std::string_view text = step.text;
  const bool binary = take_type(text);
  const auto payload = read_payload(text);
  if (payload) compress(binary, *payload, std::string_view::npos);
}

void CaseMachine::send_burst(std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const bool binary = i % 3 == 2;
    const auto payload = read_payload("fill:" + std::to_string(size_of_burst(i)) + (binary ? ":binary" : ""));
    if (payload) compress(binary, *payload, i % 5 == 4 ? 1000 : std::string_view::npos);
  }
}

}  // namespace wscope::check
