// The grammar of Sec-WebSocket-Extensions (RFC 6455 section 9.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace wscope::ws {

struct ExtensionParameter {
  std::string name;
  std::optional<std::string> value;

  friend bool operator==(const ExtensionParameter&, const ExtensionParameter&) = default;
};

using ExtensionParameters = std::vector<ExtensionParameter>;  ///< in the order of the header, repeats kept

/// One element of the header: an extension and its parameters.
struct ExtensionElement {
  std::string name;
  ExtensionParameters parameters;

  friend bool operator==(const ExtensionElement&, const ExtensionElement&) = default;
};

/// Parses a header value; several lines are joined with ", " first. Empty list elements are skipped, an empty list is
/// an error; a quoted value must be a token once it is unquoted.
[[nodiscard]] base::Result<std::vector<ExtensionElement>> parse_extensions(std::string_view value);

/// Parses parameters alone, as a person writes them: "server_max_window_bits=10; client_no_context_takeover".
[[nodiscard]] base::Result<ExtensionParameters> parse_extension_parameters(std::string_view text);

/// "name; parameter; parameter=value"
[[nodiscard]] std::string write_extension(const ExtensionElement& element);

/// The header value for all of them.
[[nodiscard]] std::string write_extensions(const std::vector<ExtensionElement>& elements);

}  // namespace wscope::ws
