#include "transcripts/endpoint.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <type_traits>
#include <variant>

#include "base/utf8.h"
#include "http/url.h"
#include "support/next_event.h"
#include "transcripts/rows.h"

namespace wscope::test {
namespace {

constexpr std::string_view opcode_name(unsigned first_byte) {
  switch (first_byte & 0xfU) {
    case 8:
      return "Close";
    case 9:
      return "Ping";
    case 10:
      return "Pong";
    default:
      return "data";
  }
}

std::string masked(std::string_view payload, std::string_view key) {
  std::string result(payload);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = static_cast<char>(result[i] ^ key[i % 4]);
  return result;
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string big_endian(std::uint64_t value, unsigned size) {
  std::string bytes;
  while (size-- > 0) bytes += static_cast<char>(value >> 8 * size & 0xff);
  return bytes;
}

// The content in the parentheses of an expectation: text in quotes, or hex.
std::string content(std::string_view text) {
  if (text.empty() || text.front() != '"') return from_hex(text);
  return from_escaped(text.substr(1, text.size() - 2));
}

std::size_t end_of_content(const std::string& text, std::size_t from) {
  bool quoted = false;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (text[at] == ')' && !quoted && (at + 1 == text.size() || text[at + 1] == ' ')) {
      return at;
    }
  }
  throw std::runtime_error("an expectation without its end: " + text);
}

// What remains of an event in a story.
Seen seen(const ws::Request& event) { return {"Request", event.head->target}; }
Seen seen(const ws::Opened& event) { return {"Opened", std::string(event.extensions)}; }
Seen seen(const ws::Rejected& event) { return {"Rejected", std::to_string(event.head->status)}; }
Seen seen(const ws::HandshakeFailed& event) {
  using Reason = ws::HandshakeFailed::Reason;
  constexpr std::array<std::string_view, 6> names = {"not_http", "bad_request",  "bad_response",
                                                     "bad_body", "stream_ended", "timed_out"};
  static_assert(static_cast<std::size_t>(Reason::timed_out) + 1 == names.size());
  const std::string status = event.status == 0 ? "" : " " + std::to_string(event.status);
  return {"HandshakeFailed", std::string(names[static_cast<std::size_t>(event.reason)]) + status};
}
Seen seen(const ws::Ping& event) { return {"Ping", std::string(base::as_text(event.payload))}; }
Seen seen(const ws::Pong& event) { return {"Pong", std::string(base::as_text(event.payload))}; }
Seen seen(const ws::CloseReceived& event) { return {"Close", close_text(event.code.value, event.reason)}; }
Seen seen(const ws::Failed& event) { return {"FAIL", std::to_string(event.code.value)}; }
Seen seen(const ws::Closed& event) {
  const std::string code = std::to_string(event.record->code().value);
  return {"Closed", event.timed_out ? code + " timed out" : code};
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  constexpr std::size_t shown = 80;
  out << seen.kind << '(';
  for (const char c : seen.data.substr(0, shown)) {
    const bool plain = c >= ' ' && c <= '~';
    out << (plain ? std::string(1, c) : "\\x" + to_hex(std::string(1, c)));
  }
  if (seen.data.size() > shown) out << "... " << seen.data.size() << " bytes";
  return out << ')';
}

std::ostream& operator<<(std::ostream& out, const Story& story) {
  for (const Seen& seen : story) out << seen << ' ';
  return out;
}

Story read_story(const std::string& text) {
  Story story;
  for (std::size_t at = 0; at < text.size() && text != "pending";) {
    const std::size_t open = text.find('(', at);
    const std::size_t close = end_of_content(text, open + 1);
    const std::string kind = text.substr(at, open - at);
    const std::string inside = text.substr(open + 1, close - open - 1);
    if (kind == "Close") {
      const std::size_t comma = inside.find(',');
      story.push_back({kind, close_text(static_cast<unsigned>(std::stoul(inside.substr(0, comma))),
                                        content(inside.substr(comma + 1)))});
    } else if (kind == "FAIL" || kind == "Closed") {
      story.push_back({kind, inside});
    } else {
      story.push_back({kind, content(inside)});
    }
    at = std::min(close + 2, text.size());
  }
  return story;
}

std::string close_text(unsigned code, std::string_view reason) {
  return std::to_string(code) + " " + std::string(reason);
}

std::vector<WireFrame> read_frames(std::string_view bytes) {
  std::vector<WireFrame> frames;
  const auto take = [&](std::uint64_t size) {
    const std::string_view taken = bytes.substr(0, size);
    REQUIRE(taken.size() == size);
    bytes.remove_prefix(taken.size());
    return taken;
  };
  while (!bytes.empty()) {
    const std::string_view begin = take(2);
    std::uint64_t length = static_cast<unsigned char>(begin[1]) & 0x7fU;
    if (length == 126) length = big_endian(take(2));
    if (length == 127) length = big_endian(take(8));
    WireFrame frame{static_cast<unsigned char>(begin[0]), (begin[1] & 0x80) != 0, {}};
    const std::string_view key = frame.masked ? take(4) : std::string_view("\0\0\0\0", 4);
    frame.payload = masked(take(length), key);
    frames.push_back(std::move(frame));
  }
  return frames;
}

Story control_frames(std::string_view bytes) {
  Story story;
  for (const WireFrame& frame : read_frames(bytes)) {
    const std::string kind(opcode_name(frame.first_byte));
    if (kind == "Close") {
      const std::string_view payload = frame.payload;
      const bool empty = payload.empty();
      story.push_back(
          {kind, empty ? close_text(1005, "")
                       : close_text(static_cast<unsigned>(big_endian(payload.substr(0, 2))), payload.substr(2))});
    } else if (kind != "data") {
      story.push_back({kind, frame.payload});
    }
  }
  return story;
}

std::string make_frame(ws::Role sender, unsigned first_byte, std::string_view payload) {
  const unsigned mask_bit = sender == ws::Role::client ? 0x80 : 0;
  std::string frame(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    frame += static_cast<char>(mask_bit | payload.size());
  } else if (payload.size() <= 0xffff) {
    frame += static_cast<char>(mask_bit | 126);
    frame += big_endian(payload.size(), 2);
  } else {
    frame += static_cast<char>(mask_bit | 127);
    frame += big_endian(payload.size(), 8);
  }
  if (mask_bit == 0) return frame.append(payload);
  return frame.append(example_mask).append(masked(payload, example_mask));
}

ws::Agreement agreement(const ws::PermessageDeflate& deflate, ws::Role role,
                        const std::optional<ws::DeflateParameters>& parameters) {
  ws::Agreement agreed;
  if (!parameters) return agreed;
  agreed.extensions.elements.push_back({std::string(deflate.name()), ws::write_deflate_parameters(*parameters)});
  agreed.extensions.extensions.push_back(deflate.agreed(role, *parameters));
  return agreed;
}

ws::Options options_for(ws::Role role) {
  ws::Options options;
  options.role = role;
  return options;
}

Endpoint::Endpoint(ws::Options options, std::string random)
    : random_(std::make_unique<FixedRandom>(std::move(random))),
      whole_up_to_(options.whole_up_to),
      hold_back_partial_(options.hold_back_partial) {
  connection_ = std::make_unique<ws::Connection>(std::move(options), *random_, start);
}

Endpoint::Endpoint(ws::Options options, ws::Agreement agreed)
    : random_(std::make_unique<FixedRandom>(std::string(example_mask))),
      whole_up_to_(options.whole_up_to),
      hold_back_partial_(options.hold_back_partial) {
  connection_ = std::make_unique<ws::Connection>(std::move(options), *random_, start, std::move(agreed));
}

Endpoint::Endpoint(ws::Options options, const std::optional<ws::DeflateParameters>& deflate)
    : Endpoint(options, ws::Agreement()) {
  deflate_ = std::make_unique<ws::PermessageDeflate>();
  ws::Agreement agreed = agreement(*deflate_, options.role, deflate);
  connection_ = std::make_unique<ws::Connection>(std::move(options), *random_, start, std::move(agreed));
}

void Endpoint::receive(std::string_view bytes) {
  with_split(base::as_bytes(bytes), {}, [&](Pieces pieces) { receive(pieces); });
}

void Endpoint::receive(Pieces pieces) {
  for (const base::MutableBytes piece : pieces) {
    REQUIRE(connection_->receive(piece) == ws::Status::ok);
    drain();
  }
}

void Endpoint::receive_frame(unsigned first_byte, std::string_view payload) {
  receive(make_frame(other(connection_->role()), first_byte, payload));
}

void Endpoint::receive_eof() {
  connection_->receive_eof(now_);
  drain();
}

void Endpoint::advance(base::TimePoint now) {
  now_ = now;
  connection_->advance(now);
  drain();
}

void Endpoint::drain() {
  while (const auto event = test::next_event(*connection_, now_)) add(*event);
}

void Endpoint::connect(const ws::ConnectOptions& options) {
  REQUIRE(connection_->connect(http::parse_url("ws://server.example.com/chat").value(), options) == ws::Status::ok);
  take_output();
}

std::string Endpoint::take_output() {
  std::string taken;
  while (!connection_->output().empty()) {
    taken += base::as_text(connection_->output());
    connection_->consume_output(connection_->output().size());
  }
  return taken;
}

void Endpoint::add(const ws::Event& event) {
  std::visit(
      [&](const auto& alternative) {
        using Alternative = std::decay_t<decltype(alternative)>;
        if constexpr (std::is_same_v<Alternative, ws::Message>) {
          add_message(alternative);
        } else if constexpr (std::is_same_v<Alternative, ws::RejectData>) {
          partial_ += base::as_text(alternative.data);
          if (alternative.finished) story_.push_back({"RejectData", std::exchange(partial_, {})});
        } else {
          story_.push_back(seen(alternative));
        }
        if constexpr (std::is_same_v<Alternative, ws::Request>) {
          if (accept_) CHECK(connection_->accept(now_, *accept_) == ws::Status::ok);
        }
      },
      event);
}

void Endpoint::add_message(const ws::Message& message) {
  CHECK(message.first == (pieces_ == 0));
  ++pieces_;
  partial_ += message.text();
  if (hold_back_partial_ && message.type == ws::Opcode::text) CHECK(base::is_utf8(message.data));
  if (!message.finished) return;
  CHECK((pieces_ == 1 || whole_up_to_ == 0 || partial_.size() > whole_up_to_));
  pieces_ = 0;
  const std::string kind = message.type == ws::Opcode::text ? "Text" : "Binary";
  story_.push_back({kind, std::exchange(partial_, {})});
}

Endpoint asking_client() {
  Endpoint client(options_for(ws::Role::client), std::string(sample_nonce));
  client.connect();
  return client;
}

Endpoint asked_server() {
  Endpoint server(options_for(ws::Role::server), std::string(sample_nonce));
  server.receive(sample_request);
  CHECK(server.take_story() == Story{{"Request", "/chat"}});
  return server;
}

Endpoint accepting_server(const ws::AcceptOptions& options) {
  Endpoint server(options_for(ws::Role::server), std::string(sample_nonce));
  server.accepts(options);
  return server;
}

}  // namespace wscope::test
