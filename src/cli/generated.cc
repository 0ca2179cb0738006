#include "cli/generated.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "cli/parsing.h"

namespace wscope::cli {
namespace {

using namespace std::string_view_literals;

struct Text {
  std::string_view name;  // the words that ask for it
  std::span<const std::string_view> pieces;
};

#include <made/texts.h>

base::Error no_such_text(const std::vector<std::string>& words, const std::string& asked) {
  constexpr std::string_view of_manual = "man ";
  if (words.empty() || words.front() != "man" || words.size() > 2) {
    return command_line_error("--generate wants man, with a command if need be, bash, zsh or fish, not \"" + asked +
                              '"');
  }
  std::string commands;
  for (const Text& text : texts) {
    if (!text.name.starts_with(of_manual)) continue;
    commands += (commands.empty() ? "" : ", ") + std::string(text.name.substr(of_manual.size()));
  }
  return command_line_error("no manual of its own: " + words.back() + " (" + commands + " have one)");
}

}  // namespace

base::Result<std::string> generated(const std::vector<std::string>& words) {
  std::string asked;
  for (const std::string& word : words) asked += (asked.empty() ? "" : " ") + word;
  const auto* found =
      std::find_if(std::begin(texts), std::end(texts), [&](const Text& text) { return text.name == asked; });
  if (found == std::end(texts)) return no_such_text(words, asked);
  std::string whole;
  for (const std::string_view piece : found->pieces) whole += piece;
  return whole;
}

}  // namespace wscope::cli
