// A run whose figures a test makes.
#pragma once

#include <chrono>
#include <string_view>

#include "report/figures.h"
#include "support/fake_time.h"

namespace wscope::test {

using namespace std::chrono_literals;

/// Hears of everything, and needs nothing.
struct Silent final : link::Report {
  [[nodiscard]] link::Interests interests() const noexcept override { return {}; }
  [[nodiscard]] bool has_room() const noexcept override { return true; }
  void flush() override { ++flushed; }
  void report(link::ConnectionNumber, const link::Happening&) override { ++told; }
  int told = 0;
  int flushed = 0;
};

struct CountedRun {
  void open() {
    time.pass(1s);
    view::Timing timing;
    timing.dns = 100ms;
    timing.tcp = 200ms;
    timing.tls = 300ms;
    timing.upgrade = 250ms;
    figures.report(1, link::Timed{timing});
    view::OpenView open;
    open.subprotocol = "chat";
    open.peer = "127.0.0.1:80";
    figures.report(1, link::Opened{open});
  }
  void send(std::string_view text, bool finished = true) {
    figures.report(1, link::Sent{ws::Opcode::text, base::as_bytes(text)});
    wire::Frame frame;
    frame.opcode = 1;
    frame.fin = finished;
    figures.report(1, link::FrameSeen{wire::Direction::out, frame});
  }
  void receive(std::string_view text, bool finished = true) {
    figures.count({.finished = finished, .data = base::as_bytes(text)});
  }
  void close(const ws::Close& received) {
    const ws::CloseRecord record{.received = received, .sent = received, .received_first = true};
    figures.report(1, link::Ended{record});
  }

  FakeTime time;
  net::Poller poller{&time};
  Silent next;
  report::Figures figures{poller, next};
};

}  // namespace wscope::test
