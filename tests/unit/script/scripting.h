// Scripts, and a stage on which nothing is real.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "script/parser.h"
#include "script/runner.h"
#include "script/stage.h"

namespace wscope::test {

using namespace std::chrono_literals;

/// Files that scripts read, by their paths.
using Files = std::map<std::string, std::string>;

inline base::Result<script::Script> parse(const std::string& text, const Files& files = {},
                                          std::vector<std::string> variables = {}) {
  script::ParseContext context{cli::in_session};
  context.known.variables = std::move(variables);
  context.read = [&files](const std::string& path) -> base::Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return base::Error{base::ErrorKind::io, path + ": no such file or directory"};
    return found->second;
  };
  return script::parse_script("dir/a.ws", text, context);
}

inline script::Script parsed(const std::string& text, const Files& files = {},
                             std::vector<std::string> variables = {}) {
  auto script = parse(text, files, std::move(variables));
  if (!script) FAIL(script.error().message << "\n" << script.error().excerpt);
  return std::move(script).value();
}

/// "2:8: what is wrong", with the hint behind it.
inline std::string flaw(const std::string& text, const Files& files = {}) {
  const auto script = parse(text, files);
  if (script) return "none";
  constexpr std::string_view name = "dir/a.ws:";
  std::string words = script.error().message;
  if (words.starts_with(name)) words.erase(0, name.size());
  return words + (script.error().hint.empty() ? "" : " (" + script.error().hint + ")");
}

class FakeStage final : public script::Stage {
 public:
  std::vector<std::string> done{};                ///< what it was told to do
  std::map<link::ConnectionNumber, bool> open{};  ///< those that can be sent to
  std::vector<link::ConnectionNumber> waiting{};  ///< clients that want to come in
  Files files{};
  bool nothing_left = true;
  std::string cannot_send{};

  link::ConnectionNumber connect(link::ConnectPlan plan) override {
    done.push_back("connect " + plan.endpoint.url.text());
    return ++last_;
  }
  base::Result<view::ListeningView> listen(const link::ServePlan& plan) override {
    done.push_back("listen " + std::to_string(plan.address.port));
    view::ListeningView listening;
    listening.url = "ws://127.0.0.1:4711/";
    listening.port = 4711;
    return listening;
  }
  std::optional<link::ConnectionNumber> accept(std::uint16_t) override {
    if (waiting.empty()) return std::nullopt;
    const link::ConnectionNumber client = waiting.front();
    waiting.erase(waiting.begin());
    open[client] = true;
    return client;
  }
  bool may_send(link::ConnectionNumber connection) const override {
    const auto found = open.find(connection);
    return found != open.end() && found->second;
  }
  base::Result<void> send(link::ConnectionNumber connection, const wire::Instruction& instruction) override {
    if (!cannot_send.empty()) return base::Error{base::ErrorKind::expectation, cannot_send};
    done.push_back(std::to_string(connection) + " " + describe(instruction));
    return {};
  }
  void handle(link::ConnectionNumber connection, script::Handle::How how) override {
    constexpr const char* names[] = {"abort", "half-close", "pause", "resume"};
    done.push_back(std::to_string(connection) + " " + names[static_cast<std::size_t>(how)]);
  }
  void hold(link::ConnectionNumber connection, bool held) override {
    done.push_back(std::to_string(connection) + (held ? " held" : " read again"));
  }
  void set_autopong(bool on) override { done.push_back(on ? "autopong on" : "autopong off"); }
  void close_all(ws::CloseCode code) override { done.push_back("close all " + std::to_string(code.value)); }
  bool gone() const override { return nothing_left; }
  base::Result<void> start(const std::string& command, const std::vector<std::string>& environment) override {
    std::string words = "start " + command;
    for (const std::string& variable : environment) words += " " + variable;
    done.push_back(words);
    return {};
  }
  void stop_program() override { done.push_back("stop"); }
  void say(std::string_view text) override { done.push_back("say " + std::string(text)); }
  base::Result<std::optional<std::string>> read_file(const std::string& path) override {
    const auto found = files.find(path);
    return found == files.end() ? std::optional<std::string>() : found->second;
  }
  base::Result<void> write_file(const std::string& path, std::string_view content) override {
    files[path] = content;
    return {};
  }
  void note_expected(link::ConnectionNumber, const script::Statement&, const view::ExpectView& expected) override {
    noted.push_back((expected.why ? "not met " : "met ") + std::string(expected.what));
  }
  void note_captured(const script::Statement&, const std::string& name, const talk::Value& value) override {
    noted.push_back(name + "=" + value.text);
  }
  std::vector<std::string> noted{};

