#include "session/stdin_service.h"

#include <algorithm>
#include <chrono>

#include <unistd.h>

namespace wscope::session {

StdinService::StdinService(link::Loop& loop, const ServeCommand& command, streams::InputSource::Options options,
                           report::Reporter& reporter)
    : loop_(loop),
      command_(command),
      reporter_(reporter),
      input_(loop.poller, options.typed ? -1 : STDIN_FILENO, options),
      pace_(command.rate) {
  reporter_.select(command.selection);
}

void StdinService::handle_message(link::Client& client, const ws::Message& message) {
  const bool answered = !command_.replies.empty() && answer(client, message);
  heard_ = heard_ || !answered;
  if (reporter_.json()) return;  // by which the server tells
  if (command_.selection.empty()) return reporter_.print(client.number(), message);
  reporter_.report(client.number(), link::Received{message});
}

// Whether one of the rules has.
bool StdinService::answer(link::Client& client, const ws::Message& message) {
  if (!client.is_open()) return false;
  const talk::Message seen(message.data, message.type == ws::Opcode::binary);
  link::Replies& replies = replies_.try_emplace(client.number(), command_.replies, loop_.random).first->second;
  const auto answer = replies.answer(seen, std::chrono::system_clock::now(), loop_.poller.now());
  if (const auto busy = replies.next_busy()) reporter_.warn(client.number(), link::describe_busy(*busy));
  if (!answer) {
    reporter_.warn(client.number(), "not answered: " + answer.error().message);
    return false;
  }
  if (!*answer) return false;
  reporter_.replying(client.number(), (*answer)->rule);
  static_cast<void>(client.send((*answer)->message.instruction(), loop_.random));
  client.pause(link::Link::Wait::for_answers, link::holds_enough_answers(client));
  return true;
}

void StdinService::handle_progress(link::Client& client) {
  heard_ = client.more_has_come() || heard_;
  if (!command_.replies.empty()) client.pause(link::Link::Wait::for_answers, link::holds_enough_answers(client));
}

bool StdinService::all_written() const {
  const auto& clients = server_->clients();
  return std::all_of(clients.begin(), clients.end(),
                     [](const auto& entry) { return entry.second->connection().output().empty(); });
}

bool StdinService::has_room() const {
  if (reporter_.prints_sent() && reporter_.output().full()) return false;
  const auto& clients = server_->clients();
  return std::any_of(clients.begin(), clients.end(),
                     [](const auto& entry) { return entry.second->is_open() && entry.second->peer().has_room(); });
}

std::optional<base::TimePoint> StdinService::send_input() {
  bool room = has_room();
  for (; room; room = has_room()) {
    if (pace_.limits() && pace_.next() > loop_.poller.now()) {
      input_.want(false);
      return pace_.next();
    }
    const streams::InputItem* item = input_.next();
    if (item == nullptr) break;
    if (pace_.limits()) pace_.take(loop_.poller.now());
    has_sent_ = true;
    send(*item);
    if (!reporter_.has_room()) reporter_.flush();
  }
  input_.want(room && !input_.error());
  return std::nullopt;
}

void StdinService::send(const streams::InputItem& item) {
  const auto* message = std::get_if<ws::Piece>(&item.instruction);
  if (message != nullptr && item.recipients.are_all()) return server_->send_to_all(*message, nullptr);
  for (const auto& [number, client] : server_->clients()) {
    if (!item.recipients.include(number)) continue;
    if (message != nullptr) {
      server_->send_to(*client, *message);
    } else {  // fails only for a client that is on its way out
      static_cast<void>(client->send(item.instruction, loop_.random));
      client->peer().flush();
    }
  }
}

}  // namespace wscope::session
