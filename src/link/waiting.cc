#include "link/waiting.h"

#include <algorithm>
#include <utility>

namespace wscope::link {

WaitingClients::Client WaitingClients::take(std::vector<Client>::iterator place) {
  Client client = std::move(*place);
  clients_.erase(place);
  return client;
}

std::optional<WaitingClients::Client> WaitingClients::take_for_service(ConnectionNumber number) {
  const auto found = std::find_if(clients_.begin(), clients_.end(), [number](const Client& client) {
    return client.for_service && client.number == number;
  });
  if (found == clients_.end()) return std::nullopt;
  return take(found);
}

std::optional<WaitingClients::Client> WaitingClients::take_first_by_hand() {
  const auto first = std::min_element(clients_.begin(), clients_.end(), [](const Client& a, const Client& b) {
    return a.for_service != b.for_service ? b.for_service : a.number < b.number;
  });
  if (first == clients_.end() || first->for_service) return std::nullopt;
  return take(first);
}

bool WaitingClients::forget(ConnectionNumber number) {
  const auto found = std::find_if(clients_.begin(), clients_.end(),
                                  [number](const Client& client) { return client.number == number; });
  return found != clients_.end() && take(found).for_service;
}

std::size_t WaitingClients::for_service() const noexcept {
  const auto waits = [](const Client& client) { return client.for_service; };
  return static_cast<std::size_t>(std::count_if(clients_.begin(), clients_.end(), waits));
}

}  // namespace wscope::link
