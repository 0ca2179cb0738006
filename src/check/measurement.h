// A case that takes several connections, of which each depends on what has come of the one before: without a socket or
// a clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "check/case.h"
#include "check/heard.h"
#include "check/probe.h"
#include "check/settings.h"

namespace wscope::check {

/// What was found out about the size of messages.
struct MessageLimit {
  std::optional<std::uint64_t> taken{};
  std::optional<std::uint64_t> refused{};  ///< nothing: no limit was found
  bool exact = false;
  bool unsteady = false;
  bool at_header = false;               ///< it is refused before its payload has come
  std::optional<std::uint16_t> code{};  ///< of the Close; nothing: there was none
  std::string seen{};                   ///< how it is refused, in words
  bool slow = false;                    ///< there was no time for more
};

/// Measures for one case after the other; what several of them need it keeps.
class Measurement {
 public:
  /// `settings` outlives it.
  explicit Measurement(const Settings& settings) : settings_(settings) {}
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;

  /// Whether it is a case for this: its program is "measure WORD".
  [[nodiscard]] static bool is_for(const Case& one) noexcept;
  /// How many connections such a case makes at most.
  static constexpr std::size_t most_connections = 40;

  /// `about` outlives it, as all cases do. The one before is over.
  void begin(const Case& about);
  /// What to carry out next, each on a connection of its own; null: it is over. Valid until told() is called.
  [[nodiscard]] const Case* next() const noexcept { return over_ ? nullptr : &step_; }
  void told(const Result& result, const Heard& heard);
  /// Once it is over.
  [[nodiscard]] Result result() const { return result_; }

 private:
  enum class What : std::uint8_t { message, frame, inflated, fragments, head, too_big, deflated, idle, families };
  enum class Stage : std::uint8_t { probing, at_header, alone, with_pings, ipv4, ipv6, once };

  void go_on();
  void begin_probe(What what, const Probe::Range& range);
  [[nodiscard]] std::string program_for(std::uint64_t size) const;
  void told_probe(const Result& result, const Heard& heard);
  void finish_probe();
  void finish_message();
  void conclude_message();
  void conclude_frame();
  void conclude_inflated();
  void conclude_size(std::string_view unit);
  void conclude_code();
  void told_idle(const Result& result, const Heard& heard);
  void told_family(const Result& result);
  void told_deflated(const Result& result);
  void ask(Stage stage, std::string program);
  void end(Verdict verdict, std::string seen, std::optional<std::uint64_t> measured = {});

  const Settings& settings_;
  const Case* about_ = nullptr;
  What wanted_ = What::message;  // by the case
  What what_ = What::message;    // what is measured for it now
  Stage stage_ = Stage::probing;
  Probe probe_{{}};
  Case step_{};
  Result result_{};
  bool over_ = true;
  std::optional<MessageLimit> message_{};
  MessageLimit found_{};  // by the probe, of whatever it is about
  std::optional<int> status_{};
  base::Duration idle_{};
  std::string seen_{};
};

/// "1 048 576"
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace wscope::check
