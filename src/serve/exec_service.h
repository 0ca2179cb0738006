// A server whose clients talk to programs: a process a connection.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "link/server.h"
#include "serve/exec_request.h"
#include "serve/exec_session.h"
#include "serve/program_service.h"

namespace wscope::serve {

/// Starts a program for each client before it is let in, and joins the two. Counts processes until they are reaped.
class ExecService final : public ProgramService, private ExecSessionOwner, private net::Pollable {
 public:
  /// All that is referred to outlives it, but for the server, which goes before.
  ExecService(link::Loop& loop, const ExecPlan& plan, ExecOptions options, link::Report& report);
  ~ExecService();
  ExecService(const ExecService&) = delete;
  ExecService& operator=(const ExecService&) = delete;

  void look_at_programs() override;
  void resume() override;
  void leave() override;
  void kill() noexcept override;
  [[nodiscard]] bool has_programs() const noexcept override { return !sessions_.empty(); }

  void begin(link::Server& server) override { server_ = &server; }
  [[nodiscard]] link::Entry handle_request(link::Client& client, const http::RequestHead& request) override;
  void handle_open(link::Client& client) override;
  void handle_message(link::Client& client, const ws::Message& message) override;
  void handle_control(link::Client& client, const ws::Event& event) override;
  void handle_progress(link::Client& client) override;
  void handle_gone(link::Client& client) override;

 private:
  // A client that waits for what its program says, or is not known to be in.
  struct Waiting {
    base::TimePoint until{};
    bool for_output = false;
  };

  void handle_first_output(ExecSession& session) override;
  void handle_errors_wait() override { errors_wait_ = true; }
  void handle_over(ExecSession& session) override;
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id, base::TimePoint now) override;
  [[nodiscard]] ExecSession* find(const link::Client& client) const;
  [[nodiscard]] link::Entry start_program(link::Client& client, const http::RequestHead& request,
                                          const process::Launch& launch);
  void stop_waiting(link::ConnectionNumber number);
  void set_timer();

  link::Loop& loop_;
  const ExecPlan& plan_;
  ExecOptions options_;
  std::vector<std::byte> room_;
  ExecSession::Context context_;
  link::Server* server_ = nullptr;
  std::map<link::ConnectionNumber, std::unique_ptr<ExecSession>> sessions_;
  std::map<link::ConnectionNumber, Waiting> waiting_;
  std::map<link::ConnectionNumber, http::RequestHead> requests_;  // of clients whose programs are to be told of them
  net::Poller::Id timer_;
  bool leaving_ = false;
  bool errors_wait_ = false;
};

}  // namespace wscope::serve
