#include "serve/exec_shared_service.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>
#include <variant>

#include "net/error.h"
#include "serve/exec_report.h"

namespace wscope::serve {
namespace {

// Of the server itself.
constexpr link::ConnectionNumber server_itself = 0;
// What is kept for the next event; a larger block goes.
constexpr std::size_t kept_memory = std::size_t{64} << 10;

view::Stamp stamp(link::ConnectionNumber number) { return {std::chrono::system_clock::now(), number}; }

}  // namespace

ExecSharedService::ExecSharedService(link::Loop& loop, const ExecPlan& plan, ExecOptions options, link::Report& report)
    : loop_(loop),
      plan_(plan),
      options_(std::move(options)),
      report_(report),
      room_(process::Program::room_size),
      program_(loop.poller, room_, plan.patience, static_cast<process::ProgramOwner&>(*this), &loop.held),
      output_({.format = ExecFormat::json, .longest_held = link::longest_held(options_.limits)}) {}

base::Result<void> ExecSharedService::start() {
  std::string what;
  if (const int error = program_.start(options_.launch, what); error != 0) return net::system_error(what, error);
  report_.report(server_itself, link::Ran{view::ExecView{.process = program_.number()}});
  return {};
}

// --- clients

link::Entry ExecSharedService::handle_request(link::Client& client, const http::RequestHead& request) {
  if (full_) {
    if (!std::exchange(told_full_, true))
      report_.warn(server_itself, "clients wait: the program does not read its input");
    waiting_.push_back({client.number(), request});
    return {link::Entry::Kind::wait, {}, {}};
  }
  arriving_ = Arriving{client.number(), request};
  return {};
}

void ExecSharedService::handle_open(link::Client& client) {
  const auto arrived = std::exchange(arriving_, std::nullopt);
  if (!arrived || arrived->number != client.number()) return;
  client.peer().heed_reset();
  open_.insert(client.number());
  http::Headers headers;
  const view::OpenView open = describe_open(options_, client, arrived->request, headers);
  line_.clear();
  view::append_open(stamp(client.number()), open, line_);
  program_.write(base::as_bytes(line_));
  program_.flush();
  look_at_input();
  look_at_output();
}

void ExecSharedService::handle_message(link::Client& client, const ws::Message& message) {
  line_.clear();
  view::append_message(stamp(client.number()), wire::Direction::in, message.type, message.data, line_);
  program_.write(base::as_bytes(line_));
  if (line_.capacity() > kept_memory) std::string().swap(line_);
  if (program_.waiting() >= process::Program::worth_a_write) look_at_input();
}

void ExecSharedService::handle_progress(link::Client& client) {
  program_.flush();
  look_at_input();
  if (!client.is_open()) client.pause(link::Link::Wait::for_answers, false);  // its Close is to be heard
  look_at_output();
}

void ExecSharedService::handle_gone(link::Client& client) {
  std::erase_if(waiting_, [&](const Arriving& one) { return one.number == client.number(); });
  if (open_.erase(client.number()) == 0) return;
  line_.clear();
  view::append_closed(stamp(client.number()), client.connection().closing(), line_);
  program_.write(base::as_bytes(line_));
  program_.flush();
  look_at_input();
  look_at_output();
  if (leaving_ && open_.empty()) program_.leave_with_all(patience_with_all);
}

// --- to the program

// While it takes nothing, nobody is read.
void ExecSharedService::look_at_input() {
  const bool full = full_ ? program_.waiting() > 0 : program_.waiting() >= process::Program::worth_a_write;
  if (std::exchange(full_, full) == full) return;
  for (const auto& [number, client] : server_->clients()) {
    client->pause(link::Link::Wait::for_answers, full && client->is_open());
  }
  if (!full) let_in_waiting();
}

void ExecSharedService::let_in_waiting() {
  while (!full_ && !waiting_.empty()) {
    arriving_ = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    if (link::Client* const client = server_->find(arriving_->number)) server_->let_in(*client);
    arriving_.reset();
  }
}

// --- from the program

// Whether some client keeps up, or there is none.
bool ExecSharedService::has_reader() const {
  bool any = false;
  for (const auto& [number, client] : server_->clients()) {
    if (!client->is_open()) continue;
    any = true;
    if (client->peer().has_room()) return true;
  }
  return !any;
}

void ExecSharedService::look_at_output() {
  const bool reads = !errors_wait_ && has_reader();
  if (std::exchange(reads_, reads) != reads) program_.set_reads(reads);
}

void ExecSharedService::handle_output(process::Program&, base::Bytes bytes) {
  output_.receive(bytes);
  take_output();
}

void ExecSharedService::handle_output_end(process::Program&) {
  output_.end();
  take_output();
}

void ExecSharedService::take_output() {
  while (true) {
    while (const OutputItem* const item = output_.next()) deliver(*item);
    if (!output_.flaw()) break;
    report_.warn(server_itself, output_.flaw()->error.message);
    output_.pass_over();
  }
  write_to_clients();
  if (!report_.has_room()) errors_wait_ = true;
  look_at_output();
}

// To those that have gone nothing is said.
void ExecSharedService::deliver(const OutputItem& item) {
  if (item.recipients.only) {
    for (const link::ConnectionNumber number : std::set(item.recipients.only->begin(), item.recipients.only->end())) {
      link::Client* const client = item.recipients.include(number) ? server_->find(number) : nullptr;
      if (client != nullptr) deliver_to(*client, item);
    }
    return;
  }
  for (const auto& [number, client] : server_->clients()) {
    if (item.recipients.include(number)) deliver_to(*client, item);
  }
}

// What there is no memory for costs the one client.
void ExecSharedService::deliver_to(link::Client& client, const OutputItem& item) {
  if (!client.is_open()) return;
  try {
    send(client, item);
  } catch (const std::bad_alloc&) {
    client.peer().lose();
  }
}

// Many messages that come at once are written at once.
void ExecSharedService::send(link::Client& client, const OutputItem& item) {
  const bool nothing_waits = client.connection().output().empty();
  if (const auto* const piece = std::get_if<ws::Piece>(&item.instruction)) {
    if (!server_->may_send_to(client, piece->payload.size())) return;
    if (client.send(*piece) == ws::Status::output_full) return server_->shed(client);
  } else {
    static_cast<void>(client.send(item.instruction, loop_.random));
  }
  if (!client.is_open()) client.pause(link::Link::Wait::for_answers, false);
  if (!client.peer().has_room()) {
    client.peer().flush();
  } else if (nothing_waits) {
    unwritten_.push_back(client.number());
  }
}

void ExecSharedService::write_to_clients() {
  for (const link::ConnectionNumber number : unwritten_) {
    if (link::Client* const client = server_->find(number)) client->peer().flush();
  }
  unwritten_.clear();
}

void ExecSharedService::handle_errors(process::Program& program, base::Bytes bytes) {
  bytes.empty() ? errors_.end() : errors_.receive(bytes);
  while (const auto line = errors_.next()) {
    const view::ExecView view{view::ExecView::State::errors, program.number(), *line};
    report_.report(server_itself, link::Ran{view});
  }
  if (report_.has_room() || bytes.empty()) return;
  errors_wait_ = true;
  program.set_reads_errors(false);
  look_at_output();
}

void ExecSharedService::resume() {
  if (!errors_wait_ || !report_.has_room()) return;
  errors_wait_ = false;
  program_.set_reads_errors(true);
  look_at_output();
}

// --- the end

// It hears first that all have gone.
void ExecSharedService::leave() {
  if (std::exchange(leaving_, true)) return;
  if (open_.empty()) program_.leave_with_all(patience_with_all);
}

void ExecSharedService::handle_exit(process::Program& program) {
  report_exit(report_, server_itself, program.number(), program.status());
  look_at_input();
}

void ExecSharedService::handle_end(process::Program& program) {
  const process::Status status = program.status();
  if (leaving_) return;
  leaving_ = true;
  if (!status.ok()) failure_ = {base::ErrorKind::io, plan_.arguments.front() + ": " + status.text()};
  server_->shut_down(status.ok() ? ws::close_code::normal : ws::close_code::internal_error,
                     status.ok() ? "" : status.text());
}

}  // namespace wscope::serve
