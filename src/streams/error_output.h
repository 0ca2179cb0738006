// What is said on stderr, while its reader is slower than we are, or does not read at all.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "base/buffer.h"
#include "net/poller.h"
#include "net/shared_output.h"

namespace wscope::streams {

/// A queue in front of stderr, written without blocking, so that nobody who does not read it keeps the program from
/// anything.
///
/// A reader that is merely slow misses nothing: whoever causes what is said heeds has_room(). One that takes nothing
/// for a while is not waited for any longer. Until it has read what waits, lines are left out; then one says how many.
/// If stderr cannot be written to at all, nothing is said.
class ErrorOutput final : private net::Pollable {
 public:
  static constexpr base::Duration usual_patience = std::chrono::seconds(1);

  /// `fd` stays open as long as this lives; it is looked at when there is something to say. `patience`: how long a
  /// reader may take nothing. Whoever writes has SIGPIPE ignored (see net::Signals).
  ErrorOutput(net::Poller& poller, int fd, base::Duration patience = usual_patience)
      : poller_(poller), fd_(fd), patience_(patience) {}
  ~ErrorOutput() { poller_.remove(id_); }
  ErrorOutput(const ErrorOutput&) = delete;
  ErrorOutput& operator=(const ErrorOutput&) = delete;

  /// Says whole lines: at once, or as soon as they can be written.
  void print(std::string_view lines);
  /// From now on lines are shown there, or written again.
  void show_on(std::function<void(std::string_view)> screen) { screen_ = std::move(screen); }
  /// Whether more may be said without piling it up.
  [[nodiscard]] bool has_room() const noexcept { return stuck_ || queue_.size() < high_water; }
  /// Says the last of all, and writes what waits as far as the reader takes it without a pause that is too long. Not to
  /// be called in the loop: it turns it. Whether a signal ends it is up to whoever handles that.
  void finish(std::string_view last_lines);

 private:
  static constexpr std::size_t high_water = std::size_t{256} << 10;
  // What a turn of the loop may add above the mark.
  static constexpr std::size_t most_waiting = std::size_t{4} << 20;
  static constexpr std::size_t queue_cap = SIZE_MAX / 2;
  // Of all the time that finish() takes, in patiences.
  static constexpr int most_patiences = 10;

  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  [[nodiscard]] bool accepts() const noexcept;
  void append(std::string_view lines);
  void say_what_is_left_out();
  void flush();

  net::Poller& poller_;
  int fd_;
  base::Duration patience_;
  std::optional<net::SharedOutput> output_;  // once there was something to say
  net::Poller::Id id_;
  base::Buffer queue_{queue_cap};
  std::function<void(std::string_view)> screen_;
  std::uint64_t left_out_ = 0;  // lines, since the last that was said
  bool watched_ = false;        // there is a deadline for the reader
  bool stuck_ = false;          // the reader has taken nothing for too long
  bool failed_ = false;         // there is no reader
};

}  // namespace wscope::streams
