#include "serve/exec_request.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "http/field_syntax.h"
#include "link/request_url.h"
#include "process/request_environment.h"
#include "ws/server_handshake.h"

namespace wscope::serve {
namespace {

std::string unique_id(base::RandomSource& random) {
  std::array<std::byte, 16> bytes{};
  random.fill(bytes);
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

// The first that the server speaks and the client offers.
std::string subprotocol_of(const http::RequestHead& request, const std::vector<std::string>& spoken) {
  const auto offered = request.headers.joined("Sec-WebSocket-Protocol");
  if (!offered) return "";
  const auto tokens = http::parse_token_list(*offered);
  return tokens ? std::string(ws::select_subprotocol(spoken, *tokens)) : "";
}

}  // namespace

bool add_request(const ExecOptions& options, const link::Client& client, const http::RequestHead& request,
                 base::RandomSource& random, process::Environment& environment) {
  process::RequestFacts facts{.head = request};
  facts.connection = client.number();
  facts.client = client.peer().address();
  facts.port = client.peer().own_address().port();
  facts.secure = options.secure;
  facts.checks_credentials = options.checks_credentials;
  const tls::Engine* const tls = client.peer().tls();
  if (options.checks_certificates && tls != nullptr) {
    const tls::Session session = tls->session();
    if (!session.chain.empty()) facts.client_subject = session.chain.front().subject;
  }
  facts.subprotocol = subprotocol_of(request, options.subprotocols);
  facts.url = link::url_of_request(request, options.secure);
  facts.software = "wscope/" WSCOPE_VERSION;
  const std::string unique = unique_id(random);
  facts.unique = unique;
  return process::add_request(facts, environment);
}

view::OpenView describe_open(const ExecOptions& options, const link::Client& client, const http::RequestHead& request,
                             http::Headers& headers) {
  headers = request.headers;
  if (options.checks_credentials) headers.remove("Authorization");
  view::OpenView open;
  open.url = link::url_of_request(request, options.secure);
  open.target = request.target;
  open.subprotocol = client.connection().subprotocol();
  open.extensions = client.connection().extensions();
  open.headers = &headers;
  open.with_secrets = true;  // it is who serves
  open.peer = client.peer().address().text();
  open.outgoing = false;
  return open;
}

}  // namespace wscope::serve
