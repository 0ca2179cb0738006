// The parameters of permessage-deflate (RFC 7692 section 7.1).
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "ws/extension_header.h"

namespace wscope::ws {

inline constexpr std::uint8_t max_window_bits = 15;
inline constexpr std::uint8_t min_window_bits = 8;

struct DeflateParameters {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  std::optional<std::uint8_t> server_max_window_bits{};  ///< 8 to 15
  std::optional<std::uint8_t> client_max_window_bits{};  ///< 8 to 15, or any_window_bits

  friend bool operator==(const DeflateParameters&, const DeflateParameters&) = default;
};

/// client_max_window_bits without a value, as a request may say: "I can use a smaller window if you want".
inline constexpr std::uint8_t any_window_bits = 0;

/// Reads parameters strictly: an unknown or repeated one, a value where none belongs, a missing value, and anything but
/// "8" to "15" are errors of kind http. `client_max_window_bits` may lack its value.
[[nodiscard]] base::Result<DeflateParameters> parse_deflate_parameters(const ExtensionParameters& parameters);

[[nodiscard]] ExtensionParameters write_deflate_parameters(const DeflateParameters& parameters);

}  // namespace wscope::ws
