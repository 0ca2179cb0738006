// What an option is about: one connection, or the whole session.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// As parse() does. In a session, options about all of it are errors, and not in the help; with --commands, those about
/// stdin and the messages that come. What a session reads are regular files, an error of kind io if not. `other_names`
/// are those of parse().
[[nodiscard]] base::Result<bool> parse_at(Place place, CLI::App& app, const std::vector<std::string>& arguments,
                                          const std::vector<std::string_view>& other_names = {});

/// The name of an option that was given and means nothing without a URL, if any.
[[nodiscard]] std::optional<std::string> given_option_of_connection(const CLI::App& app);

}  // namespace wscope::cli
