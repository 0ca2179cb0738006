// What is typed as the value of an option, to what it stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "cli/option_table.h"
#include "ws/deflate_parameters.h"

namespace wscope::cli {

/// What the error of a command line hints at unless there is something better.
inline constexpr const char* help_hint = "try wscope --help";

/// An error of kind usage with that hint.
[[nodiscard]] base::Error command_line_error(std::string message);

/// Seconds, with a fraction if need be; `option` is named in the error.
[[nodiscard]] base::Result<base::Duration> parse_seconds(const std::string& text, OptionName option);

/// A whole number of at least one; `option` is named in the error.
[[nodiscard]] base::Result<std::uint64_t> parse_count(const std::string& text, OptionName option);

/// A level of compression, 1 to 9; `option` is named in the error.
[[nodiscard]] base::Result<int> parse_level(const std::string& text, OptionName option);

/// A number of bytes of at least one; K, M and G behind it are powers of 1024; `option` is named in the error.
[[nodiscard]] base::Result<std::uint64_t> parse_size(const std::string& text, OptionName option);

/// Parameters of permessage-deflate, perhaps behind its name as in a header, perhaps none; `option` is named in the
/// error.
[[nodiscard]] base::Result<ws::DeflateParameters> parse_deflate(const std::string& text, OptionName option);

/// A word that may be typed, and what it stands for.
template <typename Value>
struct Choice {
  std::string_view name;
  Value value;
};

/// The words as --help shows them: "wait|close|hold".
template <typename Value, std::size_t size>
[[nodiscard]] std::string names_of(const Choice<Value> (&choices)[size]) {
  std::string names;
  for (const Choice<Value>& choice : choices) names += (names.empty() ? "" : "|") + std::string(choice.name);
  return names;
}

/// Whether they are the words that the table has for an option, in that order, of all commands or of one.
template <typename Value, std::size_t size>
[[nodiscard]] constexpr bool are_words_of(OptionName name, const Choice<Value> (&choices)[size],
                                          CommandSet command = CommandSet::everywhere) {
  for (const Option& option : rows::table) {
    if (!option.is_named(name.text()) || !has(option.commands, command)) continue;
    std::string_view words = option.value.name;
    for (const Choice<Value>& choice : choices) {
      if (words.substr(0, words.find('|')) != choice.name) return false;
      words.remove_prefix(words.find('|') == std::string_view::npos ? words.size() : words.find('|') + 1);
    }
    if (!words.empty()) return false;
  }
  return true;
}

/// What `text` stands for; `option` is named in the error.
template <typename Value, std::size_t size>
[[nodiscard]] base::Result<Value> choose(std::string_view text, OptionName option,
                                         const Choice<Value> (&choices)[size]) {
  for (const Choice<Value>& choice : choices) {
    if (text == choice.name) return choice.value;
  }
  return command_line_error(std::string(option.text()) + " wants " + names_of(choices) + ", not \"" +
                            std::string(text) + "\"");
}

}  // namespace wscope::cli
