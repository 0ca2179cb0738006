// A connection with what it borrows, whose events are words.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "support/next_event.h"
#include "unit/ws/bytes.h"
#include "ws/connection.h"

namespace wscope::test {

using namespace std::chrono_literals;

using Strings = std::vector<std::string>;

/// When every machine begins.
inline constexpr base::TimePoint start{100s};

/// An event in words: "text Hello", "closed 1000".
inline std::string in_words(const ws::Event& event) {
  if (std::get_if<ws::Request>(&event)) return "request";
  if (const auto* opened = std::get_if<ws::Opened>(&event)) return "opened " + std::string(opened->extensions);
  if (const auto* rejected = std::get_if<ws::Rejected>(&event))
    return "rejected " + std::to_string(rejected->head->status);
  if (const auto* data = std::get_if<ws::RejectData>(&event)) return "body " + std::string(base::as_text(data->data));
  if (const auto* failed = std::get_if<ws::HandshakeFailed>(&event))
    return "handshake failed: " + std::string(failed->detail);
  if (const auto* message = std::get_if<ws::Message>(&event))
    return std::string(ws::name(message->type)) + " " + std::string(message->text());
  if (const auto* ping = std::get_if<ws::Ping>(&event)) return "ping " + std::string(base::as_text(ping->payload));
  if (const auto* pong = std::get_if<ws::Pong>(&event)) {
    const auto trip = pong->round_trip ? std::to_string(*pong->round_trip / 1s) + "s" : "unasked";
    return "pong " + trip + (pong->keepalive ? " keepalive" : "");
  }
  if (const auto* close = std::get_if<ws::CloseReceived>(&event))
    return "close " + std::to_string(close->code.value) + " " + std::string(close->reason);
  if (const auto* failed = std::get_if<ws::Failed>(&event))
    return "failed " + std::to_string(failed->code.value) + " " + std::string(failed->detail);
  const auto& closed = std::get<ws::Closed>(event);
  return "closed " + std::to_string(closed.record->code().value) + (closed.timed_out ? " timed out" : "");
}

/// A connection with what it borrows, fed with bytes that are gone once it has no more events.
class Machine {
 public:
  explicit Machine(ws::Options options) : connection_(std::move(options), random_, start) {}
  Machine(ws::Options options, ws::Agreement agreement)
      : connection_(std::move(options), random_, start, std::move(agreement)) {}

  ws::Connection* operator->() { return &connection_; }

  Strings receive(std::string_view bytes) {
    auto memory = block(bytes);
    CHECK(connection_.receive(memory) == ws::Status::ok);
    return events();
  }
  Strings events() {
    Strings seen;
    while (const auto event = test::next_event(connection_, now_)) seen.push_back(in_words(*event));
    return seen;
  }
  /// So much after the start it is when it is fed next; nobody has told the connection.
  void wait_until(base::Duration passed) { now_ = start + passed; }
  Strings advance(base::Duration passed) {
    now_ = start + passed;
    connection_.advance(now_);
    return events();
  }
  Strings end() {
    connection_.receive_eof(now_);
    return events();
  }
  std::string written() {
    std::string bytes(base::as_text(connection_.output()));
    connection_.consume_output(bytes.size());
    return bytes;
  }

 private:
  FixedRandom random_;
  ws::Connection connection_;
  base::TimePoint now_ = start;
};

}  // namespace wscope::test
