// Whom connections tell what happens, and what they were told.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "link/connections.h"
#include "link/happening.h"
#include "report/journal.h"
#include "support/turns.h"
#include "unit/net/descriptors.h"
#include "unit/ws/connection_machine.h"

namespace wscope::test {

/// A reporter that notes what happens: "open 1", "message 1 hi", "closed 1 1000".
struct NotedReports final : link::Report {
  using Number = link::ConnectionNumber;

  [[nodiscard]] link::Interests interests() const noexcept override { return wants; }
  [[nodiscard]] bool has_room() const noexcept override { return true; }
  void flush() override {}
  void report(Number number, const link::Happening& happening) override {
    std::visit([&](const auto& one) { tell(number, one); }, happening);
  }

  void tell(Number number, const link::Received& received) {
    note_down("message", number, std::string(received.message.text()));
  }
  void tell(Number number, const link::Sent& sent) { note_down("sent", number, std::string(base::as_text(sent.data))); }
  void tell(Number number, const link::Heard&) { note_down("event", number); }
  void tell(Number number, const link::Connecting& attempt) { note_down("connecting", number, attempt.url); }
  void tell(Number number, const link::Secured&) { note_down("tls", number); }
  void tell(Number number, const link::Timed&) { note_down("timing", number); }
  void tell(Number number, const link::Opened&) { note_down("open", number); }
  void tell(Number number, const link::Refused& refusal) { note_down("refused", number, refusal.refused.message); }
  void tell(Number number, const link::CutOff& cut) {
    note_down(cut.direction == wire::Direction::in ? "incomplete in" : "incomplete out", number,
              std::string(ws::name(cut.message.type)) + " " + std::to_string(cut.message.length));
  }
  void tell(Number number, const link::Ended& ended) {
    note_down("closed", number, std::to_string(ended.record.code().value));
  }
  void tell(Number number, const link::HeadSeen&) { note_down("head", number); }
  void tell(Number number, const link::FrameSeen&) { note_down("frame", number); }
  void tell(Number number, const link::Ran& ran) {
    constexpr const char* states[] = {"start", "stderr", "exit"};
    note_down(std::string("exec ") + states[static_cast<int>(ran.exec.state)], number,
              std::string(base::as_text(ran.exec.errors)));
  }
  void tell(Number number, const link::Noted& noted) { note_down("note", number, noted.text); }
  void tell(Number number, const link::Warned& warned) { note_down("warn", number, warned.text); }

  void note_down(const std::string& what, Number number, const std::string& more = "") {
    lines.push_back(what + " " + std::to_string(number) + (more.empty() ? "" : " " + more));
  }

  link::Interests wants{};
  Strings lines;
};

/// Connections in a loop of their own, whose owner and reporter are the test.
struct Connected : link::ConnectionsOwner {
  explicit Connected(const base::TimeSource* time = nullptr) : loop(time) {}
  virtual ~Connected() = default;

  void handle_open() override {
    ++opened;
    changed();
  }
  void handle_message(link::ConnectionNumber number, const ws::Message& message) override {
    received.push_back(std::to_string(number) + " " + std::string(message.text()));
    note_received(message);
  }
  void handle_progress() override { changed(); }
  void handle_end(link::ConnectionNumber number, const std::optional<base::Error>& error,
                  const std::optional<view::RefusalView>&) override {
    ended.push_back(std::to_string(number) + (error ? " " + error->message : ""));
    changed();
  }
  void handle_client(link::ConnectionNumber number, bool came) override {
    clients.push_back(std::to_string(number) + (came ? " came" : " gone"));
    changed();
  }
  void handle_start(link::ConnectionNumber, const link::ConnectPlan&) override {}
  void handle_ending(const base::Error& error) override { clients.push_back(error.message); }
  virtual void changed() {}
  virtual void note_received(const ws::Message&) {}

  /// Turns the loop as a session does.
  template <typename Done>
  bool turn_until(Done done) {
    return run_until(loop.poller, [&] {
      connections.clean_up();
      return done();
    });
  }
  bool turn_until_received(std::size_t count) {
    return turn_until([&] { return received.size() >= count; });
  }

  static link::ConnectPlan to_echo() {
    link::ConnectPlan command;
    command.endpoint.embedded = true;
    return command;
  }
  link::ConnectPlan to_port(std::uint16_t port) {
    link::ConnectPlan command;
    command.endpoint.url.host = "127.0.0.1";
    command.endpoint.url.port = port;
    command.endpoint.url.target = "/";
    return command;
  }
  /// Connects to an echo server and waits.
  link::ConnectionNumber open_echo() {
    const link::ConnectionNumber number = connections.connect(to_echo());
    REQUIRE(turn_until([&] { return connections.is_open(number); }));
    return number;
  }
  /// A server on a free port.
  std::uint16_t listen(link::ServiceKind service = link::ServiceKind::pipe) {
    link::ServePlan command;
    command.address = {.host = "127.0.0.1", .port = 0};
    command.service = service;
    const auto listening = connections.listen(command);
    REQUIRE(listening.ok());
    return listening->port;
  }

  link::Loop loop;
  NotedReports reports;
  report::Journal journal{loop.poller, reports};
  link::Connections connections{loop, journal, *this};
  int opened = 0;
  Strings received;
  Strings ended;
  Strings clients;
};

}  // namespace wscope::test
