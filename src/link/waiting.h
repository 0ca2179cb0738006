// Clients of a server that may come in, and have not got their 101 yet.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "http/head.h"
#include "link/happening.h"

namespace wscope::link {

/// Who waits, and for whom.
class WaitingClients {
 public:
  struct Client {
    ConnectionNumber number = 0;
    bool for_service = false;  ///< or else to be let in by hand
    http::RequestHead request{};
    /// In place of those of the admission.
    std::optional<std::vector<std::string>> subprotocols{};
  };

  void add(Client client) { clients_.push_back(std::move(client)); }
  /// The one of that number, if it waits for the service, and does so no more.
  [[nodiscard]] std::optional<Client> take_for_service(ConnectionNumber number);
  /// The one that has come first of those that wait to be let in by hand; it waits no more.
  [[nodiscard]] std::optional<Client> take_first_by_hand();
  /// A client has left. Whether it waited for the service.
  bool forget(ConnectionNumber number);
  /// How many wait for the service.
  [[nodiscard]] std::size_t for_service() const noexcept;

 private:
  [[nodiscard]] Client take(std::vector<Client>::iterator place);

  std::vector<Client> clients_;
};

}  // namespace wscope::link
