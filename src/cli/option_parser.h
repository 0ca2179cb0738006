// Reads the arguments of a command: its rows of the table, bound to variables. The only unit that knows CLI11.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cli/option_table.h"
#include "cli/options.h"
#include "cli/parsing.h"

namespace wscope::cli {

/// What a command is called in its help, and what it says there.
struct CommandTexts {
  std::string usage;        ///< "wscope [connect]"
  std::string description;  ///< what it does
  std::string footer{};
};

/// What parse() has found.
struct Parsed {
  /// --help was among the arguments, and this is the answer. Variables mean nothing then.
  std::optional<std::string> help{};
  /// The name of an option that means nothing without a URL, if one was given.
  std::optional<std::string_view> option_of_link{};
};

class OptionParser {
 public:
  /// `command` is one. In a session, options that are not about a link are errors, and not in the help.
  OptionParser(CommandSet command, Place place, CommandTexts texts);

  /// Reads a value, as often as it is given; an error is that of parse().
  using Read = std::function<base::Result<void>(const std::string& text)>;

  // To bind is to say what becomes of an option: a variable, which outlives parse(), keeps its value if it is not
  // given. An option that the command has not, by the table, is left alone: what commands share is bound for all of
  // them.

  void bind(OptionName option, bool& given);
  void bind_nothing(OptionName option);  ///< it may be given
  void bind(OptionName option, std::string& text);
  void bind(OptionName option, std::optional<std::string>& text);  ///< of a value that is left out: empty
  void bind(OptionName option, std::vector<std::string>& texts);
  void bind(OptionName option, int& number);
  void bind(OptionName option, base::Duration& duration);
  void bind_level(OptionName option, int& level);  ///< of compression
  void bind(OptionName option, Read read);
  void bind_times(OptionName option, std::size_t& times);  ///< how often a flag is given

  /// A size in bytes or a number of at least 1, as the row has it.
  template <typename Number>
  requires std::unsigned_integral<Number>
  void bind(OptionName option, std::optional<Number>& number) {
    bind_number(option, [&number](std::uint64_t read) { number = static_cast<Number>(read); });
  }
  template <typename Number>
  requires std::unsigned_integral<Number>
  void bind(OptionName option, Number& number) {
    bind_number(option, [&number](std::uint64_t read) { number = static_cast<Number>(read); });
  }

  /// A flag that stands for a value.
  template <typename Target, typename Value>
  void bind_value(OptionName option, Target& target, Value value) {
    bind_count(option, [&target, value](std::size_t) { target = value; });
  }

  /// One of the words, which are those of the row: are_words_of(). `target` is a Value, or may be nothing.
  template <typename Target, typename Value, std::size_t size>
  void bind(OptionName option, Target& target, const Choice<Value> (&choices)[size]) {
    bind(option, [option, &target, &choices](const std::string& text) -> base::Result<void> {
      const auto chosen = choose(text, option, choices);
      if (!chosen) return chosen.error();
      target = *chosen;
      return {};
    });
  }

  /// The argument that is no option; it and `same` exclude each other.
  void bind_positional(std::string name, std::string& text, std::string help, OptionName same);
  /// All arguments that are no options; at least one, or it is an error.
  void bind_positionals(std::string name, std::vector<std::string>& texts, std::string help);

  /// Reads them once. An error is of kind usage, or what is wrong with a file. That of an unknown option hints at the
  /// one that was probably meant, among those of the command and `other_names` (without dashes). No value is quoted
  /// that may be a secret. In a session, what is read are regular files, an error of kind io if not.
  [[nodiscard]] base::Result<Parsed> parse(const std::vector<std::string>& arguments,
                                           const std::vector<std::string_view>& other_names = {});

  /// The error of a value that stands as a word of its own behind an option that takes one only in the same word, and
  /// so was taken for something else: "--passphrase P URL". Nothing if there is none; to be asked once something is
  /// wrong.
  [[nodiscard]] std::optional<base::Error> misplaced_value(const std::vector<std::string>& arguments) const;

 private:
  struct Bound {
    const Option* option;
    Read read{};                               ///< of an option with a value
    std::function<void(std::size_t)> count{};  ///< of one without
  };
  struct Positional {
    std::string name;
    std::string* text;  // or else `texts`
    std::vector<std::string>* texts;
    std::string help;
    OptionName same;
  };
  class App;

  void bind_number(OptionName option, std::function<void(std::uint64_t)> set);
  void bind_count(OptionName option, std::function<void(std::size_t)> count);

  CommandSet command_;
  Place place_;
  CommandTexts texts_;
  std::vector<Bound> bound_{};
  std::optional<Positional> positional_{};
};

}  // namespace wscope::cli
