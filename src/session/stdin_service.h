// A server in a pipe.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "link/replies.h"
#include "link/server.h"
#include "report/reporter.h"
#include "session/pace.h"
#include "session/plan.h"
#include "streams/input_source.h"

namespace wscope::session {

/// Prints what clients say, and sends what comes from stdin to all of them, or to the one that is named. It reads stdin
/// as fast as the fastest client takes it, so not at all while there is none. Answers what a rule has an answer for;
/// a client that does not read those is not read either.
class StdinService final : public link::Service {
 public:
  /// All that is referred to outlives it.
  StdinService(link::Loop& loop, const ServeCommand& command, streams::InputSource::Options options,
               report::Reporter& reporter);

  [[nodiscard]] streams::InputSource& input() noexcept { return input_; }
  /// What was wrong with the input, if anything; nothing more is sent then.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return input_.error(); }

  /// Whether all of stdin is sent and written.
  [[nodiscard]] bool all_sent() const noexcept { return input_.done(); }
  [[nodiscard]] bool all_written() const;
  /// Whether there was anything to send.
  [[nodiscard]] bool has_sent() const noexcept { return has_sent_; }
  /// Whether a client has said something since the last call, but for what was answered.
  [[nodiscard]] bool take_heard() noexcept { return std::exchange(heard_, false); }

  /// Sends as much as there is and can be taken. To be called in each turn of the loop; also at the time that it
  /// returns, if there may be more to be sent then.
  std::optional<base::TimePoint> send_input();

  void begin(link::Server& server) override { server_ = &server; }
  void handle_open(link::Client&) override {}
  void handle_message(link::Client& client, const ws::Message& message) override;
  void handle_progress(link::Client& client) override;
  void handle_gone(link::Client& client) override { replies_.erase(client.number()); }

 private:
  [[nodiscard]] bool has_room() const;
  void send(const streams::InputItem& item);
  [[nodiscard]] bool answer(link::Client& client, const ws::Message& message);

  link::Loop& loop_;
  const ServeCommand& command_;
  report::Reporter& reporter_;
  std::map<link::ConnectionNumber, link::Replies> replies_{};  // of clients that were looked at: each counts by itself
  streams::InputSource input_;
  Pace pace_;
  link::Server* server_ = nullptr;
  bool heard_ = false;
  bool has_sent_ = false;
};

}  // namespace wscope::session
