// A browser's "copy as cURL" line, as arguments of wscope connect.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace wscope::cli {

/// What a curl command line means here.
struct Translated {
  std::vector<std::string> arguments{};  ///< of wscope connect
  std::vector<std::string> ignored{};    ///< options of curl's that mean nothing here
  bool help = false;                     ///< it asks for help
};

/// Translates the arguments of curl: its letters and meanings. They may begin with the word curl. Options that only
/// wscope has may stand among them, by their long names, with a value that looks like an option as --name=value. Header
/// fields that the opening handshake makes itself, or that are about the body of a response, are left out;
/// Sec-WebSocket-Protocol becomes subprotocols. An error is of kind usage, and quotes no values.
[[nodiscard]] base::Result<Translated> translate_curl(const std::vector<std::string>& arguments);

/// The long names of curl's options, without dashes.
[[nodiscard]] std::vector<std::string_view> names_of_curl();

}  // namespace wscope::cli
