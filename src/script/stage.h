// What a script can do, and who does it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "link/happening.h"
#include "link/plan.h"
#include "script/statement.h"
#include "talk/template.h"
#include "view/json_events.h"
#include "wire/instruction.h"
#include "ws/close_code.h"

namespace wscope::script {

/// The world of one script: its connections, its listeners, and a program at a time. What happens there it tells the
/// Runner, but never within one of these calls.
class Stage {
 public:
  virtual ~Stage() = default;

  /// Begins to connect; what comes of it is an event.
  [[nodiscard]] virtual link::ConnectionNumber connect(link::ConnectPlan plan) = 0;
  /// An error of kind usage, io or tls.
  [[nodiscard]] virtual base::Result<view::ListeningView> listen(const link::ServePlan& plan) = 0;
  /// Lets the client in that waits longest at the listener of that port; nothing if none does.
  [[nodiscard]] virtual std::optional<link::ConnectionNumber> accept(std::uint16_t port) = 0;

  /// Whether it is open, or was and is closing, and has room for what is sent.
  [[nodiscard]] virtual bool may_send(link::ConnectionNumber connection) const = 0;
  /// An error: it may not be sent, or no more.
  [[nodiscard]] virtual base::Result<void> send(link::ConnectionNumber connection,
                                                const wire::Instruction& instruction) = 0;
  virtual void handle(link::ConnectionNumber connection, Handle::How how) = 0;
  /// Reads nothing from it, as too much waits to be looked at, or reads again.
  virtual void hold(link::ConnectionNumber connection, bool held) = 0;
  /// Whether Pings are answered, on all connections.
  virtual void set_autopong(bool on) = 0;
  /// Closes all that is open and stops listening; gone() tells when nothing is left.
  virtual void close_all(ws::CloseCode code) = 0;
  [[nodiscard]] virtual bool gone() const = 0;

  /// Runs it with /bin/sh, these variables in its environment, its output to stderr. An error of kind io.
  [[nodiscard]] virtual base::Result<void> start(const std::string& command,
                                                 const std::vector<std::string>& environment) = 0;
  /// Ends it, and all that it has started.
  virtual void stop_program() = 0;

  /// A line of a script for stderr.
  virtual void say(std::string_view text) = 0;
  /// Nothing: there is no such file.
  [[nodiscard]] virtual base::Result<std::optional<std::string>> read_file(const std::string& path) = 0;
  [[nodiscard]] virtual base::Result<void> write_file(const std::string& path, std::string_view content) = 0;

  // For reports.
  virtual void note_expected(link::ConnectionNumber connection, const Statement& statement,
                             const view::ExpectView& expected) = 0;
  virtual void note_captured(const Statement& statement, const std::string& name, const talk::Value& value) = 0;
};

}  // namespace wscope::script
