// A server whose clients talk to one program.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "link/server.h"
#include "process/program.h"
#include "serve/exec_request.h"
#include "serve/program_output.h"
#include "serve/program_service.h"

namespace wscope::serve {

/// The program hears of each client that it is open, what it says, and, last and always, that it is closed: events as
/// --json has them, an object a line. What it writes, read by view::read_event(), goes to the clients that it names. It
/// lives as long as the server does: its end is the server's.
///
/// While its input is full nobody is read. A client that reads too slowly is left out or closed, as the server has it;
/// but if no client keeps up the program is not read.
class ExecSharedService final : public ProgramService, private process::ProgramOwner {
 public:
  /// All that is referred to outlives it, but for the server, which goes before.
  ExecSharedService(link::Loop& loop, const ExecPlan& plan, ExecOptions options, link::Report& report);

  [[nodiscard]] base::Result<void> start() override;
  void look_at_programs() override { program_.look(); }
  void resume() override;
  void leave() override;
  void kill() noexcept override { program_.kill(); }
  [[nodiscard]] bool has_programs() const noexcept override { return program_.number() != 0 && !program_.over(); }
  [[nodiscard]] std::optional<base::Error> failure() const override { return failure_; }

  void begin(link::Server& server) override { server_ = &server; }
  [[nodiscard]] link::Entry handle_request(link::Client& client, const http::RequestHead& request) override;
  void handle_open(link::Client& client) override;
  void handle_message(link::Client& client, const ws::Message& message) override;
  void handle_progress(link::Client& client) override;
  void handle_gone(link::Client& client) override;

 private:
  // A client that has asked to come in.
  struct Arriving {
    link::ConnectionNumber number = 0;
    http::RequestHead request;
  };

  void handle_output(process::Program&, base::Bytes bytes) override;
  void handle_output_end(process::Program&) override;
  void handle_errors(process::Program&, base::Bytes bytes) override;
  void handle_room(process::Program&) override { look_at_input(); }
  void handle_exit(process::Program&) override;
  void handle_end(process::Program&) override;

  void take_output();
  void deliver(const OutputItem& item);
  void deliver_to(link::Client& client, const OutputItem& item);
  void send(link::Client& client, const OutputItem& item);
  void write_to_clients();
  void look_at_input();
  void look_at_output();
  void let_in_waiting();
  [[nodiscard]] bool has_reader() const;

  link::Loop& loop_;
  const ExecPlan& plan_;
  ExecOptions options_;
  link::Report& report_;
  std::vector<std::byte> room_;
  process::Program program_;
  ProgramOutput output_;
  ProgramErrors errors_{};
  link::Server* server_ = nullptr;
  std::optional<Arriving> arriving_{};               // whose 101 is next
  std::vector<Arriving> waiting_{};                  // for room in the input, before they get theirs
  std::set<link::ConnectionNumber> open_{};          // of which the program knows
  std::vector<link::ConnectionNumber> unwritten_{};  // for whom something was made ready to be written
  std::string line_{};
  bool full_ = false;         // the program's input is: nobody is read
  bool told_full_ = false;    // and that this keeps clients waiting was said
  bool reads_ = true;         // the program is
  bool errors_wait_ = false;  // stderr is full: the program is not read
  bool leaving_ = false;
  std::optional<base::Error> failure_{};
};

}  // namespace wscope::serve
