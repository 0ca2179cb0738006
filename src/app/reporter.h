// What a command prints: messages or events to stdout, all else to stderr.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/output_queue.h"
#include "base/result.h"
#include "cli/options.h"
#include "tls/engine.h"
#include "view/json_events.h"
#include "view/message_printer.h"
#include "view/waterfall.h"
#include "view/wire_reader.h"
#include "ws/event.h"

namespace wscope::app {

/// The number of a connection; a client's own is the first.
using ConnectionNumber = std::uint64_t;

/// Turns what happens into output of the kind that was asked for. Payloads and events wait in output(); what goes to
/// stderr is written at once.
class Reporter {
 public:
  enum class Connections : unsigned char { one, many };
  /// With many, what is said on stderr names the connection. `owner` hears of stdout.
  Reporter(net::Poller& poller, const cli::Reporting& reporting, Connections connections, OutputOwner& owner);

  [[nodiscard]] OutputQueue& output() noexcept { return output_; }
  [[nodiscard]] const cli::Reporting& options() const noexcept { return options_; }
  [[nodiscard]] bool json() const noexcept { return options_.format == cli::OutputFormat::json; }
  [[nodiscard]] bool verbose() const noexcept { return options_.verbosity == cli::Verbosity::verbose; }
  /// Whether it wants to see what goes over the wire.
  [[nodiscard]] bool follows_wire() const noexcept { return verbose() || options_.frames || shows_sent(); }
  /// Whether what is sent is to be reported.
  [[nodiscard]] bool shows_sent() const noexcept { return json() && options_.sent; }
  /// Whether what is sent needs room in output().
  [[nodiscard]] bool prints_sent() const noexcept { return json() && (options_.sent || options_.frames); }
  /// Whether pieces of text must end between code points.
  [[nodiscard]] bool needs_code_points() const noexcept { return on_terminal_; }

  // --- what happens, in its order

  void listening(const view::ListeningView& listening);
  void connecting(ConnectionNumber connection, const std::string& url, const std::string& address);
  /// What TLS agreed on.
  void tls(ConnectionNumber connection, const tls::Session& session);
  /// How long the way to an endpoint took.
  void timing(ConnectionNumber connection, const view::Timing& timing);
  void open(ConnectionNumber connection, const view::OpenView& open);
  /// A message, whole if json(); or with its pieces in order.
  void message(ConnectionNumber connection, const ws::Message& message);
  /// A control frame or a failure; other events are none of its business.
  void event(ConnectionNumber connection, const ws::Event& event);
  void sent(ConnectionNumber connection, ws::Opcode type, base::Bytes data);
  void closed(ConnectionNumber connection, const ws::CloseRecord& record);
  /// How the command ended.
  void error(const base::Error& error, int exit_status, const std::optional<view::RefusalView>& refusal = {});

  // --- what goes over the wire

  void head(ConnectionNumber connection, view::Direction direction, const view::WireHead& head);
  /// The beginning of the body of a refusal.
  void body(std::string_view text);
  void frame(ConnectionNumber connection, view::Direction direction, const view::WireFrame& frame);

  // --- for a person, on stderr

  /// Only if verbose().
  void note(ConnectionNumber connection, const std::string& text);
  /// Unless quiet.
  void warn(ConnectionNumber connection, const std::string& text);

 private:
  void print_line();
  [[nodiscard]] std::string name(ConnectionNumber connection) const;

  cli::Reporting options_;
  Connections connections_;
  bool on_terminal_;
  OutputQueue output_;
  view::MessagePrinter printer_;
  std::string line_;  // being made
};

}  // namespace wscope::app
