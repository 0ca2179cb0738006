// Whether an endpoint has done what a step waits for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "check/heard.h"
#include "check/settings.h"
#include "check/step.h"

namespace wscope::check {

/// A Ping that was sent to see how long its Pong takes.
struct Beat {
  std::string payload;
  base::TimePoint at{};
};

/// What was sent, as far as it matters for what has to come back.
struct Sent {
  std::vector<Message> messages{};  ///< legal ones, which are echoed
  std::optional<Message> last{};    ///< that the frame sent last has ended, legal or not; nothing: it has ended none
  bool closed = false;              ///< a Close was sent
  std::optional<std::uint16_t> code{};  ///< of the first one
  bool last_is_close = false;           ///< the frame sent last
  std::string last_ping{};
  std::size_t pings = 0;
  std::vector<Beat> beats{};
  bool all_written = true;
  std::string key{};                      ///< of the request sent last
  std::string version{};                  ///< its Sec-WebSocket-Version
  std::string protocols{};                ///< that it offers
  std::optional<int> status_before{};     ///< of the answer to the request before
  std::optional<int> status{};            ///< to a client: that of our answer
  std::vector<base::TimePoint> others{};  ///< of a client: when it has made another connection than this one
  bool client_gone = false;               ///< it is not there any more
  std::string server_name{};              ///< that it asked for in TLS; empty: none
};

/// A step that waits.
struct Waiting {
  base::TimePoint since{};  ///< it has begun, or something could be written last
  base::TimePoint began{};
  bool wants_ping = false;            ///< told to whoever carries out the case: send a Ping and call again
  bool wants_more = false;            ///< another fragment of a message without an end
  std::optional<std::string> ping{};  ///< that was sent for it
};

/// What has come of a step.
struct Outcome {
  enum class Kind : std::uint8_t {
    go_on,       ///< it is met
    noted,       ///< it is met in the wrong form; go on all the same
    met,         ///< the whole case is
    wrong_form,  ///< what was asked for, but not as it is written
    broken,
    told,    ///< an observation
    warned,  ///< one that is worth a warning, whatever the level
    skipped,
    error,
  };
  Kind kind = Kind::go_on;
  std::string seen{};
};

/// What is looked at.
struct Scene {
  const Heard& heard;
  const Sent& sent;
  const Settings& settings;
  Waiting& waiting;
  base::TimePoint now;

  /// Whether so much time has gone by since the step has begun, or something was written last.
  [[nodiscard]] bool waited(base::Duration time) const noexcept { return now >= waiting.since + time; }
};

/// Whether it waits for something.
[[nodiscard]] bool is_expectation(Verb verb) noexcept;

/// Nothing: it is too early to say. To be asked again when something has happened, and at deadline_of().
[[nodiscard]] std::optional<Outcome> judge(const Step& step, const Scene& scene);
/// When time alone may change the answer.
[[nodiscard]] base::TimePoint deadline_of(const Step& step, const Scene& scene);

/// Of the opening handshake, and of what a reply says: they are parts of judge().
[[nodiscard]] std::optional<Outcome> judge_answer(const Step& step, const Scene& scene);
[[nodiscard]] Outcome judge_reply(const Step& step, const Scene& scene);

/// Of what is measured: a part of judge(), too.
[[nodiscard]] std::optional<Outcome> judge_measure(const Step& step, const Scene& scene);
/// Whether it is such a step.
[[nodiscard]] bool is_measure(Verb verb) noexcept;
[[nodiscard]] base::TimePoint measure_deadline(const Step& step, const Scene& scene);
/// "the connection was reset"
[[nodiscard]] std::string words_of_end(const HeardEnd& end);

/// Of what a client asks and how it takes the answer: a part of judge(), too.
[[nodiscard]] std::optional<Outcome> judge_client(const Step& step, const Scene& scene);

/// How long it is waited for a client that connects again and again.
[[nodiscard]] base::Duration patience_for_backoff(const Scene& scene) noexcept;

/// Whether a list with commas has this element, but for the case of letters.
[[nodiscard]] bool lists(std::string_view list, std::string_view element) noexcept;

/// Whether all that was sent has come back, in that order.
[[nodiscard]] bool is_echoed(const Sent& sent, const Heard& heard) noexcept;

}  // namespace wscope::check
