// What a command prints: messages or events to stdout, all else to stderr.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "link/connection_reporter.h"
#include "report/plan.h"
#include "streams/error_output.h"
#include "streams/output_queue.h"
#include "view/message_printer.h"

namespace wscope::report {

/// The event of an error before there is a Reporter, if events were asked for.
void report_early(const Reporting& reporting, const base::Error& error);

/// Turns what happens into output of the kind that was asked for. Payloads and events wait in output(), what is for a
/// person in `errors`.
class Reporter final : public link::ConnectionReporter {
 public:
  enum class Connections : unsigned char { one, many };
  /// With many, what is said on stderr names the connection. `owner` hears of stdout. `errors` outlives it.
  Reporter(net::Poller& poller, streams::ErrorOutput& errors, const Reporting& reporting, Connections connections,
           streams::OutputOwner& owner);

  [[nodiscard]] streams::OutputQueue& output() noexcept { return output_; }
  [[nodiscard]] const Reporting& options() const noexcept { return options_; }
  [[nodiscard]] bool json() const noexcept { return options_.format == streams::OutputFormat::json; }
  [[nodiscard]] bool verbose() const noexcept { return options_.verbosity == Verbosity::verbose; }
  /// Whether what is sent is to be reported.
  [[nodiscard]] bool shows_sent() const noexcept { return json() && options_.sent; }
  /// Whether what is sent needs room in output().
  [[nodiscard]] bool prints_sent() const noexcept { return json() && (options_.sent || options_.frames); }
  [[nodiscard]] bool follows_wire() const noexcept override { return verbose() || options_.frames || shows_sent(); }
  [[nodiscard]] bool describes_frames() const noexcept override { return options_.frames && !json(); }
  [[nodiscard]] std::size_t dump_size() const noexcept override { return options_.dump_size; }
  [[nodiscard]] bool needs_code_points() const noexcept override { return on_terminal_; }
  [[nodiscard]] bool takes_messages() const noexcept override { return json(); }
  [[nodiscard]] bool wants_requests() const noexcept override { return json(); }
  [[nodiscard]] bool tells_ends() const noexcept override { return json(); }
  [[nodiscard]] bool has_room() const noexcept override { return !output_.full() && errors_.has_room(); }
  void flush() override { output_.flush(); }
  /// From now on every frame is shown, or none.
  void show_frames(bool shown) noexcept { options_.frames = shown; }

  void listening(const view::ListeningView& listening);
  void connecting(link::ConnectionNumber connection, const std::string& url, const std::string& address) override;
  void tls(link::ConnectionNumber connection, const tls::Session& session) override;
  void timing(link::ConnectionNumber connection, const view::Timing& timing) override;
  void open(link::ConnectionNumber connection, const view::OpenView& open) override;
  void refused(link::ConnectionNumber connection, const view::RefusedView& refused) override;
  void message(link::ConnectionNumber connection, const ws::Message& message) override;
  void event(link::ConnectionNumber connection, const ws::Event& event) override;
  void sent(link::ConnectionNumber connection, ws::Opcode type, base::Bytes data) override;
  void incomplete(link::ConnectionNumber connection, wire::Direction direction, const ws::Incomplete& message) override;
  void closed(link::ConnectionNumber connection, const ws::CloseRecord& record) override;
  /// How the command ended; `connection` is the one that made it end, 0 if it was none. If that was refused, those who
  /// want to know everything see the beginning of the body.
  void error(link::ConnectionNumber connection, const base::Error& error, int exit_status,
             const std::optional<view::RefusalView>& refusal = {});

  void head(link::ConnectionNumber connection, wire::Direction direction, const wire::Head& head) override;
  void frame(link::ConnectionNumber connection, wire::Direction direction, const wire::Frame& frame) override;

  /// Only if verbose().
  void note(link::ConnectionNumber connection, const std::string& text) override;
  /// Unless quiet.
  void warn(link::ConnectionNumber connection, const std::string& text) override;

 private:
  [[nodiscard]] view::Stamp stamp(link::ConnectionNumber connection);
  void print_line();
  void body(std::string_view text);
  [[nodiscard]] std::string name(link::ConnectionNumber connection) const;

  streams::ErrorOutput& errors_;
  Reporting options_;
  Connections connections_;
  bool on_terminal_;
  streams::OutputQueue output_;
  view::MessagePrinter printer_;
  std::string line_;  // being made
};

}  // namespace wscope::report
