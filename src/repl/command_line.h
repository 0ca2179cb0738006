// What a session knows of command lines: it has none of its own, but /connect and /listen are some.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "link/plan.h"

namespace wscope::repl {

/// A connection, a server, or only the help about it.
using Wanted = std::variant<link::ConnectPlan, link::ServePlan, std::string>;

/// Reads words, without quotes, of which the first is "connect" or "listen": the rest are those of a command line,
/// which are known above. An error is of kind usage, or what is wrong with a URL or a file.
using PlanReader = base::Result<Wanted> (*)(const std::vector<std::string>& words);

/// What an option's value is.
enum class ValueKind : std::uint8_t {
  none,  ///< there is none
  text,
  text_or_file,  ///< or "@FILE", which is read
  file,          ///< which is read
  socket,        ///< the path of one
  directory,
  url,
  number,
  seconds,
  size,    ///< of bytes
  choice,  ///< one of some words
};

/// When an option's value is nobody else's business.
enum class Secret : std::uint8_t {
  never,
  always,
  password,     ///< if it has a colon, which is before one
  userinfo,     ///< if it is a URL with a user's name
  header,       ///< if it is a header whose name tells of a secret
  unless_file,  ///< unless it is "@FILE"
};

/// Whether `item` is one of `list`, whose items have `separator` between them.
[[nodiscard]] constexpr bool is_in_list(std::string_view item, std::string_view list, char separator) noexcept {
  while (!list.empty()) {
    const std::size_t end = list.find(separator) == std::string_view::npos ? list.size() : list.find(separator);
    if (list.substr(0, end) == item) return true;
    list.remove_prefix(end == list.size() ? end : end + 1);
  }
  return false;
}

/// The items of such a list.
[[nodiscard]] std::vector<std::string_view> items_of(std::string_view list, char separator);

/// An option that may be given to /connect or /listen. Views are of what lives as long as the program.
struct Option {
  std::string_view names;  ///< "-H,--header"
  ValueKind kind = ValueKind::none;
  bool value_optional = false;    ///< it is in the same word then, --name=VALUE
  std::string_view choices = {};  ///< "drop|close"
  Secret secret = Secret::never;

  /// Whether it is typed like this, with its dashes.
  [[nodiscard]] bool is_named(std::string_view name) const noexcept { return is_in_list(name, names, ','); }
  /// Whether the next word is its value, if there is none in its own.
  [[nodiscard]] bool takes_next_word() const noexcept { return kind != ValueKind::none && !value_optional; }
};

/// What is known above.
struct CommandLine {
  PlanReader read;
  std::vector<Option> (*options_of)(std::string_view command);  ///< of "connect" or "listen"
};

}  // namespace wscope::repl
