// A server whose clients talk to programs: a process a message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "link/server.h"
#include "serve/exec_messages.h"
#include "serve/exec_request.h"
#include "serve/program_service.h"

namespace wscope::serve {

/// Shares the places for processes among its clients: who has to wait for one gets it in the order of waiting.
class ExecMessageService final : public ProgramService, private ExecMessagesOwner {
 public:
  /// All that is referred to outlives it, but for the server, which goes before.
  ExecMessageService(link::Loop& loop, const ExecPlan& plan, ExecOptions options, link::Report& report);

  void look_at_programs() override;
  void resume() override;
  void leave() override;
  void kill() noexcept override;
  [[nodiscard]] bool has_programs() const noexcept override;

  void begin(link::Server&) override {}
  [[nodiscard]] link::Entry handle_request(link::Client& client, const http::RequestHead& request) override;
  void handle_open(link::Client& client) override;
  void handle_message(link::Client& client, const ws::Message& message) override;
  void handle_progress(link::Client& client) override;
  void handle_gone(link::Client& client) override;

 private:
  [[nodiscard]] bool take_place(ExecMessages& messages) override;
  void give_place_back(ExecMessages& messages) override;
  void handle_errors_wait() override { errors_wait_ = true; }
  void handle_over(ExecMessages& messages) override { clients_.erase(messages.number()); }
  [[nodiscard]] ExecMessages* find(link::ConnectionNumber number) const;
  template <typename Use>
  void for_each_process(Use use);

  const ExecPlan& plan_;
  ExecOptions options_;
  base::RandomSource& random_;
  std::vector<std::byte> room_;
  ExecSession::Context context_;
  std::optional<std::pair<link::ConnectionNumber, process::Launch>> arriving_{};  // whose 101 is next
  std::map<link::ConnectionNumber, std::unique_ptr<ExecMessages>> clients_;
  std::deque<link::ConnectionNumber> waiting_;  // for a place
  std::uint64_t running_ = 0;
  bool errors_wait_ = false;
};

}  // namespace wscope::serve
