// A connection that a client has made, and the case that is carried out on it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "check/case_machine.h"
#include "check/evidence_log.h"
#include "check/seeded_random.h"
#include "check/transcript.h"
#include "http/head_parser.h"
#include "link/loop.h"
#include "net/fd.h"
#include "net/poller.h"
#include "peer/transport.h"
#include "tls/context.h"

namespace wscope::check {

class ServedCase;

/// Who has them.
class ServedCaseOwner {
 public:
  /// A request has come: begin() is to be called, now or later.
  virtual void handle_request(ServedCase& connection, const http::RequestHead& request) = 0;
  /// Its case is over, and so is the connection; or it has ended before it had one. The last call; not to be destroyed
  /// in it.
  virtual void handle_served(ServedCase& connection) = 0;

 protected:
  ~ServedCaseOwner() = default;
};

/// Reads a request, asks which case that is, and carries that out.
class ServedCase final : private net::Pollable {
 public:
  /// `tls` is null for a plain connection. All of them outlive it.
  ServedCase(link::Loop& loop, net::UniqueFd socket, const tls::Context* tls, ServedCaseOwner& owner);
  ~ServedCase();
  ServedCase(const ServedCase&) = delete;
  ServedCase& operator=(const ServedCase&) = delete;

  /// Both outlive it.
  void begin(const Case& one, const Settings& settings);
  /// A case of its own, which no report has.
  void begin_aside(Case one, const Settings& settings);
  /// Before anything has come: all that goes over it is written down. `url`: where it has come to.
  void write_down(const std::string& url) { log_.emplace(Role::client, url, std::chrono::system_clock::now()); }
  /// Once it is over; empty: it was not written down.
  [[nodiscard]] std::string take_log() { return log_ ? log_->take_text() : std::string(); }

  /// The server's name that the client has asked for in TLS; before its case begins.
  void note_server_name(const std::string& name) { server_name_ = name; }
  /// The client has made another connection for its case.
  void note_another();
  /// Whether that is to be opened, and dropped; else it is refused.
  [[nodiscard]] bool drops_others() const noexcept { return machine_ != nullptr && machine_->drops_others(); }
  /// The client is not there any more.
  void note_gone();

  /// From here on the frames of both sides are written down, for a person.
  void write_frames_down() { transcript_.emplace(); }
  /// Empty: it is not written down.
  [[nodiscard]] std::string take_transcript();

  /// Its result is known to whoever wants it: once it is over it may go.
  void let_go() noexcept { held_ = false; }
  [[nodiscard]] bool may_go() const noexcept { return over_ && !held_; }
  /// Whether nothing more happens.
  [[nodiscard]] bool over() const noexcept { return over_; }
  /// Whether it has carried out a case of a report, and there is a result.
  [[nodiscard]] bool has_result() const noexcept { return result_ && !aside_; }
  /// Once it is over, if it had a case.
  [[nodiscard]] const Result& result() const noexcept { return *result_; }
  [[nodiscard]] const Heard& heard() const noexcept { return machine_->heard(); }
  /// Why TLS has failed; empty: it has not.
  [[nodiscard]] const std::string& tls_failure() const noexcept { return tls_failure_; }

 private:
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;

  void read();
  void take(base::Bytes bytes);
  void take_head(base::Bytes bytes);
  void take_end(const net::IoResult& result);
  void drop();
  void write();
  void proceed();
  void finish();
  void wait();

  link::Loop& loop_;
  ServedCaseOwner& owner_;
  peer::Transport transport_;
  net::Poller::Id id_{};
  http::HeadParser parser_;
  std::string early_{};  // what came before it had a case
  std::optional<Case> aside_{};
  SeededRandom random_{0, {}};  // of the case
  std::unique_ptr<CaseMachine> machine_{};
  std::optional<Result> result_{};
  std::optional<EvidenceLog> log_{};
  std::optional<Transcript> transcript_{};
  std::string tls_failure_{};
  std::string server_name_{};
  bool asked_ = false;  // the owner
  bool held_ = false;
  bool ended_ = false;    // what comes
  bool blocked_ = false;  // what goes
  bool over_ = false;
};

}  // namespace wscope::check
