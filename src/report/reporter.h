// What a command prints: messages or events to stdout, all else to stderr.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "link/happening.h"
#include "report/message_stamp.h"
#include "report/plan.h"
#include "report/selection.h"
#include "streams/error_output.h"
#include "streams/output_queue.h"
#include "talk/template.h"
#include "view/message_printer.h"

namespace wscope::report {

/// The event of an error before there is a Reporter, if events were asked for.
void report_early(const Reporting& reporting, const base::Error& error);

/// Turns what happens into output of the kind that was asked for. Payloads and events wait in output(), what is for a
/// person in `errors`.
class Reporter final : public link::Report {
 public:
  enum class Scope : unsigned char { one, many };
  /// With many, what is said on stderr names the connection. `errors` outlives it.
  Reporter(net::Poller& poller, streams::ErrorOutput& errors, const Reporting& reporting, Scope scope);

  [[nodiscard]] streams::OutputQueue& output() noexcept { return output_; }
  [[nodiscard]] const Reporting& options() const noexcept { return options_; }
  [[nodiscard]] bool json() const noexcept { return options_.format == streams::OutputFormat::json; }
  [[nodiscard]] bool verbose() const noexcept { return options_.verbosity == Verbosity::verbose; }
  /// Whether what is sent is to be reported.
  [[nodiscard]] bool shows_sent() const noexcept { return json() && options_.sent; }
  /// Whether what is sent needs room in output().
  [[nodiscard]] bool prints_sent() const noexcept { return json() && (options_.sent || options_.frames); }
  [[nodiscard]] link::Interests interests() const noexcept override;
  [[nodiscard]] bool has_room() const noexcept override { return !output_.full() && errors_.has_room(); }
  void flush() override { output_.flush(); }
  /// From now on every frame is shown, or none.
  void show_frames(bool shown) noexcept { options_.frames = shown; }

  /// From now on report() shows of messages, which come whole, what `selection` lets through. It outlives this.
  void select(const Selection& selection) noexcept { selection_ = selection.empty() ? nullptr : &selection; }

  void listening(const view::ListeningView& listening);
  /// What report() does of a message, without the way there: of these there are millions.
  void print(link::ConnectionNumber connection, const ws::Message& message);
  void print(link::ConnectionNumber connection, std::span<const ws::Message> messages);
  /// The same of one that select()'s selection lets through: the parts of it that are picked, if there is a path.
  void print_picked(link::ConnectionNumber connection, const ws::Message& message);
  /// What was asked for has come, so long after that; or will not.
  void expected(link::ConnectionNumber connection, const view::ExpectView& expected);
  /// A message is about to be answered by that rule, counted from 1.
  void replying(link::ConnectionNumber connection, std::size_t rule);
  /// A variable has got this value.
  void captured(const std::string& name, const talk::Value& value);
  /// Warnings unless quiet, notes if verbose().
  void report(link::ConnectionNumber connection, const link::Happening& happening) override;
  /// How the command ended; `connection` is the one that made it end, 0 if it was none. If that was refused, those who
  /// want to know everything see the beginning of the body.
  void error(link::ConnectionNumber connection, const base::Error& error, int exit_status,
             const std::optional<view::RefusalView>& refusal = {});

 private:
  void tell(link::ConnectionNumber connection, const link::Received& received);
  void tell(link::ConnectionNumber connection, const link::Sent& sent);
  void tell(link::ConnectionNumber connection, const link::Heard& heard);
  void tell(link::ConnectionNumber connection, const link::Connecting& attempt);
  void tell(link::ConnectionNumber connection, const link::Secured& secured);
  void tell(link::ConnectionNumber connection, const link::Timed& timed);
  void tell(link::ConnectionNumber connection, const link::Opened& opened);
  void tell(link::ConnectionNumber connection, const link::Refused& refusal);
  void tell(link::ConnectionNumber connection, const link::CutOff& cut);
  void tell(link::ConnectionNumber connection, const link::Ended& ended);
  void tell(link::ConnectionNumber connection, const link::HeadSeen& seen);
  void tell(link::ConnectionNumber connection, const link::FrameSeen& seen);
  void tell(link::ConnectionNumber connection, const link::Ran& ran);
  void tell(link::ConnectionNumber connection, const link::Noted& noted);
  void tell(link::ConnectionNumber connection, const link::Warned& warned);
  [[nodiscard]] view::Stamp stamp(link::ConnectionNumber connection);
  void print_line();
  void print_event(link::ConnectionNumber connection, const link::Happening& happening);
  void print_stamped(const ws::Message& message);
  void body(std::string_view text);
  [[nodiscard]] std::string name(link::ConnectionNumber connection) const;

  streams::ErrorOutput& errors_;
  Reporting options_;
  Scope scope_;
  bool on_terminal_;
  bool errors_on_terminal_;
  streams::OutputQueue output_;
  const Selection* selection_ = nullptr;
  view::MessagePrinter printer_;
  const net::Poller& poller_;  // knows what time it is
  MessageStamp stamp_;
  bool plain_;        // nothing but payloads is printed
  std::string line_;  // being made
};

}  // namespace wscope::report
