// What is known of every connection of the REPL, for /status.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "link/connection_reporter.h"
#include "net/poller.h"

namespace wscope::report {

/// What one side has sent.
struct Traffic {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;       ///< of messages
  std::uint64_t wire_bytes = 0;  ///< of the payloads of their frames: fewer if they are compressed
};

/// What has been said and done on a connection.
struct Record {
  std::string url{};
  std::string address{};
  std::string subprotocol{};
  std::string extensions{};
  std::string tls{};
  std::string sent_head{};      ///< safe for a terminal, secrets masked
  std::string received_head{};  ///< the same
  std::optional<base::TimePoint> opened{};
  Traffic sent{};
  Traffic received{};
  std::uint64_t pongs = 0;  ///< that have answered our Pings
  base::Duration least_round_trip{};
  base::Duration latest_round_trip{};
  base::Duration most_round_trip{};
};

/// Hears of everything, keeps what is worth it, and tells another reporter. Of a client that was never let in it keeps
/// nothing beyond its end; any other connection is to be forgotten by whoever hears of its end.
class Journal final : public link::ConnectionReporter {
 public:
  /// Both outlive it.
  Journal(const net::Poller& poller, link::ConnectionReporter& next) : poller_(poller), next_(next) {}

  /// As lines for a person; none if nothing has happened on it.
  [[nodiscard]] std::string describe(link::ConnectionNumber connection) const;
  void forget(link::ConnectionNumber connection) { records_.erase(connection); }

  [[nodiscard]] bool follows_wire() const noexcept override { return true; }
  [[nodiscard]] bool describes_frames() const noexcept override { return true; }
  [[nodiscard]] std::size_t dump_size() const noexcept override { return next_.dump_size(); }
  [[nodiscard]] bool needs_code_points() const noexcept override { return next_.needs_code_points(); }
  [[nodiscard]] bool takes_messages() const noexcept override { return false; }
  [[nodiscard]] bool wants_requests() const noexcept override { return true; }
  [[nodiscard]] bool tells_ends() const noexcept override { return next_.tells_ends(); }
  [[nodiscard]] bool has_room() const noexcept override { return next_.has_room(); }
  void flush() override { next_.flush(); }

  void connecting(link::ConnectionNumber connection, const std::string& url, const std::string& address) override;
  void tls(link::ConnectionNumber connection, const tls::Session& session) override;
  void timing(link::ConnectionNumber connection, const view::Timing& timing) override;
  void open(link::ConnectionNumber connection, const view::OpenView& open) override;
  void refused(link::ConnectionNumber connection, const view::RefusedView& refused) override {
    next_.refused(connection, refused);
  }
  void message(link::ConnectionNumber connection, const ws::Message& message) override;
  void event(link::ConnectionNumber connection, const ws::Event& event) override;
  void sent(link::ConnectionNumber connection, ws::Opcode type, base::Bytes data) override;
  void incomplete(link::ConnectionNumber connection, wire::Direction direction,
                  const ws::Incomplete& message) override {
    next_.incomplete(connection, direction, message);
  }
  void closed(link::ConnectionNumber connection, const ws::CloseRecord& record) override;
  void head(link::ConnectionNumber connection, wire::Direction direction, const wire::Head& head) override;
  void frame(link::ConnectionNumber connection, wire::Direction direction, const wire::Frame& frame) override;
  void note(link::ConnectionNumber connection, const std::string& text) override { next_.note(connection, text); }
  void warn(link::ConnectionNumber connection, const std::string& text) override { next_.warn(connection, text); }

 private:
  const net::Poller& poller_;  // knows what time it is
  link::ConnectionReporter& next_;
  std::map<link::ConnectionNumber, Record> records_;
};

}  // namespace wscope::report
