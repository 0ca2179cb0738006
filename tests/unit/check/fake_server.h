// A server for a CaseMachine, without a socket: it takes the upgrade and then does what it is told to.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "check/case_machine.h"
#include "http/head_parser.h"
#include "wire/frame_writer.h"
#include "wire/reader.h"
#include "ws/client_handshake.h"

namespace wscope::test {

inline std::string frame(std::uint8_t opcode, std::string_view payload, bool fin = true, ws::Rsv rsv = 0) {
  wire::Header header{.opcode = opcode, .fin = fin, .rsv = rsv, .length = payload.size()};
  header.form = ws::shortest_form(payload.size());
  std::string out;
  wire::append_frame(header, base::as_bytes(payload), out);
  return out;
}

inline std::string close_frame(std::uint16_t code, std::string_view reason = "") {
  std::string body{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
  return frame(8, body + std::string(reason));
}

/// What a server answers to a frame; "END" ends the stream.
using OnFrame = std::function<std::string(const wire::Frame&)>;

/// One that keeps to the RFC, and echoes.
inline std::string proper(const wire::Frame& frame_seen) {
  const std::string payload(base::as_text(frame_seen.payload));
  if (frame_seen.opcode == 9) return frame(10, payload);
  if (frame_seen.opcode == 8) return frame(8, payload.substr(0, 2)) + "END";
  if (frame_seen.opcode == 10) return "";
  if (frame_seen.opcode > 2) return close_frame(1002) + "END";
  return frame(frame_seen.opcode, payload, frame_seen.fin);
}

inline std::string accept_of(const std::string& request) {
  base::Bytes in = base::as_bytes(request);
  http::HeadParser parser(http::HeadParser::Kind::request, {});
  static_cast<void>(parser.receive(in));
  const http::RequestHead head = parser.take_request();
  const std::string* const key = head.headers.find("Sec-WebSocket-Key");
  return ws::accept_value(key == nullptr ? "" : *key);
}

inline std::string upgrade(const std::string& request, const std::string& more = "") {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         accept_of(request) + "\r\n" + more + "\r\n";
}

/// Runs a case to its end. `answer`: to the request.
class FakeServer {
 public:
  using Answer = std::function<std::string(const std::string& request)>;
  Answer answer = [](const std::string& request) { return upgrade(request); };
  OnFrame on_frame = proper;
  check::Settings settings{};
  std::string marks = "S M";
  std::size_t read_size = std::string::npos;  // of what is handed on at a time
  bool half_closed = false;                   // we were told that nothing follows
  bool reset = false;

  FakeServer() {
    settings.request.target = "/";
    settings.request.headers = {{"Host", "server"},
                                {"Upgrade", "websocket"},
                                {"Connection", "Upgrade"},
                                {"Sec-WebSocket-Key", ""},
                                {"Sec-WebSocket-Version", "13"}};
  }

  check::Result run(std::string_view program) {
    check::Row row{"test.case", marks, "5.5", "a test", "that it works"};
    check::Group group{"test", "Test", {}};
    const check::Case one{&group, &row, "test.case", std::string(program)};
    base::SystemRandom random;
    now_ = base::TimePoint{} + std::chrono::hours(1);
    check::CaseMachine machine(one, settings, random, now_);
    wire::Reader reader(1 << 20);
    bool over = false;
    head_.clear();
    half_closed = reset = false;
    answered_ = false;
    for (int turn = 0; turn < 100000 && !machine.over(now_); ++turn) {
      std::string sent;
      while (!machine.output(now_).empty()) {
        const base::Bytes output = machine.output(now_);
        sent += base::as_text(output);
        machine.consume_output(output.size(), now_);
      }
      const auto order = machine.take_order();
      half_closed = half_closed || order == check::CaseMachine::Order::half_close;
      if (order == check::CaseMachine::Order::reset) {
        reset = true;
        machine.advance(now_);
      }
      std::string reply = over ? std::string() : reply_to(sent, reader);
      if (half_closed && !over) reply += "END";
      const bool ends = reply.ends_with("END");
      if (ends) reply.erase(reply.find("END"));
      hand_on(machine, reply);
      if (ends) {
        over = true;
        machine.receive_end(false, now_);
      }
      if (sent.empty() && reply.empty() && !ends) {
        const auto deadline = machine.deadline(now_);
        if (!deadline) break;
        now_ = std::max(now_, *deadline);
        machine.advance(now_);
      }
    }
    took_ = now_ - (base::TimePoint{} + std::chrono::hours(1));
    CHECK(machine.over(now_));
    return machine.result(now_);
  }

  [[nodiscard]] base::Duration took() const noexcept { return took_; }

 private:
  void hand_on(check::CaseMachine& machine, std::string_view reply) {
    while (!reply.empty()) {
      const std::string_view part = reply.substr(0, read_size);
      reply.remove_prefix(part.size());
      machine.receive(base::as_bytes(part), now_);
    }
  }

  std::string reply_to(const std::string& sent, wire::Reader& reader) {
    std::string rest = sent;
    std::string reply;
    if (!answered_) {
      head_ += sent;
      const std::size_t end = head_.find("\r\n\r\n");
      if (end == std::string::npos) return {};
      answered_ = true;
      rest = head_.substr(end + 4);
      head_.erase(end + 4);
      static_cast<void>(reader.receive(base::as_bytes(head_)));
      static_cast<void>(reader.next_event());
      reply = answer(head_);
    }
    base::Bytes bytes = base::as_bytes(rest);
    while (!bytes.empty() && !reply.ends_with("END")) {
      bytes = bytes.subspan(reader.receive(bytes));
      const auto event = reader.next_event();
      if (!event) continue;
      if (const auto* one = std::get_if<wire::Frame>(&*event)) reply += on_frame(*one);
    }
    return reply;
  }

  base::TimePoint now_{};
  base::Duration took_{};
  std::string head_{};
  bool answered_ = false;
};

}  // namespace wscope::test
