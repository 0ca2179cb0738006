// What the argument parsers of all commands share.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// An error of kind usage with a hint to --help.
[[nodiscard]] base::Error usage_error(std::string message);

/// Runs CLI11, which throws. True if the arguments make sense, false if they ask for help.
[[nodiscard]] base::Result<bool> parse(CLI::App& app, std::vector<std::string> arguments);

/// Seconds, with a fraction if need be; `option` is named in the error.
[[nodiscard]] base::Result<base::Duration> parse_seconds(const std::string& text, const char* option);

/// A whole number of at least one; `option` is named in the error.
[[nodiscard]] base::Result<std::uint64_t> parse_count(const std::string& text, const char* option);

/// The timeouts as they are typed.
struct TypedTimeouts {
  std::string connect = "10";
  std::string handshake = "10";
  std::string close = "10";
};
enum class Side : unsigned char { client, server };
/// Adds their options; the one to connect is a client's.
void add_timeouts(CLI::App& app, TypedTimeouts& typed, Side side);
[[nodiscard]] base::Result<Timeouts> read_timeouts(const TypedTimeouts& typed);

}  // namespace wscope::cli
