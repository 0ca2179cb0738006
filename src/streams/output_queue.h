// What is to be printed on stdout, while its reader is slower than we are.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "base/buffer.h"
#include "net/poller.h"
#include "net/shared_output.h"

namespace wscope::streams {

/// A queue in front of a descriptor that others share, written without blocking. What could not be written at once is
/// when the loop finds room for it, or an error.
class OutputQueue final : private net::Pollable {
 public:
  /// `fd` stays open as long as this lives.
  OutputQueue(net::Poller& poller, int fd);
  ~OutputQueue() { poller_.remove(id_); }
  OutputQueue(const OutputQueue&) = delete;
  OutputQueue& operator=(const OutputQueue&) = delete;

  /// Where to append. Once writing has failed, what is appended is dropped by the next flush().
  [[nodiscard]] base::Buffer& queue() noexcept { return queue_; }
  /// Bytes that are waiting.
  [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }
  /// Whether so much is waiting that nothing more should be appended.
  [[nodiscard]] bool full() const noexcept { return queue_.size() >= high_water; }
  /// Writes what can be written now, and the rest as soon as it can be: without trying before that.
  void flush();
  /// Writes all of it, outside of the loop, which takes `most` at most; what is left then stays.
  void finish(base::Duration most);
  /// From now on it is not written, but shown; or written again. Where that has no room by now says so.
  using Screen = std::function<bool(std::string_view)>;
  void show_on(Screen screen) { screen_ = std::move(screen); }

  /// Why writing failed: errno's number, 0 if it did not. EPIPE: nobody reads any more, which the reader of a pipe need
  /// not be written to for.
  [[nodiscard]] int error() const noexcept { return error_; }

 private:
  static constexpr std::size_t high_water = std::size_t{256} << 10;

  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  [[nodiscard]] bool shows_its_end() const noexcept;

  net::Poller& poller_;
  net::SharedOutput output_;
  net::Poller::Id id_;
  base::Buffer queue_;
  Screen screen_;
  bool blocked_ = false;  // the system takes nothing until the poller says so
  int error_ = 0;
};

}  // namespace wscope::streams
