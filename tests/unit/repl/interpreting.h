// An interpreter, and what a test needs to talk to it.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "noted_host.h"
#include "repl/interpreter.h"
#include "unit/link/notes.h"

namespace wscope::test {

inline bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// An interpreter in a loop of its own.
struct Interpreting final : Connected {
  using Connected::Connected;
  NotedHost host;
  repl::Interpreter interpreter{loop, connections, journal, &cli::read_plan, host};

  void handle_start(link::ConnectionNumber number, const link::ConnectPlan& command) override {
    interpreter.add_first_messages(command, number);
  }
  void handle_open() override {
    ++opened;
    interpreter.handle_open();
  }
  void changed() override { interpreter.run(); }
  void handle_message(link::ConnectionNumber number, const ws::Message& message) override {
    Connected::handle_message(number, message);
    journal.report(number, link::Received{message});
    interpreter.receive(number, message);
  }

  void obey(std::string line, std::string place = {}) {
    interpreter.add(std::move(line), std::move(place));
    interpreter.run();
  }
  /// What is wrong with a line.
  std::string complaint(std::string line) {
    const std::size_t before = host.complaints.size();
    obey(std::move(line));
    REQUIRE(host.complaints.size() == before + 1);
    return host.complaints.back();
  }
  /// Whether the latest line said what it sent; what comes between two lines is never shown.
  [[nodiscard]] bool typed_just_so() const {
    const std::vector<bool>& typed = host.typed;
    CHECK(typed.back());
    return typed[typed.size() - 2];
  }
  std::string said(std::string line) {
    obey(std::move(line));
    return host.take_said();
  }
};

}  // namespace wscope::test
