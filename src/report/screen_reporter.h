// What happens on connections, on the screen of the REPL.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "link/happening.h"
#include "report/message_stamp.h"
#include "report/screen_text.h"
#include "streams/console.h"
#include "streams/output_queue.h"
#include "view/message_printer.h"
#include "view/style.h"

namespace wscope::report {

/// Prints messages and events above the input of a console, as a person wants to see them.
class ScreenReporter final : public link::Report {
 public:
  /// `verbose`: with heads, TLS and timings. `console` outlives it.
  ScreenReporter(streams::Console& console, const view::Style& style, bool verbose, std::size_t dump_size)
      : console_(console), style_(style), verbose_(verbose), dump_size_(dump_size) {}

  [[nodiscard]] ScreenChoices& choices() noexcept { return choices_; }
  [[nodiscard]] const view::Style& style() const noexcept { return style_; }
  /// `several` says whether there are several connections, so that each is to be named. Until then there are not.
  void ask_whether_several(std::function<bool()> several) { several_ = std::move(several); }

  /// From now on payloads of messages that come go there as in a pipe, with such stamps, and only the rest is shown.
  /// `payloads` outlives it.
  void print_payloads_to(streams::OutputQueue& payloads, Timestamps timestamps) noexcept {
    payloads_ = &payloads;
    stamp_ = MessageStamp(timestamps);
  }

  /// Lines that are safe, in the colour of `meaning`.
  void say(view::Meaning meaning, std::string_view lines);
  /// "error: …" and its hint.
  void complain(const base::Error& error);

  [[nodiscard]] link::Interests interests() const noexcept override {
    return {.wire = true,
            .frame_texts = true,
            .dump_size = dump_size_,
            .code_points = true,
            .refusals = true,
            .ends = true};
  }
  [[nodiscard]] bool has_room() const noexcept override {
    return !console_.full() && (payloads_ == nullptr || !payloads_->full());
  }
  void flush() override;

  void report(link::ConnectionNumber connection, const link::Happening& happening) override;

  /// Whether it has told why we failed this connection; to be asked once that is over.
  [[nodiscard]] bool take_told(link::ConnectionNumber connection) { return told_.erase(connection) > 0; }

  /// Whether what is sent is to be shown: it was not typed.
  void set_shows_sent(bool shows) noexcept { shows_sent_ = shows; }

 private:
  void tell(link::ConnectionNumber connection, const link::Received& received);
  /// Only what was not typed just so: what is on the screen already need not be there twice.
  void tell(link::ConnectionNumber connection, const link::Sent& sent);
  void tell(link::ConnectionNumber connection, const link::Heard& heard);
  void tell(link::ConnectionNumber connection, const link::Connecting& attempt);
  void tell(link::ConnectionNumber connection, const link::Secured& secured);
  void tell(link::ConnectionNumber connection, const link::Timed& timed);
  void tell(link::ConnectionNumber connection, const link::Opened& opened);
  void tell(link::ConnectionNumber connection, const link::CutOff& cut);
  void tell(link::ConnectionNumber connection, const link::Ended& ended);
  void tell(link::ConnectionNumber connection, const link::HeadSeen& seen);
  void tell(link::ConnectionNumber connection, const link::FrameSeen& seen);
  void tell(link::ConnectionNumber, const link::Ran&) {}  // nobody has programs there
  void tell(link::ConnectionNumber connection, const link::Noted& noted);
  void tell(link::ConnectionNumber connection, const link::Warned& warned);
  /// Ten a second, the others are counted: anybody can knock as often as they want.
  void tell(link::ConnectionNumber connection, const link::Refused& refusal);
  void tell_unsaid_refusals();
  [[nodiscard]] bool names_connections() const { return choices_.numbers || several_(); }
  [[nodiscard]] std::string name(link::ConnectionNumber connection) const;
  [[nodiscard]] std::string number(link::ConnectionNumber connection) const;
  void print_payload(const ws::Message& message);
  void print_close(link::ConnectionNumber connection, ws::CloseCode code, std::string_view reason);
  [[nodiscard]] std::string lead(link::ConnectionNumber connection);
  void print_control(link::ConnectionNumber connection, std::string_view kind, std::string_view rest);

  streams::Console& console_;
  view::Style style_;
  bool verbose_;
  std::size_t dump_size_;
  ScreenChoices choices_;
  std::function<bool()> several_ = [] { return false; };
  bool shows_sent_ = false;
  streams::OutputQueue* payloads_ = nullptr;
  view::MessagePrinter printer_{view::MessageFormat::lines};  // to it
  MessageStamp stamp_{Timestamps::off};                       // of those
  std::set<link::ConnectionNumber> told_;                     // that we failed them, and why
  base::TimePoint refusals_since_{};                          // a second in which so many were told
  int refusals_told_ = 0;
  std::uint64_t refusals_unsaid_ = 0;
  base::TimePoint latest_{};  // when the message before came
};

}  // namespace wscope::report
