#include "ws/deflate_parameters.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace wscope::ws {
namespace {

base::Error invalid(const ExtensionParameter& parameter) {
  return {base::ErrorKind::http, "invalid permessage-deflate parameter: " + parameter.name +
                                     (parameter.value ? "=" + *parameter.value : std::string())};
}

std::optional<std::uint8_t> parse_window_bits(std::string_view text) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool whole = error == std::errc() && end == text.data() + text.size() && text.front() != '0';
  if (!whole || bits < min_window_bits || bits > max_window_bits) return std::nullopt;
  return static_cast<std::uint8_t>(bits);
}

bool read(const ExtensionParameter& parameter, DeflateParameters& into) {
  if (parameter.name == "server_no_context_takeover") {
    into.server_no_context_takeover = true;
    return !parameter.value;
  }
  if (parameter.name == "client_no_context_takeover") {
    into.client_no_context_takeover = true;
    return !parameter.value;
  }
  if (parameter.name == "server_max_window_bits" && parameter.value) {
    into.server_max_window_bits = parse_window_bits(*parameter.value);
    return into.server_max_window_bits.has_value();
  }
  if (parameter.name == "client_max_window_bits") {
    into.client_max_window_bits = parameter.value ? parse_window_bits(*parameter.value) : any_window_bits;
    return into.client_max_window_bits.has_value();
  }
  return false;
}

}  // namespace

base::Result<DeflateParameters> parse_deflate_parameters(const ExtensionParameters& parameters) {
  DeflateParameters parsed;
  for (auto parameter = parameters.begin(); parameter != parameters.end(); ++parameter) {
    const bool repeated = std::any_of(parameters.begin(), parameter,
                                      [&](const ExtensionParameter& before) { return before.name == parameter->name; });
    if (repeated || !read(*parameter, parsed)) return invalid(*parameter);
  }
  return parsed;
}

ExtensionParameters write_deflate_parameters(const DeflateParameters& parameters) {
  ExtensionParameters written;
  if (parameters.server_no_context_takeover) written.push_back({"server_no_context_takeover", std::nullopt});
  if (parameters.client_no_context_takeover) written.push_back({"client_no_context_takeover", std::nullopt});
  if (parameters.server_max_window_bits) {
    written.push_back({"server_max_window_bits", std::to_string(*parameters.server_max_window_bits)});
  }
  if (parameters.client_max_window_bits) {
    const std::uint8_t bits = *parameters.client_max_window_bits;
    written.push_back({"client_max_window_bits",
                       bits == any_window_bits ? std::nullopt : std::optional<std::string>(std::to_string(bits))});
  }
  return written;
}

}  // namespace wscope::ws
