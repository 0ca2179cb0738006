// A client for a CaseMachine, without a socket and with a clock of its own: it asks, and then does what it is told to.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "check/case_machine.h"
#include "wire/frame_writer.h"
#include "wire/reader.h"

namespace wscope::test {

inline std::string client_frame(std::uint8_t opcode, std::string_view payload, bool fin = true, ws::Rsv rsv = 0) {
  wire::Header header{.opcode = opcode, .fin = fin, .rsv = rsv, .length = payload.size()};
  header.form = ws::shortest_form(payload.size());
  header.mask = ws::MaskKey{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  std::string out;
  wire::append_frame(header, base::as_bytes(payload), out);
  return out;
}

inline std::string client_close(std::uint16_t code) {
  return client_frame(8, std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)});
}

inline std::string request_of_client(const std::string& more = "") {
  return "GET /case HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
         more + "\r\n";
}

/// Keeps to the RFC, and echoes; "END" ends the stream.
inline std::string proper_client(const wire::Frame& seen) {
  const std::string payload(base::as_text(seen.payload));
  if (seen.opcode == 9) return client_frame(10, payload);
  if (seen.opcode == 8) return client_frame(8, payload.substr(0, 2));
  if (seen.opcode == 10) return "";
  if (seen.opcode > 2) return client_close(1002);
  return client_frame(seen.opcode, payload, seen.fin);
}

/// Runs a case to its end.
class FakeClient {
 public:
  std::string request = request_of_client();
  /// What it says to the head of the answer; "END" ends the stream.
  std::function<std::string(const std::string& head)> on_answer = [](const std::string&) { return std::string(); };
  std::function<std::string(const wire::Frame&)> on_frame = proper_client;
  check::Settings settings{};
  std::string marks = "C M";
  std::size_t others = 0;                  // connections that it makes besides, once it is answered
  std::vector<base::Duration> absences{};  // before each connection that it makes once it is dropped
  bool gone = false;                       // behind those
  std::string server_name{};               // that it asks for in TLS
  std::string answer{};                    // the head that it got
  base::Duration answered_after{};
  bool half_closed = false;

  FakeClient() {
    settings.role = check::Role::client;
    settings.echo = true;
  }

  check::Result run(std::string_view program) {
    check::Row row{"test.case", marks, "5.5", "a test", "that it works"};
    check::Group group{"test", "Test", {}};
    const check::Case one{&group, &row, "test.case", std::string(program)};
    base::SystemRandom random;
    const base::TimePoint begun = base::TimePoint{} + std::chrono::hours(1);
    now_ = begun;
    check::CaseMachine machine(one, settings, random, now_);
    wire::Reader reader(1 << 20);
    std::string came;
    bool over = false;
    answer.clear();
    machine.note_server_name(server_name);
    say(machine, request, over);
    for (int turn = 0; turn < 100000 && !machine.over(now_); ++turn) {
      std::string reply;
      const base::Bytes output = machine.output(now_);
      const std::string sent(base::as_text(output));
      if (!sent.empty()) machine.consume_output(sent.size(), now_);
      half_closed = machine.take_order() == check::CaseMachine::Order::half_close || half_closed;
      reply = reply_to(sent, came, reader);
      if (!answer.empty() && answered_after == base::Duration::zero()) answered_after = now_ - begun;
      if (!reply.empty() && !over) say(machine, reply, over);
      for (; !answer.empty() && others > 0; --others) machine.note_another(now_);
      for (; machine.drops_others() && !absences.empty(); absences.erase(absences.begin())) {
        now_ += absences.front();
        machine.note_another(now_);
      }
      if (machine.drops_others() && gone) machine.note_gone(now_);
      if (!sent.empty() || !reply.empty()) continue;
      const auto deadline = machine.deadline(now_);
      if (!deadline) break;
      now_ = std::max(now_, *deadline);
      machine.advance(now_);
    }
    took = now_ - begun;
    CHECK(machine.over(now_));
    return machine.result(now_);
  }
  base::Duration took{};

 private:
  void say(check::CaseMachine& machine, std::string text, bool& over) {
    const std::size_t end = text.find("END");
    if (end != std::string::npos) text.erase(end);
    if (!text.empty()) machine.receive(base::as_bytes(text), now_);
    if (end == std::string::npos) return;
    over = true;
    machine.receive_end(false, now_);
  }

  std::string reply_to(const std::string& sent, std::string& came, wire::Reader& reader) {
    std::string rest = sent;
    std::string reply;
    if (answer.empty()) {
      came += sent;
      const std::size_t end = came.find("\r\n\r\n");
      if (end == std::string::npos) return {};
      answer = came.substr(0, end + 4);
      rest = came.substr(end + 4);
      static_cast<void>(reader.receive(base::as_bytes(answer)));
      static_cast<void>(reader.next_event());
      reply = on_answer(answer);
    }
    base::Bytes bytes = base::as_bytes(rest);
    while (!bytes.empty() && reply.find("END") == std::string::npos) {
      bytes = bytes.subspan(reader.receive(bytes));
      const auto event = reader.next_event();
      if (!event) continue;
      if (const auto* one = std::get_if<wire::Frame>(&*event)) reply += on_frame(*one);
    }
    return reply;
  }

  base::TimePoint now_{};
};

}  // namespace wscope::test
