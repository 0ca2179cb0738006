// Any text, as a Sec-WebSocket-Extensions header: a request to a server and an answer to a client.
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "require.h"
#include "ws/deflate.h"
#include "ws/extension.h"

using namespace wscope;
using fuzz::require;

namespace {

using Elements = std::vector<ws::ExtensionElement>;

void check_written_again(const Elements& elements) {
  const auto again = ws::parse_extensions(ws::write_extensions(elements));
  require(again.ok() && *again == elements);
}

// The parameters alone, in the form a person writes them.
void check_parameters(std::string_view text) {
  const auto parameters = ws::parse_extension_parameters(text);
  if (parameters) check_written_again({{"x", *parameters}});
}

// Every offer of permessage-deflate in a request, as the configuration of the client that made it.
std::vector<std::unique_ptr<ws::PermessageDeflate>> clients_of(const Elements& request) {
  std::vector<std::unique_ptr<ws::PermessageDeflate>> clients;
  for (const ws::ExtensionElement& element : request) {
    const auto parameters = ws::parse_deflate_parameters(element.parameters);
    if (!parameters) continue;
    const auto again = ws::parse_deflate_parameters(ws::write_deflate_parameters(*parameters));
    require(again.ok() && *again == *parameters);
    if (element.name == "permessage-deflate") clients.push_back(std::make_unique<ws::PermessageDeflate>(*parameters));
  }
  return clients;
}

// What a server answers to a client's own offers suits that client.
void check_request(const Elements& request, const std::vector<const ws::ExtensionOffer*>& server) {
  const auto agreed = ws::accept_extensions(request, server);
  require(agreed.elements.size() == agreed.extensions.size() && agreed.elements.size() <= 1);
  if (agreed.elements.empty()) return;
  check_written_again(agreed.elements);
  const auto clients = clients_of(request);
  std::vector<const ws::ExtensionOffer*> offered;
  for (const auto& client : clients) offered.push_back(client.get());
  require(ws::confirm_extensions(agreed.elements, offered).ok());
}

void check_response(const Elements& response, const ws::ExtensionOffer& client) {
  const auto agreed = ws::confirm_extensions(response, {&client});
  if (!agreed) return require(agreed.error().kind == base::ErrorKind::http && !agreed.error().message.empty());
  require(agreed->elements == response && agreed->extensions.size() == response.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_parameters(text);
  const auto elements = ws::parse_extensions(text);
  if (!elements) {
    require(!elements.error().message.empty());
    return 0;
  }
  require(!elements->empty());
  check_written_again(*elements);
  const ws::PermessageDeflate usual;
  ws::PermessageDeflate small({true, true, 10, 9});
  small.require_client_max_window_bits();
  check_request(*elements, {&usual});
  check_request(*elements, {&small});
  check_request(*elements, {&small, &usual});
  check_response(*elements, usual);
  check_response(*elements, small);
  return 0;
}