 private:
  static std::string describe(const wire::Instruction& instruction) {
    if (const auto* piece = std::get_if<ws::Piece>(&instruction)) {
      return (piece->opcode == ws::Opcode::text ? "text " : "binary ") + std::string(base::as_text(piece->payload));
    }
    if (const auto* ping = std::get_if<wire::SendPing>(&instruction)) {
      return "ping " + std::string(base::as_text(ping->payload));
    }
    if (const auto* close = std::get_if<wire::SendClose>(&instruction)) {
      return "close " + (close->code ? std::to_string(close->code->value) : "") + " " + std::string(close->reason);
    }
    if (const auto* fragments = std::get_if<wire::SendFragments>(&instruction)) {
      return "fragments " + std::to_string(fragments->size) + " " + std::string(base::as_text(fragments->text));
    }
    return "other";
  }

  link::ConnectionNumber last_ = 0;
};

/// Random bytes that are always the same.
class NoRandom final : public base::RandomSource {
 public:
  void fill(base::MutableBytes into) noexcept override {
    for (std::byte& byte : into) byte = std::byte{7};
  }
};

/// A script that is run, with a clock that stands still until it is moved.
class Bench {
 public:
  explicit Bench(const std::string& text, script::Runner::Options options = {.within = 5s, .variables = {}})
      : script_(parsed(text, {}, names_of(options))),
        runner_(script_, options, cli::in_session, random_, stage, now_) {}

  FakeStage stage{};

  Bench& go() {
    runner_.advance(now_, {});
    return *this;
  }
  Bench& wait(base::Duration time) {
    now_ += time;
    return go();
  }
  Bench& hear(link::ConnectionNumber connection, script::Event event) {
    event.time = now_;
    runner_.hear(connection, std::move(event));
    return go();
  }
  Bench& opened(link::ConnectionNumber connection) {
    stage.open[connection] = true;
    return hear(connection, {.kind = script::Kind::open, .code = 101});
  }
  Bench& text(link::ConnectionNumber connection, std::string payload) {
    return hear(connection, {.kind = script::Kind::text, .payload = std::move(payload)});
  }
  Bench& end(link::ConnectionNumber connection) {
    stage.open[connection] = false;
    runner_.end(connection);
    return go();
  }
  [[nodiscard]] script::Runner& runner() noexcept { return runner_; }
  [[nodiscard]] base::TimePoint now() const noexcept { return now_; }
  [[nodiscard]] bool over() const noexcept { return runner_.over(); }
  /// "passed", or the exit status, place and message of the failure.
  [[nodiscard]] std::string result() const {
    const script::TestResult& result = runner_.result();
    if (!runner_.over()) return "goes on";
    if (result.verdict == script::Verdict::passed) return "passed";
    if (result.verdict == script::Verdict::skipped) return "skipped " + result.reason;
    return std::to_string(result.exit_status) + " " + result.failure->place + ": " + result.failure->message;
  }

 private:
  static std::vector<std::string> names_of(const script::Runner::Options& options) {
    std::vector<std::string> names;
    for (const script::Assignment& one : options.variables) names.push_back(one.name);
    return names;
  }

  NoRandom random_{};
  base::TimePoint now_{1h};
  script::Script script_;
  script::Runner runner_;
};

}  // namespace wscope::test
