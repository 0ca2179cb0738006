// What is pinged: one connection, or a new one each time.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "link/loop.h"
#include "link/outgoing_connection.h"
#include "ping/pinger.h"
#include "ping/plan.h"
#include "view/waterfall.h"

namespace wscope::session {

/// Who pings.
class PingTargetOwner {
 public:
  /// The one connection is open: where it leads to, and how long the way was.
  virtual void handle_target_open(const std::string& url, const std::string& address, const view::Timing& way) = 0;
  /// A Pong or a text that may be an answer, to a ping that was sent then; nothing: when it was begun. `way`: of its
  /// connection, if that is its own.
  virtual void handle_answer(base::Bytes payload, std::optional<base::TimePoint> sent_at, const view::Timing* way) = 0;
  /// The answer to that one will not come.
  virtual void handle_failed(std::uint64_t sequence, const base::Error& why) = 0;
  /// A Pong has come that answers none.
  virtual void handle_stray() = 0;
  /// A Ping, or a message that is no answer, has come.
  virtual void handle_server_ping() = 0;
  virtual void handle_server_message() = 0;
  /// The connection is over, with what is wrong with that, or the code in words if it was the peer who closed. The last
  /// call.
  virtual void handle_target_gone(std::optional<base::Error> error, const std::string& closed) = 0;

 protected:
  ~PingTargetOwner() = default;
};

/// Reports what a reporter shows, but for Pongs and messages, which others tell of; and keeps how long the way took.
class PingReport final : public link::Report {
 public:
  explicit PingReport(link::Report& report) noexcept : report_(report) {}

  [[nodiscard]] link::Interests interests() const noexcept override;
  [[nodiscard]] bool has_room() const noexcept override { return report_.has_room(); }
  void flush() override { report_.flush(); }
  void report(link::ConnectionNumber connection, const link::Happening& happening) override;

  /// Of the connection that was told of last.
  [[nodiscard]] const view::Timing& way() const noexcept { return way_; }

 private:
  link::Report& report_;
  view::Timing way_{};
};

/// Puts together texts that may be answers.
class AnswerReader {
 public:
  /// All of a message that is not longer than `longest`, once it is there.
  [[nodiscard]] std::optional<base::Bytes> receive(const ws::Message& message, std::size_t longest);

 private:
  std::string text_;
  bool dropped_ = false;
};

/// Sends pings somewhere.
class PingTarget {
 public:
  virtual ~PingTarget() = default;
  /// Whether one can be sent now.
  [[nodiscard]] virtual bool can_send() = 0;
  virtual void send(const ping::Pinger::Ping& ping, std::size_t longest) = 0;
  /// That one is not waited for any more.
  virtual void give_up(std::uint64_t sequence) = 0;
  /// Reads on, or not, as there is room for what is printed.
  virtual void pause(bool paused) = 0;
  /// Closes whatever there is; the owner hears of the end.
  virtual void close(ws::CloseCode code) = 0;
  /// Looks after what is over.
  virtual void tidy() {}
};

/// One connection.
class OneTarget final : public PingTarget, private link::OutgoingConnectionOwner {
 public:
  /// All that is referred to outlives it.
  OneTarget(link::Loop& loop, const link::ConnectPlan& plan, const ping::PingPlan& ping, PingReport& report,
            PingTargetOwner& owner);
  void start(const http::Url& url, bool directly) { connection_.start(url, directly); }
  [[nodiscard]] std::string place_of(const http::Url& url) const { return connection_.place_of(url); }

  [[nodiscard]] bool can_send() override;
  void send(const ping::Pinger::Ping& ping, std::size_t longest) override;
  void give_up(std::uint64_t) override {}
  void pause(bool paused) override;
  void close(ws::CloseCode code) override;

 private:
  void handle_message(const ws::Message& message) override;
  void handle_open(const view::OpenView& open) override;
  void handle_control(const ws::Event& event) override;
  void handle_progress() override {}
  void handle_restart() override {}
  void handle_end() override;

  const ping::PingPlan& ping_;
  PingReport& report_;
  PingTargetOwner& owner_;
  AnswerReader answers_;
  std::size_t longest_ = 0;
  link::OutgoingConnection connection_;
};

/// A connection each.
class EachTarget final : public PingTarget {
 public:
  /// All that is referred to outlives it.
  EachTarget(link::Loop& loop, const link::ConnectPlan& plan, const ping::PingPlan& ping, const http::Url& url,
             bool directly, PingReport& report, PingTargetOwner& owner);
  ~EachTarget() override;

  [[nodiscard]] bool can_send() override;
  void send(const ping::Pinger::Ping& ping, std::size_t longest) override;
  void give_up(std::uint64_t sequence) override;
  void pause(bool paused) override;
  void close(ws::CloseCode code) override;
  void tidy() override;

 private:
  class Attempt;

  link::Loop& loop_;
  const link::ConnectPlan& plan_;
  const ping::PingPlan& ping_;
  http::Url url_;
  bool directly_;
  PingReport& report_;
  PingTargetOwner& owner_;
  std::deque<std::unique_ptr<Attempt>> attempts_;
  bool closing_ = false;
  bool gone_ = false;
};

}  // namespace wscope::session
