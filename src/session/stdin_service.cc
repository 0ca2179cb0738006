#include "session/stdin_service.h"

#include <algorithm>

#include <unistd.h>

namespace wscope::session {

StdinService::StdinService(link::Loop& loop, streams::InputSource::Options options, Pace pace,
                           report::Reporter& reporter)
    : poller_(loop.poller),
      random_(loop.random),
      reporter_(reporter),
      input_(loop.poller, options.typed ? -1 : STDIN_FILENO, options),
      pace_(pace) {}

void StdinService::handle_message(link::Client& client, const ws::Message& message) {
  heard_ = true;
  if (!reporter_.json()) reporter_.report(client.number(), link::Received{message});
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
    if (pace_.limits() && pace_.next() > poller_.now()) {
      input_.want(false);
      return pace_.next();
    }
    const streams::InputItem* item = input_.next();
    if (item == nullptr) break;
    if (pace_.limits()) pace_.take(poller_.now());
    has_sent_ = true;
    send(*item);
    if (!reporter_.has_room()) reporter_.flush();
  }
  input_.want(room && !input_.error());
  return std::nullopt;
}

void StdinService::send(const streams::InputItem& item) {
  const auto* message = std::get_if<ws::Piece>(&item.instruction);
  if (message != nullptr && !item.connection) return server_->send_to_all(*message, nullptr);
  for (const auto& [number, client] : server_->clients()) {
    if (item.connection.value_or(number) != number) continue;
    if (message != nullptr) {
      server_->send_to(*client, *message);
    } else {  // fails only for a client that is on its way out
      static_cast<void>(client->send(item.instruction, random_));
      client->peer().flush();
    }
  }
}

}  // namespace wscope::session
