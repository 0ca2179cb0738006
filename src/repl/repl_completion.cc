#include "repl/repl_completion.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "repl/secrets.h"
#include "repl/slash_commands.h"
#include "repl/words.h"

namespace wscope::repl {
namespace {

using Words = std::vector<std::string>;

// More are no help.
constexpr std::size_t most_files = 10'000;

// Those that begin with `beginning`, in order.
Words beginning_with(std::string_view beginning, Words words) {
  std::erase_if(words, [beginning](const std::string& word) { return !word.starts_with(beginning); });
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

Words command_names(std::string_view before) {
  Words names;
  for (const SlashCommand& command : slash_commands()) {
    names.push_back(std::string(before) + std::string(command.name));
    if (!command.alias.empty()) names.push_back(std::string(before) + std::string(command.alias));
  }
  return names;
}

// A path as it is typed, "@" and all; folders end with a slash.
Words files(std::string_view typed) {
  const std::string_view mark = typed.starts_with('@') ? typed.substr(0, 1) : std::string_view();
  typed.remove_prefix(mark.size());
  const std::size_t slash = typed.rfind('/');
  const std::string folder(slash == std::string_view::npos ? std::string_view() : typed.substr(0, slash + 1));
  const std::string_view name = typed.substr(folder.size());
  Words words;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder.empty() ? "." : expand_home(folder), error), end;
       !error && entry != end && words.size() < most_files; entry.increment(error)) {
    const std::string file = entry->path().filename().string();
    if (!file.starts_with(name) || (name.empty() && file.starts_with('.'))) continue;
    std::error_code ignored;
    words.push_back(fmt::format("{}{}{}{}", mark, folder, file, entry->is_directory(ignored) ? "/" : ""));
  }
  return words;
}

bool looks_like_url(std::string_view word) {
  return word.find("://") != std::string_view::npos || word.starts_with(':') || word.starts_with("ws+unix:");
}

// What `/COMMAND --help` prints.
std::string help_of(const std::string& command, PlanReader read) {
  auto wanted = read({command, "--help"});
  auto* help = wanted ? std::get_if<std::string>(&*wanted) : nullptr;
  return help == nullptr ? "" : std::move(*help);
}

// The names of the options whose value is the next word: in a help text, one blank and a word are behind them.
Words options_with_value(std::string_view help) {
  Words names;
  while (!help.empty()) {
    std::string_view line = help.substr(0, help.find('\n'));
    help.remove_prefix(std::min(line.size() + 1, help.size()));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const std::size_t blank = line.find(' ');
    if (!line.starts_with('-') || line.find_first_not_of(' ', blank) != blank + 1) continue;
    for (std::string_view rest = line.substr(0, blank); !rest.empty();) {
      const std::string_view name = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      names.emplace_back(name);
    }
  }
  return names;
}

// Whether the word behind this one is its value.
bool takes_next(std::string_view word, const Words& options) {
  const bool letters = word.starts_with('-') && !word.starts_with("--") && word.size() > 1;
  const std::string name = letters ? std::string("-") + word.back() : std::string(word);
  return std::find(options.begin(), options.end(), name) != options.end();
}

// Those that were connected to before, but for what nobody else is to see.
Words urls(const CompletionSources& sources) {
  Words words = {"echo:"};
  const Words options = options_with_value(help_of("connect", sources.read));
  for (std::size_t i = 0; i < sources.history.size(); ++i) {
    std::string_view line = sources.history[i];
    if (!line.starts_with("/connect ")) continue;
    const auto typed = split_words(line);
    if (!typed) continue;
    for (std::size_t at = 1; at < typed->size(); ++at) {
      const std::string& word = (*typed)[at].text;
      const bool is_option = word.starts_with('-') || takes_next((*typed)[at - 1].text, options);
      if (!is_option && looks_like_url(word) && !has_userinfo(word)) words.push_back(word);
    }
  }
  return words;
}

// The long options that `/COMMAND --help` lists.
Words options_of(const std::string& command, PlanReader read) {
  Words words;
  const std::string text = help_of(command, read);
  for (std::size_t at = text.find("--"); at != std::string::npos; at = text.find("--", at + 2)) {
    const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == ',';
    std::size_t end = at + 2;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '-')) ++end;
    if (begins && end > at + 2) words.push_back(text.substr(at, end - at));
  }
  return words;
}

Words shown_names() {
  Words words;
  for (const Switch& shown : switches()) words.emplace_back(shown.name);
  return words;
}

// The arguments before the last one, and that.
struct Arguments {
  Words before;
  std::string last;
};

Words arguments_of(const SlashCommand& command, const Arguments& typed, const CompletionSources& sources) {
  const bool first = typed.before.empty();
  switch (command.completes) {
    case Completes::nothing:
      return {};
    case Completes::url:
      return typed.last.starts_with('-') ? options_of("connect", sources.read) : urls(sources);
    case Completes::address:
      return typed.last.starts_with('-') ? options_of("listen", sources.read) : Words{};
    case Completes::file:
      return command.action == Action::binary || command.action == Action::raw
                 ? (typed.last.starts_with('@') ? files(typed.last) : Words{"@", "base64:"})
                 : files(typed.last);
    case Completes::connection:
    case Completes::end: {
      Words words = sources.connections;
      words.emplace_back("all");
      const bool ports = command.completes == Completes::end;
      for (const std::string& port : ports ? sources.ports : Words{}) words.push_back(":" + port);
      return first ? words : Words{};
    }
    case Completes::on_off:
      return first ? Words{"off", "on"} : Words{};
    case Completes::shown:
      if (first) return shown_names();
      return typed.before.front() == "timestamps" ? Words{"off", "on", "relative"} : Words{"off", "on"};
    case Completes::setting:
      return first ? Words{"keymap"} : Words{"emacs", "vi"};
    case Completes::opcode:
      return first ? Words{"binary", "close", "cont", "ping", "pong", "text"}
                   : Words{"fin=0", "len=", "mask=no", "rsv=", "width="};
    case Completes::close_code:
      return first ? Words{"1000", "1001", "1002", "1003", "1007", "1008", "1009", "1011", "1012", "1013"} : Words{};
    case Completes::command:
      return first ? command_names("") : Words{};
  }
  return {};
}

}  // namespace

term::Completions complete_line(std::string_view line, const CompletionSources& sources) {
  if (!line.starts_with('/') || line.starts_with("//")) return {};
  Word word = last_word(line);
  if (word.begin == 0) return {0, beginning_with(word.text, command_names("/"))};
  std::string_view rest = line.substr(1);
  const SlashCommand* command = find_slash_command(take_word(rest));
  if (command == nullptr) return {};
  // The path of a file is typed as it is, to the end of the line.
  const bool path = command->completes == Completes::file;
  if (path) word = {std::string(rest), line.size() - rest.size()};
  const auto before = split_words(path ? std::string_view() : line.substr(0, word.begin));
  if (!before) return {};
  Arguments typed{{}, word.text};
  for (std::size_t i = 1; i < before->size(); ++i) typed.before.push_back((*before)[i].text);
  Words words = beginning_with(word.text, arguments_of(*command, typed, sources));
  const bool has_value =
      words.size() == 1 && (words.front().ends_with('=') || words.front() == "base64:" || words.front() == "@");
  const bool quotes = command->completes == Completes::url || command->completes == Completes::address;
  if (quotes) std::transform(words.begin(), words.end(), words.begin(), quote_word);
  return {word.begin, std::move(words), !has_value};
}

}  // namespace wscope::repl
