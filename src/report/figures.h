// What has become of a run, in figures: for the last line of -v, and for --write-out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "link/happening.h"
#include "net/poller.h"

namespace wscope::report {

/// Counts what happens, of all connections together, and tells another report.
class Figures final : public link::Report {
 public:
  /// From now on. Both outlive it.
  Figures(const net::Poller& poller, link::Report& next) : poller_(poller), next_(next), begun_(poller.now()) {}

  struct Traffic {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;  ///< of messages, as they are before and behind extensions
  };
  struct Times {  ///< since the run began; nothing where it did not come so far
    std::optional<base::Duration> name_lookup{};
    std::optional<base::Duration> connect{};
    std::optional<base::Duration> tls{};
    std::optional<base::Duration> open{};
    std::optional<base::Duration> first_message{};
    base::Duration total{};
  };
  /// A message or a piece of one has come: of these it is told here, and not by report().
  void count(const ws::Message& message);

  [[nodiscard]] const Traffic& sent() const noexcept { return sent_; }
  [[nodiscard]] const Traffic& received() const noexcept { return received_; }
  /// Of the way that was gone last; the first open and the first message.
  [[nodiscard]] Times times() const;
  /// The status of the answer to the handshake that came last; 0: there was none.
  [[nodiscard]] int status() const noexcept { return status_; }
  /// Of whoever has given it; empty: nobody has, or not over IP.
  [[nodiscard]] const std::string& remote_ip() const noexcept { return remote_ip_; }
  [[nodiscard]] const std::string& subprotocol() const noexcept { return subprotocol_; }
  /// How the last connection that was open has ended.
  [[nodiscard]] const std::optional<ws::Close>& close() const noexcept { return close_; }
  /// "sent 10000 messages, 160.0 kB; received 1, 3 B; 5.00 s": since the first open.
  [[nodiscard]] std::string summary() const;

  [[nodiscard]] link::Interests interests() const noexcept override;
  [[nodiscard]] bool has_room() const noexcept override { return next_.has_room(); }
  void flush() override { next_.flush(); }
  void report(link::ConnectionNumber connection, const link::Happening& happening) override;

 private:
  void keep(const link::Sent& sent) { sent_.bytes += sent.data.size(); }
  void keep(const link::FrameSeen& seen);
  void keep(const link::Heard& heard);
  void keep(const link::Connecting& attempt) { attempt_ = attempt.address; }
  void keep(const link::Timed& timed);
  void keep(const link::Opened& opened);
  void keep(const link::Ended& ended) { close_ = ended.record.cause(); }
  [[nodiscard]] base::Duration elapsed() const { return poller_.now() - begun_; }

  const net::Poller& poller_;  // knows what time it is
  link::Report& next_;
  base::TimePoint begun_;
  Traffic sent_;
  Traffic received_;
  Times times_;
  int status_ = 0;
  std::string attempt_;  // the address that was tried last
  std::string remote_ip_;
  std::string subprotocol_;
  std::optional<ws::Close> close_;
};

}  // namespace wscope::report
