// What is known of every connection of the REPL, for /status.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "http/headers.h"
#include "link/connections.h"
#include "link/happening.h"
#include "net/poller.h"
#include "report/recording.h"
#include "report/transcript.h"

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
  bool refused = false;  ///< a client that was not let in
  std::string tls{};
  std::string sent_head{};      ///< safe for a terminal, secrets masked
  std::string received_head{};  ///< the same
  int status = 0;               ///< of the answer to the upgrade
  http::Headers headers{};      ///< of that, or, of a client, of its request; with secrets
  std::optional<base::TimePoint> opened{};
  std::optional<base::TimePoint> asked{};  ///< when our last message went that no other has come behind
  Traffic sent{};
  Traffic received{};
  std::uint64_t pongs = 0;  ///< that have answered our Pings
  base::Duration least_round_trip{};
  base::Duration latest_round_trip{};
  base::Duration most_round_trip{};
};

/// Hears of everything, keeps what is worth it, has a transcript, and tells another reporter. Of a client that was
/// never let in it keeps nothing beyond its end; any other connection is to be forgotten by whoever hears of its end.
class Journal final : public link::Report {
 public:
  /// Both outlive it.
  Journal(const net::Poller& poller, link::Report& next) : poller_(poller), next_(next) {}

  /// As lines for a person; none if nothing has happened on it.
  [[nodiscard]] std::string describe(link::ConnectionNumber connection) const;
  /// Also of the last attempt that did not come to an open connection, which is remembered.
  void forget(link::ConnectionNumber connection);
  /// Both heads of an open connection, or else of the last attempt that failed, ours or that of a client which was
  /// refused, as lines for a person; none if there was neither.
  [[nodiscard]] std::string describe_handshake(std::optional<link::ConnectionNumber> connection) const;

  /// Null if nothing has happened on it, or it is forgotten.
  [[nodiscard]] const Record* find(link::ConnectionNumber connection) const {
    const auto found = records_.find(connection);
    return found == records_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const Transcript& transcript() const noexcept { return transcript_; }
  /// Makes a recording of the transcript and of what comes, in place of the one that there was; how many entries there
  /// are in it by now. Its URL is that of the connection in use. An error as Recording has it.
  [[nodiscard]] base::Result<std::size_t> record(const std::string& path, const link::Use& use);
  /// The path of the recording that is at its end; empty: there was none.
  std::string stop_recording();

  [[nodiscard]] link::Interests interests() const noexcept override;
  [[nodiscard]] bool has_room() const noexcept override { return next_.has_room(); }
  void flush() override { next_.flush(); }

  void report(link::ConnectionNumber connection, const link::Happening& happening) override;

 private:
  void keep(link::ConnectionNumber connection, const link::Received& received);
  void keep(link::ConnectionNumber connection, const link::Sent& sent);
  void keep(link::ConnectionNumber connection, const link::Heard& heard);
  void keep(link::ConnectionNumber connection, const link::Connecting& attempt);
  void keep(link::ConnectionNumber connection, const link::Secured& secured);
  void keep(link::ConnectionNumber connection, const link::Opened& opened);
  void keep(link::ConnectionNumber connection, const link::Refused& refusal);
  void keep(link::ConnectionNumber connection, const link::HeadSeen& seen);
  void keep(link::ConnectionNumber connection, const link::FrameSeen& seen);
  void note_failure(const Record& record);
  void keep_control(link::ConnectionNumber connection, const wire::Frame& frame);
  const Entry& keep_entry(Entry entry, base::Bytes payload);
  void keep_whole(Entry entry, base::Bytes payload) { record(keep_entry(std::move(entry), payload), payload); }
  void record(const Entry& entry, base::Bytes payload);

  const net::Poller& poller_;  // knows what time it is
  link::Report& next_;
  std::map<link::ConnectionNumber, Record> records_;
  std::optional<Record> failed_;  // the last attempt that did
  Transcript transcript_;
  std::optional<Recording> recording_;
};

}  // namespace wscope::report
