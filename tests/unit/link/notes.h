// Whom connections tell what happens, and what they were told.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "link/connection_reporter.h"
#include "link/connections.h"
#include "report/journal.h"
#include "support/turns.h"
#include "unit/net/descriptors.h"
#include "unit/ws/connection_machine.h"

namespace wscope::test {

/// A reporter that notes what happens: "open 1", "message 1 hi", "closed 1 1000".
struct NotedReports final : link::ConnectionReporter {
  using Number = link::ConnectionNumber;

  [[nodiscard]] bool follows_wire() const noexcept override { return false; }
  [[nodiscard]] bool describes_frames() const noexcept override { return false; }
  [[nodiscard]] std::size_t dump_size() const noexcept override { return 256; }
  [[nodiscard]] bool needs_code_points() const noexcept override { return false; }
  [[nodiscard]] bool takes_messages() const noexcept override { return false; }
  [[nodiscard]] bool wants_requests() const noexcept override { return false; }
  [[nodiscard]] bool tells_ends() const noexcept override { return false; }
  [[nodiscard]] bool has_room() const noexcept override { return true; }
  void flush() override {}
  void connecting(Number number, const std::string& url, const std::string&) override {
    note_down("connecting", number, url);
  }
  void tls(Number number, const tls::Session&) override { note_down("tls", number); }
  void timing(Number number, const view::Timing&) override { note_down("timing", number); }
  void open(Number number, const view::OpenView&) override { note_down("open", number); }
  void refused(Number number, const view::RefusedView& refused) override {
    note_down("refused", number, refused.message);
  }
  void message(Number number, const ws::Message& message) override {
    note_down("message", number, std::string(message.text()));
  }
  void event(Number number, const ws::Event&) override { note_down("event", number); }
  void sent(Number number, ws::Opcode, base::Bytes data) override {
    note_down("sent", number, std::string(base::as_text(data)));
  }
  void incomplete(Number number, wire::Direction direction, const ws::Incomplete& message) override {
    note_down(direction == wire::Direction::in ? "incomplete in" : "incomplete out", number,
              std::string(ws::name(message.type)) + " " + std::to_string(message.length));
  }
  void closed(Number number, const ws::CloseRecord& record) override {
    note_down("closed", number, std::to_string(record.code().value));
  }
  void head(Number number, wire::Direction, const wire::Head&) override { note_down("head", number); }
  void frame(Number number, wire::Direction, const wire::Frame&) override { note_down("frame", number); }
  void note(Number number, const std::string& text) override { note_down("note", number, text); }
  void warn(Number number, const std::string& text) override { note_down("warn", number, text); }

  void note_down(const std::string& what, Number number, const std::string& more = "") {
    lines.push_back(what + " " + std::to_string(number) + (more.empty() ? "" : " " + more));
  }

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
