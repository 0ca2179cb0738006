// A case on a real connection.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "check/case_machine.h"
#include "check/evidence.h"
#include "check/evidence_log.h"
#include "check/seeded_random.h"
#include "check/transcript.h"
#include "link/connector.h"
#include "link/loop.h"
#include "net/poller.h"
#include "peer/dialer.h"
#include "peer/transport.h"
#include "tls/context.h"
#include "tls/offer.h"

namespace wscope::check {

class CaseConnection;

/// Who has cases carried out.
class CaseOwner {
 public:
  /// The case is over. The connection may be started again in this call, but not destroyed.
  virtual void handle_case_over(CaseConnection& connection, const Result& result, const Heard& heard) = 0;
  /// There was no connection for it.
  virtual void handle_no_connection(CaseConnection& connection, const base::Error& error) = 0;

 protected:
  ~CaseOwner() = default;
};

/// Carries out one case after the other, each on a connection of its own, as a ConnectPlan says.
class CaseConnection final : private net::Pollable, private peer::DialerOwner {
 public:
  /// All of them outlive it.
  CaseConnection(link::Loop& loop, const link::ConnectPlan& plan, const http::Url& url, bool directly,
                 CaseOwner& owner);
  ~CaseConnection();
  CaseConnection(const CaseConnection&) = delete;
  CaseConnection& operator=(const CaseConnection&) = delete;

  /// Begins, once the one before is over; it is heard of from the loop. Both outlive it.
  void start(const Case& one, const Settings& settings);
  /// The case that is carried out; null: none.
  [[nodiscard]] const Case* current() const noexcept { return case_; }
  /// Ends without a word.
  void stop();
  /// From here on what goes over the connections is written down.
  void write_down() { transcript_.emplace(); }
  /// That of the latest case; empty: it is not written down.
  [[nodiscard]] std::string take_transcript();
  /// From here on it is told what cases leave behind; it outlives this. The settings say that steps are kept.
  void keep_evidence(Evidence& evidence) noexcept { evidence_ = &evidence; }
  /// Of the latest connection: "TLS 1.3, ALPN http/1.1"; empty: it had no TLS.
  [[nodiscard]] const std::string& tls_words() const noexcept { return tls_words_; }

 private:
  void handle_attempt(const net::SocketAddress&) override {}
  [[nodiscard]] base::Result<void> dial();
  [[nodiscard]] base::Result<void> dial_with(const tls::Offer& offer);
  void tell(const Result& result);
  void handle_dialed(base::Result<peer::Dialed> dialed) override;
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;

  void read();
  void write();
  void proceed();
  void finish();
  void wait();

  link::Loop& loop_;
  const link::ConnectPlan& plan_;
  const http::Url& url_;
  bool directly_;
  CaseOwner& owner_;
  link::Connector connector_;
  // Of a case that is about the connection itself.
  std::optional<link::ConnectPlan> other_plan_{};
  std::optional<link::Connector> other_connector_{};
  http::Url other_url_{};
  std::optional<tls::Context> other_context_{};
  peer::Dialer other_dialer_;
  net::Poller::Id id_;
  net::Poller::Id timer_;
  peer::Transport transport_;
  SeededRandom random_{0, {}};  // of the case
  std::unique_ptr<CaseMachine> machine_;
  const Case* case_ = nullptr;
  const Settings* settings_ = nullptr;
  std::optional<base::Error> error_;  // there is no way to connect
  bool ended_ = false;                // what comes
  bool blocked_ = false;              // what goes
  std::string tls_words_{};
  std::optional<Transcript> transcript_;
  Evidence* evidence_ = nullptr;
  std::optional<EvidenceLog> log_;
};

}  // namespace wscope::check
