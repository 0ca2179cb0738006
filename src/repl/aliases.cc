#include "repl/aliases.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "repl/slash_commands.h"
#include "repl/words.h"
#include "view/escape.h"

namespace wscope::repl {
namespace {

// Names that stand for others: one that stands for itself must end.
constexpr int deepest = 16;

bool is_name(std::string_view name) noexcept {
  static constexpr std::string_view others = "-_.";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

}  // namespace

base::Result<void> Aliases::set(std::string_view name, std::string_view line) {
  if (!is_name(name)) return base::usage_error("a name has letters, digits, -, _ and .");
  if (is_command(name)) return base::usage_error(fmt::format("/{} is a command", name), "another name");
  lines_.insert_or_assign(std::string(name), std::string(line));
  return {};
}

bool Aliases::remove(std::string_view name) {
  const auto found = lines_.find(name);
  if (found == lines_.end()) return false;
  lines_.erase(found);
  return true;
}

std::string Aliases::describe() const {
  std::string text;
  for (const auto& [name, line] : lines_) text += fmt::format("  /{} {}\n", name, view::escape(line));
  return text;
}

std::string Aliases::expand(std::string line) const {
  for (int depth = 0; depth < deepest && line.starts_with('/') && !line.starts_with("//"); ++depth) {
    std::string_view rest = std::string_view(line).substr(1);
    if (rest.starts_with(' ')) break;
    const auto found = lines_.find(take_word(rest));
    if (found == lines_.end()) break;
    line = rest.empty() ? found->second : found->second + " " + std::string(rest);
  }
  return line;
}

}  // namespace wscope::repl
