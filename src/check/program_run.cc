// A client that is a program, started once a case.
#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "check/client_program.h"
#include "check/client_run.h"
#include "check/driver.h"
#include "check/progress.h"
#include "check/suite.h"
#include "net/error.h"
#include "view/escape.h"

namespace wscope::check {
namespace {

// For a program to begin, and to connect.
constexpr base::Duration to_connect = std::chrono::seconds(10);
constexpr base::Duration for_echo = std::chrono::seconds(1);
constexpr Row echo_row{"echo", "C M", "-", "a text", "the same back", "text {sample} | echoed"};

class ProgramRun final : public ClientRun, private ClientProgramOwner {
 public:
  ProgramRun(const Means& means, std::vector<Case> cases)
      : ClientRun(means),
        room_(process::Program::room_size),
        settings_(settings()),
        echo_settings_(settings_),
        cases_(std::move(cases)),
        slots_(means.plan.jobs),
        progress_(means.loop.errors, means.plan.verbosity < 2) {
    echo_settings_.case_timeout = for_echo;
  }

 private:
  // A program that runs, and what it runs for.
  struct Slot {
    std::optional<Suite::Task> task{};
    std::unique_ptr<ClientProgram> program{};
    ServedCase* connection = nullptr;
    base::TimePoint begun{};
    bool left = false;  // it was told to go
  };

  void begin() override {
    if (plan().echo != Echo::find_out) return begin_suite();
    start(slots_.front(), Suite::Task{&echo_, nullptr, false, {}});
  }

  void begin_suite() {
    suite_.emplace(std::move(cases_), settings_, plan().retries);
    begun_ = now();
    Facts about = facts();
    about.cases = suite_->cases().size();
    about.connections = suite_->connections();
    about.jobs = plan().jobs;
    about.echo = settings_.echo;
    outputs().begin(about);
  }

  void advance() override {
    for (Slot& slot : slots_) {
      conclude_if_over(slot);
      if (slot.task && !slot.connection && !slot.left && now() >= slot.begun + to_connect) leave(slot);
    }
    if (!suite_) return wake();
    for (Slot& slot : slots_) {
      if (slot.task || stopped()) continue;
      const auto task = suite_->next(now());
      if (!task) break;
      start(slot, *task);
    }
    report_results();
    progress_.show(*suite_, now());
    wake();
  }

  void wake() {
    std::optional<base::TimePoint> at = suite_ ? suite_->deadline() : std::nullopt;
    for (const Slot& slot : slots_) {
      if (slot.task && !slot.connection && !slot.left) at = base::earlier(at, slot.begun + to_connect);
    }
    wake_at(suite_ ? base::earlier(at, progress_.deadline(now())) : at);
  }

  void start(Slot& slot, const Suite::Task& task) {
    auto launch = launch_of_client(plan().program, url_of(task.one->id));
    if (!launch) return fail(std::move(launch).error());
    slot = Slot{};
    slot.task = task;
    slot.begun = now();
    ClientProgramOwner& owner = *this;
    slot.program = std::make_unique<ClientProgram>(loop().poller, room_, owner);
    std::string what;
    if (const int number = slot.program->start(*launch, what); number != 0) {
      slot.program.reset();
      fail(net::system_error(what, number));
    }
  }

  static void leave(Slot& slot) {
    if (std::exchange(slot.left, true)) return;
    if (slot.program) slot.program->leave();
  }

  // The path is the id of the case; a client that has a path of its own has to come alone.
  [[nodiscard]] Slot* slot_of(const http::RequestHead& request) {
    const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
    const auto found = std::find_if(slots_.begin(), slots_.end(), [path](const Slot& slot) {
      return slot.task && path.size() > 1 && path.substr(1) == slot.task->one->id;
    });
    if (found != slots_.end()) return &*found;
    const auto is_busy = [](const Slot& slot) { return slot.task.has_value(); };
    if (std::count_if(slots_.begin(), slots_.end(), is_busy) != 1) return nullptr;
    return &*std::find_if(slots_.begin(), slots_.end(), is_busy);
  }

  void handle_request(ServedCase& connection, const http::RequestHead& request) override {
    Slot* const slot = slot_of(request);
    if (slot == nullptr || slot->left) {
      return refuse(connection, slot == nullptr ? 404 : 503, "this path is no case that is waited for");
    }
    if (slot->connection != nullptr) {
      const bool drops = slot->connection->drops_others();
      slot->connection->note_another();
      if (drops) return connection.begin_aside(dropping_case(), aside());
      return refuse(connection, 503, "the case has its connection");
    }
    slot->connection = &connection;
    connection.note_server_name(server_name());
    connection.begin(*slot->task->one, suite_ ? settings_ : echo_settings_);
  }

