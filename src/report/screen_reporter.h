// What happens on connections, on the screen of the REPL.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "link/connection_reporter.h"
#include "report/screen_text.h"
#include "streams/console.h"
#include "view/style.h"

namespace wscope::report {

/// Prints messages and events above the input of a console, as a person wants to see them.
class ScreenReporter final : public link::ConnectionReporter {
 public:
  /// `verbose`: with heads, TLS and timings. `console` outlives it.
  ScreenReporter(streams::Console& console, const view::Style& style, bool verbose, std::size_t dump_size)
      : console_(console), style_(style), verbose_(verbose), dump_size_(dump_size) {}

  [[nodiscard]] ScreenChoices& choices() noexcept { return choices_; }
  [[nodiscard]] const view::Style& style() const noexcept { return style_; }
  /// `several` says whether there are several connections, so that each is to be named. Until then there are not.
  void ask_whether_several(std::function<bool()> several) { several_ = std::move(several); }

  /// Lines that are safe, in the colour of `meaning`.
  void say(view::Meaning meaning, std::string_view lines);
  /// "error: …" and its hint.
  void complain(const base::Error& error);

  [[nodiscard]] bool follows_wire() const noexcept override { return true; }
  [[nodiscard]] bool describes_frames() const noexcept override { return true; }
  [[nodiscard]] std::size_t dump_size() const noexcept override { return dump_size_; }
  [[nodiscard]] bool needs_code_points() const noexcept override { return true; }
  [[nodiscard]] bool takes_messages() const noexcept override { return false; }
  [[nodiscard]] bool wants_requests() const noexcept override { return false; }
  [[nodiscard]] bool tells_ends() const noexcept override { return true; }
  [[nodiscard]] bool has_room() const noexcept override { return !console_.full(); }
  void flush() override { console_.flush(); }

  void connecting(link::ConnectionNumber connection, const std::string& url, const std::string& address) override;
  void tls(link::ConnectionNumber connection, const tls::Session& session) override;
  void timing(link::ConnectionNumber connection, const view::Timing& timing) override;
  void open(link::ConnectionNumber connection, const view::OpenView& open) override;
  void refused(link::ConnectionNumber, const view::RefusedView&) override {}
  void message(link::ConnectionNumber connection, const ws::Message& message) override;
  void event(link::ConnectionNumber connection, const ws::Event& event) override;
  /// Only what was not typed just so: what is on the screen already need not be there twice.
  void sent(link::ConnectionNumber connection, ws::Opcode type, base::Bytes data) override;
  void incomplete(link::ConnectionNumber connection, wire::Direction direction, const ws::Incomplete& message) override;
  void closed(link::ConnectionNumber connection, const ws::CloseRecord& record) override;
  void head(link::ConnectionNumber connection, wire::Direction direction, const wire::Head& head) override;
  void frame(link::ConnectionNumber connection, wire::Direction direction, const wire::Frame& frame) override;
  void note(link::ConnectionNumber connection, const std::string& text) override;
  void warn(link::ConnectionNumber connection, const std::string& text) override;

  /// Whether it has told why we failed this connection; to be asked once that is over.
  [[nodiscard]] bool take_told(link::ConnectionNumber connection) { return told_.erase(connection) > 0; }

  /// Whether what is sent is to be shown: it was not typed.
  void set_shows_sent(bool shows) noexcept { shows_sent_ = shows; }

 private:
  [[nodiscard]] bool names_connections() const { return choices_.numbers || several_(); }
  [[nodiscard]] std::string name(link::ConnectionNumber connection) const;
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
  std::set<link::ConnectionNumber> told_;  // that we failed them, and why
  base::TimePoint latest_{};               // when the message before came
};

}  // namespace wscope::report
