// What the argument parsers of all commands share.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/clock.h"
#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// An error of kind usage with a hint to --help.
[[nodiscard]] base::Error command_line_error(std::string message);

/// Runs CLI11, which throws. True if the arguments make sense, false if they ask for help. The error of an unknown
/// option hints at the one that was probably meant, among those of `app` and `other_names` (without dashes). No value
/// of an option is quoted that may be a secret.
[[nodiscard]] base::Result<bool> parse(CLI::App& app, std::vector<std::string> arguments,
                                       const std::vector<std::string_view>& other_names = {});

/// The error of a value that stands as a word of its own behind an option that takes one only in the same word, and so
/// was taken for something else: "--passphrase P URL". Nothing if there is none; to be asked once something is wrong.
[[nodiscard]] std::optional<base::Error> misplaced_value(const CLI::App& app,
                                                         const std::vector<std::string>& arguments);

/// Help that says the same each time: CLI11 lists what an option excludes in the order of addresses.
[[nodiscard]] std::string help_of(CLI::App& app);

/// What to call a positional argument in CLI11 whose name has a colon, which that does not take since 2.4: parse() and
/// help_of() say it as it was given here.
[[nodiscard]] std::string name_with_colon(std::string name);

/// Adds an option that may stand without a value: `name`, which sets `typed` to an empty text, or `name=VALUE`. It
/// never takes the next word. Returns the option, to be given a group.
CLI::Option* add_optional_value(CLI::App& app, const std::string& name, std::optional<std::string>& typed,
                                const std::string& type_name, const std::string& description);

/// For options whose empty value would be taken for their absence: it is mostly a variable that is not set.
[[nodiscard]] CLI::Validator not_empty();

/// Seconds, with a fraction if need be; `option` is named in the error.
[[nodiscard]] base::Result<base::Duration> parse_seconds(const std::string& text, const char* option);

/// A whole number of at least one; `option` is named in the error.
[[nodiscard]] base::Result<std::uint64_t> parse_count(const std::string& text, const char* option);

/// A number of bytes of at least one; K, M and G behind it are powers of 1024; `option` is named in the error.
[[nodiscard]] base::Result<std::uint64_t> parse_size(const std::string& text, const char* option);

/// A word that may be typed, and what it stands for.
template <typename Value>
struct Choice {
  const char* name;
  Value value;
};

/// The words as --help shows them: "wait|close|hold".
template <typename Value, std::size_t size>
[[nodiscard]] std::string names_of(const Choice<Value> (&choices)[size]) {
  std::string names;
  for (const Choice<Value>& choice : choices) names += (names.empty() ? "" : "|") + std::string(choice.name);
  return names;
}

/// What `text` stands for; `option` is named in the error.
template <typename Value, std::size_t size>
[[nodiscard]] base::Result<Value> choose(std::string_view text, const char* option,
                                         const Choice<Value> (&choices)[size]) {
  for (const Choice<Value>& choice : choices) {
    if (text == choice.name) return choice.value;
  }
  return command_line_error(std::string(option) + " wants " + names_of(choices) + ", not \"" + std::string(text) +
                            "\"");
}

/// The timeouts as they are typed.
struct TypedTimeouts {
  std::string connect = "10";
  std::string handshake = "10";
  std::string close = "10";
  std::string ping_interval = "0";
  std::string ping_timeout = "10";
};
enum class Side : unsigned char { client, server };
/// Adds their options; the one to connect is a client's.
void add_timeouts(CLI::App& app, TypedTimeouts& typed, Side side);
[[nodiscard]] base::Result<link::Timeouts> read_timeouts(const TypedTimeouts& typed);

}  // namespace wscope::cli
