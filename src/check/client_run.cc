#include "check/client_run.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "check/driver.h"
#include "check/seeded_random.h"
#include "tls/authority.h"

namespace wscope::check {
namespace {

constexpr int not_met = 11;

streams::Outcome failure(base::Error error) {
  streams::Outcome outcome;
  outcome.fail(std::move(error));
  return outcome;
}

}  // namespace

ClientRun::ClientRun(const Means& means)
    : means_(means),
      begun_(means.loop.poller.now()),
      listeners_(means.loop.poller, *this),
      timer_(means.loop.poller.add(means.signals.fd(), {.readable = true}, *this)),
      seed_(choose_seed(means.plan.seed, means.loop.random)) {
  aside_ = settings();
  if (is_secure()) tls::watch_server_names(*means_.identities.right, server_name_);
}

ClientRun::~ClientRun() { means_.loop.poller.remove(timer_); }

Facts ClientRun::facts() const {
  Facts facts;
  facts.url = "--listen " + url_.substr(url_.find("//") + 2);
  facts.role = Role::client;
  facts.agent = plan().agent;
  facts.seed = seed_;
  facts.seed_given = plan().seed.has_value();
  return facts;
}

Settings ClientRun::settings() const {
  Settings settings;
  settings.role = Role::client;
  settings.secure = is_secure();
  settings.starts_program = !plan().program.empty();
  settings.vouches = means_.identities.wrong.size() > 1;
  settings.say = plan().say;
  if (plan().sample) settings.sample = *plan().sample;
  settings.echo = plan().echo == Echo::yes;
  settings.deflate = true;  // each connection says whether it is so
  settings.case_timeout = plan().case_timeout;
  settings.seed = seed_;
  return settings;
}

base::Result<void> ClientRun::listen() {
  if (auto listening = listeners_.listen(*plan().listens); !listening) return listening;
  url_ = url_at(listeners_.first_address());
  if (plan().program.empty()) return {};
  for (const WrongIdentity& wrong : means_.identities.wrong) {
    DoorOwner& owner = *this;
    doors_.push_back(std::make_unique<Door>(loop().poller, wrong.id, wrong.context, owner));
    if (auto listening = doors_.back()->listen(*plan().listens); !listening) return listening;
  }
  return {};
}

// Over TLS with a name if it can be, as that is what certificates are for.
std::string ClientRun::url_at(const net::SocketAddress& address) const {
  if (!is_secure()) return "ws://" + address.text();
  const std::string& host = plan().listens->host;
  const bool is_local = address.is_loopback() || host == "0.0.0.0" || host == "::";
  if (!is_local || !means_.identities.has_name) return "wss://" + address.text();
  return fmt::format("wss://localhost:{}", address.port());
}

std::string ClientRun::url_of(const std::string& id) const {
  const auto found = std::find_if(doors_.begin(), doors_.end(), [&id](const auto& door) { return door->id() == id; });
  return (found == doors_.end() ? url_ : url_at((*found)->address())) + '/' + id;
}

streams::Outcome ClientRun::run() {
  if (auto listening = listen(); !listening) return failure(std::move(listening).error());
  begin();
  outputs().flush();
  while (true) {
    if (plan().timeout != base::Duration::zero() && now() >= begun_ + plan().timeout) timed_out_ = true;
    if (!stopped()) advance();
    std::erase_if(connections_, [](const auto& one) { return one->may_go(); });
    outputs().flush();
    if (stopped() || over() || outputs().reader_gone()) break;
    auto at = wakes_at_;
    if (plan().timeout != base::Duration::zero()) at = base::earlier(at, begun_ + plan().timeout);
    loop().poller.set_deadline(timer_, at);
    if (auto turned = loop().poller.run_once(); !turned) return failure(std::move(turned).error());
  }
  listeners_.clear();
  doors_.clear();
  if (!error_) conclude();
  while (outputs().waiting()) {
    outputs().flush();
    if (!outputs().waiting()) break;
    if (auto turned = loop().poller.run_once(); !turned) break;
  }
  return outcome();
}

streams::Outcome ClientRun::outcome() {
  streams::Outcome outcome;
  if (signal_) outcome.end(streams::exit_status_of_signal(*signal_));
  if (outputs().reader_gone()) outcome.end(0);
  if (auto error = outputs().error()) outcome.fail(*std::move(error));
  if (means_.evidence != nullptr && means_.evidence->error()) outcome.fail(*means_.evidence->error());
  if (!plan().new_baseline.empty() && !error_ && !signal_) {
    const std::string head = "# wscope check " + facts().url + "\n";
    if (auto written = write_file(plan().new_baseline, head + new_baseline_); !written) {
      outcome.fail(std::move(written).error());
    }
  }
  if (error_) outcome.fail(*std::move(error_));
  if (timed_out_) outcome.fail({base::ErrorKind::timeout, "not over in time (--timeout)"});
  if (is_bad_) outcome.end(not_met);
  return outcome;
}

void ClientRun::wake_at(std::optional<base::TimePoint> at) { wakes_at_ = at; }

void ClientRun::fail(base::Error error) {
  if (!error_) error_ = std::move(error);
}

Result ClientRun::compared(Result result) {
  if (plan().baseline) {
    result.expected = plan().baseline->expects(result);
    result.better = plan().baseline->is_better(result);
  }
  new_baseline_ += baseline_line(result);
  if (means_.evidence != nullptr) means_.evidence->add(result);
  return result;
}

void ClientRun::note_evidence(const Result& result, ServedCase& connection) {
  if (means_.evidence != nullptr) means_.evidence->note(result, connection.take_log(), std::nullopt);
}

void ClientRun::count(const Totals& totals) noexcept {
  const std::size_t expected_warned = totals.expected - totals.expected_failed;
  if (totals.failed + totals.errors > totals.expected_failed) is_bad_ = true;
  if (plan().strict_baseline && totals.better > 0) is_bad_ = true;
  if (plan().level != Level::must && totals.warned > expected_warned) is_bad_ = true;
  if (plan().level == Level::info && totals.findings > 0) is_bad_ = true;
}

void ClientRun::refuse(ServedCase& connection, int status, const std::string& why) {
  connection.begin_aside(refusing_case(status, why), aside_);
}

void ClientRun::handle_ready(net::Poller::Id, net::Readiness) {
  while (const auto number = means_.signals.take()) {
    if (*number == SIGCHLD) {
      handle_child_signal();
    } else {
      signal_ = *number;
    }
  }
}

ServedCase& ClientRun::add_connection(net::UniqueFd socket, const tls::Context* tls) {
  ServedCaseOwner& owner = *this;
  connections_.push_back(std::make_unique<ServedCase>(loop(), std::move(socket), tls, owner));
  if (plan().verbosity > 1) connections_.back()->write_frames_down();
  if (means_.evidence != nullptr) connections_.back()->write_down(url_);
  return *connections_.back();
}

void ClientRun::handle_accepted(net::UniqueFd socket, const net::SocketAddress&) {
  const auto& right = means_.identities.right;
  add_connection(std::move(socket), right ? &*right : nullptr);
}

void ClientRun::handle_door(Door& door, net::UniqueFd socket) {
  handle_door_case(add_connection(std::move(socket), &door.context()), door.id());
}

void ClientRun::tell_frames(const std::string& title, ServedCase& connection) {
  const std::string transcript = connection.take_transcript();
  if (!transcript.empty()) loop().errors.print("* " + title + "\n" + transcript);
}

streams::Outcome check_clients(link::Loop& loop, const CheckPlan& plan) {
  const auto identities = make_identities(plan);
  if (!identities) return failure(identities.error());
  auto signals = net::Signals::install({SIGINT, SIGTERM, SIGCHLD});
  if (!signals) return failure(std::move(signals).error());
  ReportOutputs outputs(loop.poller, plan.verbosity);
  for (const ReportTarget& target : plan.reports) {
    if (auto opened = outputs.open(target); !opened) return failure(std::move(opened).error());
  }
  std::optional<Evidence> evidence;
  if (!plan.evidence.empty()) {
    evidence.emplace(plan.evidence, Role::client);
    if (auto opened = evidence->open(); !opened) return failure(std::move(opened).error());
  }
  const ClientRun::Means means{loop, plan, *signals, outputs, *identities, evidence ? &*evidence : nullptr};
  auto run = plan.program.empty() ? make_driver_run(means) : make_program_run(means);
  if (!run) return failure(std::move(run).error());
  return (*run)->run();
}

}  // namespace wscope::check
