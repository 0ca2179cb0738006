#include "serve/exec_service.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/error.h"

namespace wscope::serve {
namespace {

link::Entry refuse(int status, std::string_view line, http::Headers headers = {}) {
  return {link::Entry::Kind::refuse, link::plain_answer(status, line, std::move(headers)), {}};
}

// What is wrong with the program, rather than with the machine.
bool is_of_program(int error) noexcept { return error == ENOENT || error == EACCES || error == ENOEXEC; }

}  // namespace

ExecService::ExecService(link::Loop& loop, const ExecPlan& plan, ExecOptions options, link::Report& report)
    : loop_(loop),
      plan_(plan),
      options_(std::move(options)),
      room_(process::Program::room_size),
      context_{loop, plan, room_, report, options_.limits},
      timer_(loop.poller.add(-1, {}, *this)) {}

ExecService::~ExecService() { loop_.poller.remove(timer_); }

// --- clients come and go

link::Entry ExecService::handle_request(link::Client& client, const http::RequestHead& request) {
  if (leaving_) return refuse(503, "the server is going away");
  const auto running = std::count_if(sessions_.begin(), sessions_.end(),
                                     [](const auto& entry) { return entry.second->program().running(); });
  if (static_cast<std::uint64_t>(running) >= plan_.most) {
    return refuse(503, "there are too many clients", {{"Retry-After", "1"}});
  }
  process::Launch launch = options_.launch;
  if (!add_request(options_, client, request, loop_.random, launch.environment))
    return refuse(400, "the path cannot be decoded");
  return start_program(client, request, launch);
}

link::Entry ExecService::start_program(link::Client& client, const http::RequestHead& request,
                                       const process::Launch& launch) {
  const link::ConnectionNumber number = client.number();
  auto session = std::make_unique<ExecSession>(context_, number, static_cast<ExecSessionOwner&>(*this));
  std::string what;
  if (const int error = session->start(launch, what); error != 0) {
    server_->warn(client, what + ": " + net::error_text(error));
    return is_of_program(error) ? refuse(500, "the program cannot be started")
                                : refuse(503, "the program cannot be started now", {{"Retry-After", "1"}});
  }
  sessions_.emplace(number, std::move(session));
  const bool waits = plan_.early.has_value();
  const base::TimePoint now = loop_.poller.now();
  if (plan_.format == ExecFormat::json && !plan_.terminal) requests_.emplace(number, request);
  waiting_.emplace(number, Waiting{waits ? now + *plan_.early : now, waits});
  set_timer();
  return {waits ? link::Entry::Kind::wait : link::Entry::Kind::let_in, {}, {}};
}

void ExecService::handle_open(link::Client& client) {
  stop_waiting(client.number());
  const auto request = requests_.extract(client.number());
  ExecSession* const session = find(client);
  if (session == nullptr) return;
  http::Headers headers;
  if (request) session->handle_open(describe_open(options_, client, request.mapped(), headers));
  session->attach(client);
}

void ExecService::handle_control(link::Client& client, const ws::Event& event) {
  if (ExecSession* session = find(client)) session->handle_control(event);
}

void ExecService::handle_message(link::Client& client, const ws::Message& message) {
  if (ExecSession* session = find(client)) session->handle_message(message);
}

void ExecService::handle_progress(link::Client& client) {
  if (ExecSession* session = find(client)) session->handle_progress();
}

void ExecService::handle_gone(link::Client& client) {
  stop_waiting(client.number());
  if (ExecSession* session = find(client)) session->detach(!client.peer().socket_error().empty());
}

ExecSession* ExecService::find(const link::Client& client) const {
  const auto found = sessions_.find(client.number());
  return found != sessions_.end() ? found->second.get() : nullptr;
}

// --- clients that wait

void ExecService::handle_first_output(ExecSession& session) {
  const auto found = waiting_.find(session.number());
  if (found == waiting_.end() || !found->second.for_output) return;
  stop_waiting(session.number());
  if (link::Client* client = server_->find(session.number())) server_->let_in(*client);
  if (!session.has_link()) session.detach(true);
}

void ExecService::handle_over(ExecSession& session) {
  const link::ConnectionNumber number = session.number();
  const bool early = waiting_.contains(number) && !session.has_link();
  const std::string end = session.program().status().text();
  stop_waiting(number);
  requests_.erase(number);
  sessions_.erase(number);
  link::Client* client = early ? server_->find(number) : nullptr;
  if (client == nullptr) return;
  server_->warn(*client, "the program has ended before it said anything: " + end);
  server_->refuse(*client, link::plain_answer(502, "the program has ended"));
}

void ExecService::stop_waiting(link::ConnectionNumber number) {
  if (waiting_.erase(number) > 0) set_timer();
}

void ExecService::set_timer() {
  std::optional<base::TimePoint> first;
  for (const auto& [number, waiting] : waiting_) first = base::earlier(first, waiting.until);
  loop_.poller.set_deadline(timer_, first);
}

// Also for who was to be let in and was not after all: nobody says so.
void ExecService::handle_deadline(net::Poller::Id, base::TimePoint now) {
  std::vector<link::ConnectionNumber> due;
  for (const auto& [number, waiting] : waiting_) {
    if (waiting.until <= now) due.push_back(number);
  }
  for (const link::ConnectionNumber number : due) {
    const bool for_output = waiting_.at(number).for_output;
    waiting_.erase(number);
    link::Client* client = server_->find(number);
    if (for_output && client != nullptr) server_->let_in(*client);
    const auto session = sessions_.find(number);
    if (session != sessions_.end() && !session->second->has_link()) session->second->detach(true);
  }
  set_timer();
}

// --- programs

void ExecService::look_at_programs() {
  std::vector<link::ConnectionNumber> all;
  for (const auto& [number, session] : sessions_) all.push_back(number);
  for (const link::ConnectionNumber number : all) {
    const auto session = sessions_.find(number);
    if (session != sessions_.end()) session->second->look();
  }
}

void ExecService::resume() {
  if (!errors_wait_ || !context_.report.has_room()) return;
  errors_wait_ = false;
  for (const auto& [number, session] : sessions_) session->resume_errors();
}

void ExecService::leave() {
  leaving_ = true;
  for (const auto& [number, session] : sessions_) session->leave_with_all(patience_with_all);
}

void ExecService::kill() noexcept {
  for (const auto& [number, session] : sessions_) session->kill();
}

}  // namespace wscope::serve
