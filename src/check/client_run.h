// wscope check --listen: the cases for clients, on the connections that they make.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check/client_identities.h"
#include "check/door.h"
#include "check/evidence.h"
#include "check/plan.h"
#include "check/report.h"
#include "check/report_output.h"
#include "check/served_case.h"
#include "check/settings.h"
#include "link/listeners.h"
#include "link/loop.h"
#include "net/signals.h"
#include "peer/listener.h"
#include "streams/outcome.h"

namespace wscope::check {

/// Checks a client: a program that is started once a case, or one that comes of itself and says which case it wants, as
/// the Autobahn testsuite has it. Exit status 11: something has failed.
[[nodiscard]] streams::Outcome check_clients(link::Loop& loop, const CheckPlan& plan);

/// What both have in common: it listens, holds the connections, and has reports.
class ClientRun : protected net::Pollable, private peer::ListenerOwner, protected ServedCaseOwner, private DoorOwner {
 public:
  /// All of it outlives it.
  struct Means {
    link::Loop& loop;
    const CheckPlan& plan;
    net::Signals& signals;
    ReportOutputs& outputs;
    const ClientIdentities& identities;
    Evidence* evidence = nullptr;  ///< none is wanted
  };
  explicit ClientRun(const Means& means);
  virtual ~ClientRun();
  ClientRun(const ClientRun&) = delete;
  ClientRun& operator=(const ClientRun&) = delete;

  [[nodiscard]] streams::Outcome run();

 protected:
  /// It listens now.
  virtual void begin() = 0;
  /// Once a turn.
  virtual void advance() = 0;
  /// Nothing is to come any more.
  [[nodiscard]] virtual bool over() const = 0;
  /// Reports what there is to report.
  virtual void conclude() = 0;
  virtual void handle_child_signal() {}
  /// A client has come to the place of its own that this case has.
  virtual void handle_door_case(ServedCase& connection, const std::string& id) = 0;

  [[nodiscard]] link::Loop& loop() noexcept { return means_.loop; }
  [[nodiscard]] const CheckPlan& plan() const noexcept { return means_.plan; }
  [[nodiscard]] ReportOutputs& outputs() noexcept { return means_.outputs; }
  [[nodiscard]] base::TimePoint now() const noexcept { return means_.loop.poller.now(); }
  /// "ws://127.0.0.1:9001", without a slash.
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  /// Where the client of a case is to go.
  [[nodiscard]] std::string url_of(const std::string& id) const;
  [[nodiscard]] bool is_secure() const noexcept { return means_.identities.right.has_value(); }
  /// That the client which has come last has asked for in TLS.
  [[nodiscard]] const std::string& server_name() const noexcept { return server_name_; }
  /// What went over the wire, if that is wanted.
  void tell_frames(const std::string& title, ServedCase& connection);
  /// What the head of reports has.
  [[nodiscard]] Facts facts() const;
  [[nodiscard]] Settings settings() const;
  /// Wakes up then, for advance().
  void wake_at(std::optional<base::TimePoint> at);
  void fail(base::Error error);
  [[nodiscard]] bool stopped() const noexcept { return error_ || signal_ || timed_out_; }
  [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }
  /// A result as it is reported: with what the baseline says of it.
  [[nodiscard]] Result compared(Result result);
  /// A case is over with this result: what it leaves behind is kept.
  void note_evidence(const Result& result, ServedCase& connection);
  /// Counted for the exit status.
  void count(const Totals& totals) noexcept;
  /// A connection for which there is nothing to do.
  void refuse(ServedCase& connection, int status, const std::string& why);
  [[nodiscard]] const Settings& aside() const noexcept { return aside_; }

 private:
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  void handle_accepted(net::UniqueFd socket, const net::SocketAddress& client) override;
  void handle_door(Door& door, net::UniqueFd socket) override;
  ServedCase& add_connection(net::UniqueFd socket, const tls::Context* tls);
  [[nodiscard]] std::string url_at(const net::SocketAddress& address) const;
  void handle_exhausted(int) override {}
  void handle_recovered() override {}

  [[nodiscard]] base::Result<void> listen();
  [[nodiscard]] streams::Outcome outcome();

  Means means_;
  base::TimePoint begun_;
  link::Listeners listeners_;
  std::vector<std::unique_ptr<Door>> doors_{};
  net::Poller::Id timer_;
  std::string url_{};
  std::string server_name_{};
  std::uint64_t seed_;
  Settings aside_{};  // of connections that are no case of a report
  std::vector<std::unique_ptr<ServedCase>> connections_{};
  std::optional<base::TimePoint> wakes_at_{};
  std::optional<base::Error> error_{};
  std::optional<int> signal_{};
  bool timed_out_ = false;
  bool is_bad_ = false;
  std::string new_baseline_{};
};

/// A program a case: plan.program.
[[nodiscard]] base::Result<std::unique_ptr<ClientRun>> make_program_run(const ClientRun::Means& means);
/// Clients that say which case they want.
[[nodiscard]] base::Result<std::unique_ptr<ClientRun>> make_driver_run(const ClientRun::Means& means);

}  // namespace wscope::check
