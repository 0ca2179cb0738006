// Whom the commands of the REPL tell what to do, and what they were told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "repl/interpreter.h"
#include "unit/ws/connection_machine.h"

namespace wscope::test {

/// A host that notes what an interpreter asks of it.
struct NotedHost final : repl::InterpreterHost {
  void say(std::string_view lines) override { said += lines; }
  void complain(const std::string& place, const base::Error& error) override {
    complaints.push_back(place + error.message);
    hints.push_back(error.hint);
  }
  void announce(const view::ListeningView& listening) override { ports.push_back(listening.port); }
  void handle_disconnect(link::ConnectionNumber number) override { disconnects.push_back(number); }
  void handle_quit() override { ++quits; }
  void captured(const std::string& name, const talk::Value& value) override {
    captures.push_back(name + "=" + value.text);
  }
  std::vector<std::string> captures{};
  void replying(link::ConnectionNumber number, std::size_t rule) override {
    replies.push_back(std::to_string(number) + " " + std::to_string(rule));
  }
  void expects(const std::string& what) override { expected.push_back(what); }
  void handle_expected(link::ConnectionNumber number, const view::ExpectView& view, std::uint64_t entry) override {
    outcomes.push_back(std::to_string(number) + (view.why ? " " + *view.why : " #" + std::to_string(entry)));
  }
  report::ScreenChoices* choices() override { return has_screen ? &shown : nullptr; }
  bool shows_frames() override { return frames; }
  void show_frames(bool shows) override { frames = shows; }
  void set_typed(bool is_typed) override { typed.push_back(is_typed); }
  [[nodiscard]] bool busy() const noexcept override { return is_busy; }
  [[nodiscard]] std::optional<term::ScreenSize> screen() const override { return size; }
  base::Result<void> copy(std::string_view text) override {
    copied.emplace_back(text);
    return {};
  }
  base::Result<void> page(std::string_view content) override {
    paged.emplace_back(content);
    return {};
  }
  base::Result<void> edit(std::string_view content) override {
    edited.emplace_back(content);
    return {};
  }
  base::Result<void> set_keymap(term::Keymap chosen) override {
    keymap = chosen;
    return {};
  }
  base::Result<void> clear_screen() override {
    ++clears;
    return {};
  }
  base::Result<void> ask_what_is_missing(link::ConnectPlan&) override {
    ++questions;
    return {};
  }
  base::Result<void> ask_what_is_missing(link::ServePlan&) override {
    ++questions;
    return {};
  }
  /// What was said since the last call.
  std::string take_said() { return std::exchange(said, ""); }

  std::string said;
  Strings complaints;
  Strings hints;
  std::vector<std::uint16_t> ports;
  bool has_screen = true;
  bool is_busy = false;
  report::ScreenChoices shown;
  bool frames = false;
  std::vector<bool> typed;
  std::optional<term::ScreenSize> size = term::ScreenSize{24, 80};
  Strings copied;
  Strings paged;
  Strings edited;
  term::Keymap keymap = term::Keymap::emacs;
  std::vector<link::ConnectionNumber> disconnects;
  Strings expected;
  Strings replies;
  Strings outcomes;
  int quits = 0;
  int clears = 0;
  int questions = 0;
};

}  // namespace wscope::test
