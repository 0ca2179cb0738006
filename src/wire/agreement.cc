#include "wire/agreement.h"

#include "base/bytes.h"
#include "http/head_parser.h"
#include "ws/extension_header.h"

namespace wscope::wire {

std::optional<ws::DeflateParameters> agreed_deflate(std::string_view head) {
  http::HeadParser parser(http::HeadParser::Kind::response, {});
  base::Bytes in = base::as_bytes(head);
  if (parser.receive(in) != http::HeadParser::Progress::done) return std::nullopt;
  const http::ResponseHead response = parser.take_response();
  if (response.status != 101) return std::nullopt;
  const auto value = response.headers.joined("Sec-WebSocket-Extensions");
  if (!value) return std::nullopt;
  const auto extensions = ws::parse_extensions(*value);
  if (!extensions || extensions->size() != 1) return std::nullopt;
  const ws::ExtensionElement& extension = extensions->front();
  if (extension.name != "permessage-deflate") return std::nullopt;
  const auto parameters = ws::parse_deflate_parameters(extension.parameters);
  return parameters ? std::optional(*parameters) : std::nullopt;
}

}  // namespace wscope::wire
