// A stage with sockets.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "link/connections.h"
#include "link/loop.h"
#include "script/mask.h"
#include "script/program.h"
#include "script/runner.h"
#include "script/stage.h"

namespace wscope::script {

/// The connections and the program of one script, which tell its runner what happens.
class LiveStage final : public Stage, private link::Report, private link::ConnectionsOwner, private net::Pollable {
 public:
  struct Options {
    bool verbose = false;  ///< every frame is shown on stderr
    /// Takes the event of what happens, a line; empty: nobody wants it.
    std::function<void(const std::string& line)> events{};
    std::string file{};          ///< the name of the script
    const Mask* mask = nullptr;  ///< outlives it
  };
  /// `loop` outlives it.
  LiveStage(link::Loop& loop, Options options);
  ~LiveStage() override;
  LiveStage(const LiveStage&) = delete;
  LiveStage& operator=(const LiveStage&) = delete;

  /// Who is told, from now on; it outlives this, or the next call.
  void tell(Runner* runner) noexcept { runner_ = runner; }
  /// Upon SIGCHLD.
  void look_at_program();
  /// Between two turns of the loop.
  void clean_up() { connections_.clean_up(); }
  /// Reads nothing from anybody, as a report has no room, or reads again.
  void hold_all(bool held) { connections_.hold(held); }

  [[nodiscard]] link::ConnectionNumber connect(link::ConnectPlan plan) override;
  [[nodiscard]] base::Result<view::ListeningView> listen(const link::ServePlan& plan) override;
  [[nodiscard]] std::optional<link::ConnectionNumber> accept(std::uint16_t port) override;
  [[nodiscard]] bool may_send(link::ConnectionNumber connection) const override;
  [[nodiscard]] base::Result<void> send(link::ConnectionNumber connection,
                                        const wire::Instruction& instruction) override;
  void handle(link::ConnectionNumber connection, Handle::How how) override;
  void hold(link::ConnectionNumber connection, bool held) override;
  void set_autopong(bool on) override;
  void close_all(ws::CloseCode code) override {
    connections_.close_all(code, code);
    clean_up();  // listeners without clients are gone at once
  }
  [[nodiscard]] bool gone() const override { return connections_.empty(); }
  [[nodiscard]] base::Result<void> start(const std::string& command,
                                         const std::vector<std::string>& environment) override;
  void stop_program() override;
  void say(std::string_view text) override;
  [[nodiscard]] base::Result<std::optional<std::string>> read_file(const std::string& path) override;
  [[nodiscard]] base::Result<void> write_file(const std::string& path, std::string_view content) override;
  void note_expected(link::ConnectionNumber connection, const Statement& statement,
                     const view::ExpectView& expected) override;
  void note_captured(const Statement& statement, const std::string& name, const talk::Value& value) override;

 private:
  // link::Report
  [[nodiscard]] link::Interests interests() const noexcept override;
  [[nodiscard]] bool has_room() const noexcept override { return loop_.errors.has_room(); }
  void flush() override {}
  void report(link::ConnectionNumber connection, const link::Happening& happening) override;
  void show(link::ConnectionNumber connection, const link::Happening& happening);
  void print_happening(link::ConnectionNumber connection, const link::Happening& happening);
  [[nodiscard]] bool hides(const wire::Frame& frame) const;
  void note_heard(link::ConnectionNumber connection, const ws::Event& event);

  // link::ConnectionsOwner
  void handle_start(link::ConnectionNumber connection, const link::ConnectPlan& plan) override;
  void handle_open() override {}
  void handle_message(link::ConnectionNumber connection, const ws::Message& message) override;
  void handle_progress() override {}
  void handle_end(link::ConnectionNumber connection, const std::optional<base::Error>& error,
                  const std::optional<view::RefusalView>& refusal) override;
  void handle_client(link::ConnectionNumber connection, bool came) override;
  void handle_ending(const base::Error&) override {}

  void handle_ready(net::Poller::Id, net::Readiness) override { read_output(); }
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  void read_output();
  void end_output();

  void hear(link::ConnectionNumber connection, Event event);
  void end(link::ConnectionNumber connection);
  void send_first_messages(link::ConnectionNumber connection);
  void print_event(std::string line, std::optional<std::uint64_t> line_number = {});
  [[nodiscard]] view::Stamp stamp(link::ConnectionNumber connection) const;

  // What is known of a connection.
  struct Known {
    bool opened = false;
    bool ended = false;  // its Close, or that we failed it, was told
    std::vector<wire::StoredInstruction> first_messages{};
  };

  link::Loop& loop_;
  Options options_;
  Runner* runner_ = nullptr;
  std::map<link::ConnectionNumber, Known> known_{};
  bool autopong_ = true;
  Program program_;
  net::Poller::Id output_{};  // of the program, if it is read
  std::string said_{};        // by it, a line that has not ended
  link::Connections connections_;
};

}  // namespace wscope::script
