#include "repl/repl_completion.h"

#include <algorithm>
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

using Options = std::vector<Option>;

const Option* find(std::string_view name, const Options& options) {
  const auto found =
      std::find_if(options.begin(), options.end(), [name](const Option& option) { return option.is_named(name); });
  return found == options.end() ? nullptr : &*found;
}

// The option whose value is the word behind this one; letters may stand together.
const Option* taking_next(std::string_view word, const Options& options) {
  if (word.starts_with("--") || !word.starts_with('-')) {
    const Option* option = find(word, options);
    return option != nullptr && option->takes_next_word() ? option : nullptr;
  }
  for (std::size_t at = 1; at < word.size(); ++at) {
    const Option* option = find(std::string("-") + word[at], options);
    if (option != nullptr && option->takes_next_word()) return at + 1 == word.size() ? option : nullptr;
  }
  return nullptr;
}

// Those that were connected to before, but for what nobody else is to see.
Words urls(const CompletionSources& sources) {
  Words words = {"echo:"};
  const Options options = sources.command_line.options_of("connect");
  for (std::size_t i = 0; i < sources.history.size(); ++i) {
    std::string_view line = sources.history[i];
    if (!line.starts_with("/connect ")) continue;
    const auto typed = split_words(line);
    if (!typed) continue;
    for (std::size_t at = 1; at < typed->size(); ++at) {
      const std::string& word = (*typed)[at].text;
      const bool is_option = word.starts_with('-') || taking_next((*typed)[at - 1].text, options) != nullptr;
      if (!is_option && looks_like_url(word) && !has_userinfo(word)) words.push_back(word);
    }
  }
  return words;
}

Words folders(std::string_view typed) {
  Words words = files(typed);
  std::erase_if(words, [](const std::string& word) { return !word.ends_with('/'); });
  return words;
}

// What may be typed for the value of an option, of which there is `typed`.
Words values_of(const Option& option, std::string_view typed, const CompletionSources& sources) {
  switch (option.kind) {
    case ValueKind::choice: {
      Words words;
      for (const std::string_view word : items_of(option.choices, '|')) words.emplace_back(word);
      return words;
    }
    case ValueKind::file:
    case ValueKind::socket:
      return files(typed);
    case ValueKind::text_or_file:
      return typed.starts_with('@') ? files(typed) : Words{};
    case ValueKind::directory:
      return folders(typed);
    case ValueKind::url:
      return urls(sources);
    case ValueKind::none:
    case ValueKind::text:
    case ValueKind::number:
    case ValueKind::seconds:
    case ValueKind::size:
      break;
  }
  return {};
}

Words with(Words words, const char* other) {
  words.emplace_back(other);
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

// Those of /connect and /listen: options, their values, and `others`, which are neither.
Words words_of_link(std::string_view command, const Arguments& typed, const CompletionSources& sources, Words others) {
  const Options options = sources.command_line.options_of(command);
  const Option* before = typed.before.empty() ? nullptr : taking_next(typed.before.back(), options);
  if (before != nullptr) return values_of(*before, typed.last, sources);
  if (!typed.last.starts_with('-')) return others;
  Words words;
  const std::size_t equals = typed.last.find('=');
  if (typed.last.starts_with("--") && equals != std::string::npos) {
    const Option* option = find(std::string_view(typed.last).substr(0, equals), options);
    if (option == nullptr) return {};
    words = values_of(*option, std::string_view(typed.last).substr(equals + 1), sources);
    for (std::string& word : words) word.insert(0, typed.last, 0, equals + 1);
    return words;
  }
  for (const Option& option : options) {
    for (const std::string_view name : items_of(option.names, ',')) {
      if (name.starts_with("--")) words.emplace_back(name);
    }
  }
  return words;
}

Words arguments_of(const SlashCommand& command, const Arguments& typed, const CompletionSources& sources) {
  const bool first = typed.before.empty();
  switch (command.completes) {
    case Completes::nothing:
      return {};
    case Completes::url:
      return words_of_link(command.name, typed, sources, urls(sources));
    case Completes::address:
      return words_of_link(command.name, typed, sources, {});
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
    case Completes::off:
      return first ? Words{"off"} : Words{};
    case Completes::command:
      return first ? with(command_names(""), "keys") : Words{};
    case Completes::log: {
      return with(files(typed.last), "off");
    }
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
