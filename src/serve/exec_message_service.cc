#include "serve/exec_message_service.h"

#include <algorithm>

namespace wscope::serve {

ExecMessageService::ExecMessageService(link::Loop& loop, const ExecPlan& plan, ExecOptions options,
                                       link::Report& report)
    : plan_(plan),
      options_(std::move(options)),
      random_(loop.random),
      room_(process::Program::room_size),
      context_{loop, plan, room_, report, options_.limits} {}

// --- clients

link::Entry ExecMessageService::handle_request(link::Client& client, const http::RequestHead& request) {
  process::Launch launch = options_.launch;
  if (!add_request(options_, client, request, random_, launch.environment)) {
    return {link::Entry::Kind::refuse, link::plain_answer(400, "the path cannot be decoded"), {}};
  }
  arriving_.emplace(client.number(), std::move(launch));
  return {};
}

void ExecMessageService::handle_open(link::Client& client) {
  const link::ConnectionNumber number = client.number();
  if (!arriving_ || arriving_->first != number) return;
  auto messages = std::make_unique<ExecMessages>(context_, number, std::move(arriving_->second),
                                                 static_cast<ExecMessagesOwner&>(*this));
  arriving_.reset();
  messages->attach(client);
  clients_.emplace(number, std::move(messages));
}

void ExecMessageService::handle_message(link::Client& client, const ws::Message& message) {
  if (ExecMessages* const messages = find(client.number())) messages->handle_message(message);
}

void ExecMessageService::handle_progress(link::Client& client) {
  if (ExecMessages* const messages = find(client.number())) messages->handle_progress();
}

void ExecMessageService::handle_gone(link::Client& client) {
  std::erase(waiting_, client.number());
  if (ExecMessages* const messages = find(client.number())) messages->detach(!client.peer().socket_error().empty());
}

ExecMessages* ExecMessageService::find(link::ConnectionNumber number) const {
  const auto found = clients_.find(number);
  return found != clients_.end() ? found->second.get() : nullptr;
}

// --- places

bool ExecMessageService::take_place(ExecMessages& messages) {
  if (running_ < plan_.most && waiting_.empty()) {
    ++running_;
    return true;
  }
  waiting_.push_back(messages.number());
  return false;
}

void ExecMessageService::give_place_back(ExecMessages&) {
  --running_;
  while (running_ < plan_.most && !waiting_.empty()) {
    ExecMessages* const next = find(waiting_.front());
    waiting_.pop_front();
    ++running_;
    if (next == nullptr || !next->go_on()) --running_;
  }
}

// --- programs

// Of those that have a process any may go in `use`.
template <typename Use>
void ExecMessageService::for_each_process(Use use) {
  std::vector<link::ConnectionNumber> all;
  for (const auto& [number, messages] : clients_) {
    if (messages->running()) all.push_back(number);
  }
  for (const link::ConnectionNumber number : all) {
    if (ExecMessages* const messages = find(number)) use(*messages);
  }
}

void ExecMessageService::look_at_programs() {
  for_each_process([](ExecMessages& messages) { messages.look(); });
}

void ExecMessageService::resume() {
  if (!errors_wait_ || !context_.report.has_room()) return;
  errors_wait_ = false;
  for (const auto& [number, messages] : clients_) messages->resume_errors();
}

void ExecMessageService::leave() {
  waiting_.clear();
  for (const auto& [number, messages] : clients_) messages->leave_with_all(patience_with_all);
}

bool ExecMessageService::has_programs() const noexcept {
  return std::any_of(clients_.begin(), clients_.end(), [](const auto& entry) { return entry.second->has_program(); });
}

void ExecMessageService::kill() noexcept {
  for (const auto& [number, messages] : clients_) messages->kill();
}

}  // namespace wscope::serve