  void handle_door_case(ServedCase& connection, const std::string& id) override {
    const auto found = std::find_if(slots_.begin(), slots_.end(), [&id](const Slot& slot) {
      return slot.task && slot.task->one->id == id && slot.connection == nullptr && !slot.left;
    });
    if (found == slots_.end()) return;  // the client tries again
    found->connection = &connection;
    connection.begin(*found->task->one, settings_);
  }

  void handle_served(ServedCase& connection) override {
    if (!connection.has_result() && !connection.tls_failure().empty()) tls_failure_ = connection.tls_failure();
    const auto found = std::find_if(slots_.begin(), slots_.end(),
                                    [&connection](const Slot& slot) { return slot.connection == &connection; });
    if (found == slots_.end()) return connection.let_go();
    leave(*found);
  }

  void handle_program_over(ClientProgram&) override {}

  void handle_child_signal() override {
    for (Slot& slot : slots_) {
      if (slot.program) slot.program->look();
    }
  }

  // The result is told once the program is gone, as it may have died of the case.
  void conclude_if_over(Slot& slot) {
    if (!slot.task || !slot.program || !slot.program->over()) return;
    if (slot.connection != nullptr && !slot.connection->over()) slot.connection->note_gone();
    if (slot.connection != nullptr && !slot.connection->over()) return;
    const Slot done = std::exchange(slot, Slot{});
    if (done.connection != nullptr) {
      if (suite_) tell_frames(done.task->one->id, *done.connection);
      done.connection->let_go();
    }
    if (!suite_) return finish_echo(done);
    if (done.connection == nullptr) {
      return suite_->no_connection(*done.task, {base::ErrorKind::connect, why_not_connected(done)}, now());
    }
    Result result = done.connection->result();
    if (done.program->crashed()) {
      result.verdict = Verdict::fail;
      result.seen = "the client died: " + done.program->end_words();
    }
    note_evidence(result, *done.connection);
    suite_->finished(*done.task, std::move(result), done.connection->heard(), now());
  }

  std::string why_not_connected(const Slot& slot) {
    const std::string tls_failure = std::exchange(tls_failure_, {});
    if (!tls_failure.empty()) return "TLS has failed: " + view::escape(tls_failure);
    if (slot.left)
      return fmt::format("the program did not connect in {} s",
                         std::chrono::duration_cast<std::chrono::seconds>(to_connect).count());
    return "the program ended before it connected (" + slot.program->end_words() + ")";
  }

  void finish_echo(const Slot& slot) {
    if (slot.connection == nullptr) {
      return fail({base::ErrorKind::connect, plan().program.front() + ": " + why_not_connected(slot),
                   "{url} in its words is replaced by the URL, which is also in WSCOPE_URL"});
    }
    settings_.echo = slot.connection->result().verdict == Verdict::pass;
    begin_suite();
  }

  void report_results() {
    const auto& results = suite_->results();
    if (reported_ < results.size() && results[reported_]) progress_.clear();
    for (; reported_ < results.size() && results[reported_]; ++reported_) {
      const Result result = compared(*results[reported_]);
      totals_.add(result);
      outputs().add(result);
    }
  }

  [[nodiscard]] bool over() const override { return suite_ && suite_->over(); }

  void conclude() override {
    if (!suite_) return;
    if (timed_out()) suite_->give_up("the time is over (--timeout)");
    report_results();
    progress_.clear();
    totals_.elapsed = now() - begun_;
    count(totals_);
    outputs().end(totals_, reported_ < suite_->results().size());
  }

  std::vector<std::byte> room_;
  Settings settings_;
  Settings echo_settings_;
  std::vector<Case> cases_;  // until the suite has them
  Case echo_{nullptr, &echo_row, std::string(echo_row.id), std::string(echo_row.program)};
  std::optional<Suite> suite_{};
  std::vector<Slot> slots_;
  base::TimePoint begun_{};
  std::string tls_failure_{};  // of the latest connection on which no request has come
  std::size_t reported_ = 0;
  Totals totals_{};
  Progress progress_;
};

}  // namespace

base::Result<std::unique_ptr<ClientRun>> make_program_run(const ClientRun::Means& means) {
  auto cases = select_cases(means.plan.selection, Role::client, means.identities.right.has_value());
  if (!cases) return std::move(cases).error();
  if (auto launch = launch_of_client(means.plan.program, ""); !launch) return std::move(launch).error();
  return std::unique_ptr<ClientRun>(std::make_unique<ProgramRun>(means, *std::move(cases)));
}

}  // namespace wscope::check
