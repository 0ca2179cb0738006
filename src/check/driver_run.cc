// A client that says which case it wants, as the Autobahn testsuite has it.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "check/client_run.h"
#include "check/driver.h"
#include "check/progress.h"
#include "check/suite.h"
#include "view/escape.h"

namespace wscope::check {
namespace {

class DriverRun final : public ClientRun {
 public:
  DriverRun(const Means& means, std::vector<Case> cases)
      : ClientRun(means),
        settings_(settings()),
        cases_(std::move(cases)),
        progress_(means.loop.errors, means.plan.verbosity < 2) {
    settings_.echo = plan().echo != Echo::no;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const bool is_asked_for =
          !cases_[i].program.empty() && !cases_[i].wants_program() && (settings_.echo || !cases_[i].wants_echo());
      if (is_asked_for) asked_for_.push_back(&cases_[i]);
    }
  }

 private:
  struct Agent {
    std::unique_ptr<Suite> suite{};
    base::TimePoint begun{};
    std::size_t running = 0;
    bool changed = false;  // since it was reported
  };
  // A case on a connection.
  struct Running {
    std::string agent;
    std::size_t index;
  };
  // Who has asked for what has not ended.
  struct Held {
    ServedCase* connection;
    std::string agent;
  };

  void begin() override { loop().errors.print("waiting for clients at " + url() + "\n"); }

  void advance() override {
    std::vector<Held> held = std::exchange(held_, {});
    for (Held& one : held) {
      if (agents_[one.agent].running > 0) {
        held_.push_back(std::move(one));
      } else {
        say(*one.connection, R"({"behavior":"OK"})");
      }
    }
  }

  [[nodiscard]] bool over() const override { return stops_ && last_ == nullptr; }

  void conclude() override {
    for (auto& [name, agent] : agents_) report(name, agent);
  }

  void say(ServedCase& connection, const std::string& text) { connection.begin_aside(answering_case(text), aside()); }

  Agent& agent_of(const std::string& name) {
    Agent& agent = agents_[name];
    if (agent.suite == nullptr) {
      agent.suite = std::make_unique<Suite>(cases_, settings_, 0);
      agent.begun = now();
    }
    return agent;
  }

  void handle_request(ServedCase& connection, const http::RequestHead& request) override {
    const auto wanted = read_driver_target(request.target, asked_for_);
    if (!wanted) return refuse(connection, 400, wanted.error().message);
    using Kind = DriverRequest::Kind;
    switch (wanted->kind) {
      case Kind::case_count:
        return say(connection, std::to_string(asked_for_.size()));
      case Kind::case_info:
        return say(connection, info_of(*asked_for_[wanted->index]));
      case Kind::run_case:
        return run_case(connection, *wanted);
      case Kind::case_status:
        held_.push_back({&connection, wanted->agent});
        return wake_at(net::Poller::at_once);
      case Kind::update_reports:
        report(wanted->agent, agent_of(wanted->agent));
        if (wanted->shuts_down) stop_after(connection);
        return say(connection, "");
      case Kind::stop_server:
        stop_after(connection);
        return say(connection, "");
    }
  }

  void run_case(ServedCase& connection, const DriverRequest& wanted) {
    Agent& agent = agent_of(wanted.agent);
    const auto index = static_cast<std::size_t>(asked_for_[wanted.index] - cases_.data());
    ++agent.running;
    agent.changed = true;
    running_[&connection] = {wanted.agent, index};
    connection.note_server_name(server_name());
    connection.begin(agent.suite->cases()[index], settings_);
  }

  // Once that one is over.
  void stop_after(const ServedCase& connection) {
    stops_ = true;
    last_ = &connection;
  }

  void handle_door_case(ServedCase&, const std::string&) override {}

  void handle_served(ServedCase& connection) override {
    connection.let_go();
    if (&connection == last_) last_ = nullptr;
    std::erase_if(held_, [&connection](const Held& one) { return one.connection == &connection; });
    const auto found = running_.find(&connection);
    if (found == running_.end()) return;
    const Running done = std::move(found->second);
    running_.erase(found);
    Agent& agent = agents_[done.agent];
    --agent.running;
    note_evidence(connection.result(), connection);
    tell_frames(agent.suite->cases()[done.index].id + " of " + view::escape(done.agent), connection);
    agent.suite->finished(agent.suite->begin(done.index, now()), connection.result(), connection.heard(), now());
    progress_.show(*agent.suite, now());
    wake_at(net::Poller::at_once);
  }

  void report(const std::string& name, Agent& agent) {
    if (agent.suite == nullptr || !std::exchange(agent.changed, false)) return;
    progress_.clear();
    agent.suite->conclude("the client has not asked for it");
    Facts about = facts();
    about.agent = name;
    about.cases = agent.suite->cases().size();
    about.connections = about.cases;
    about.echo = settings_.echo;
    outputs().begin(about);
    Totals totals;
    for (const auto& one : agent.suite->results()) {
      const Result result = compared(*one);
      totals.add(result);
      outputs().add(result);
    }
    totals.elapsed = now() - agent.begun;
    count(totals);
    outputs().end(totals, false);
  }

  Settings settings_;
  std::vector<Case> cases_;
  std::vector<const Case*> asked_for_{};
  std::map<std::string, Agent> agents_{};
  std::map<const ServedCase*, Running> running_{};
  std::vector<Held> held_{};
  const ServedCase* last_ = nullptr;
  bool stops_ = false;
  Progress progress_;
};

}  // namespace

base::Result<std::unique_ptr<ClientRun>> make_driver_run(const ClientRun::Means& means) {
  auto cases = select_cases(means.plan.selection, Role::client, means.identities.right.has_value());
  if (!cases) return std::move(cases).error();
  return std::unique_ptr<ClientRun>(std::make_unique<DriverRun>(means, *std::move(cases)));
}

}  // namespace wscope::check
