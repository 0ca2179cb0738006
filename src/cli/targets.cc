#include "cli/targets.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "cli/command_line.h"
#include "cli/option_table.h"
#include "net/error.h"
#include "net/file.h"
#include "repl/secrets.h"
#include "repl/words.h"

namespace wscope::cli {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

bool is_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

// An option of connect as it is typed, and where its value is.
struct Typed {
  const Option* option = nullptr;  // null: it is none
  bool takes_next = false;         // the value is the next word
};
Typed typed_option(const std::string& word) {
  if (word.size() < 2 || word.front() != '-') return {};
  const bool is_long = word.starts_with("--");
  const std::size_t name_size = is_long ? std::min(word.find('='), word.size()) : 2;
  const Option* const option = find_option(CommandSet::connect, std::string_view(word).substr(0, name_size));
  return {option, option != nullptr && option->takes_next_word() && word.size() == name_size};
}

// Where in the arguments a target stands for a URL; nothing: there is none.
struct Use {
  std::size_t at;    // of what it takes the place of
  std::size_t size;  // words
  std::string name;
};
std::optional<Use> find_use(const std::vector<std::string>& arguments) {
  constexpr OptionName connect = "--connect";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") break;
    const Typed typed = typed_option(word);
    const bool is_url = typed.option != nullptr && typed.option->is_named(connect.text());
    if (is_url && typed.takes_next && i + 1 < arguments.size() && arguments[i + 1].starts_with('@')) {
      return Use{i, 2, arguments[i + 1].substr(1)};
    }
    if (typed.takes_next) i += typed.option->value.words;
    if (word.starts_with('@')) return Use{i, 1, word.substr(1)};
  }
  return std::nullopt;
}

base::Error unsafe(const std::string& path, std::string why) {
  return base::usage_error(path + ": " + std::move(why), "chmod 600 " + path);
}

base::Error wrong_line(std::size_t number, const base::Error& error) {
  return base::usage_error("targets:" + std::to_string(number) + ": " + error.message, error.hint);
}

// The words of a line, which are those of /connect.
base::Result<std::vector<std::string>> words_of(std::string_view text) {
  const auto split = repl::split_words(text);
  if (!split) return split.error();
  std::vector<std::string> words = {"connect"};
  for (const repl::Word& word : *split) words.push_back(word.text);
  const bool nests = std::any_of(words.begin(), words.end(), [](const auto& word) { return word.starts_with('@'); });
  if (nests && find_use({words.begin() + 1, words.end()})) return base::usage_error("a target stands for a URL");
  if (const auto read = read_plan(words); !read) return read.error();
  words.erase(words.begin());
  return words;
}

struct Target {
  std::size_t line;
  std::string_view text;
};

// All lines are looked at: what is wrong with the file is told whichever of them is asked for.
base::Result<Target> find_target(std::string_view content, const std::string& name, const std::string& path,
                                 bool& has_secret) {
  std::optional<Target> found;
  std::size_t number = 0;
  while (!content.empty()) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = trimmed(content.substr(0, end));
    content.remove_prefix(std::min(end + 1, content.size()));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    const std::string_view left = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos) return wrong_line(number, base::usage_error("expected NAME = URL [OPTIONS]"));
    if (!is_name(left)) return wrong_line(number, base::usage_error("a name has letters, digits, ., _ and -"));
    const std::string_view text = trimmed(line.substr(equals + 1));
    if (repl::is_secret("/connect " + std::string(text), in_session)) has_secret = true;
    if (left != name) continue;
    if (found) return wrong_line(number, base::usage_error("there is a target " + name + " already"));
    found = Target{number, text};
  }
  if (found) return *found;
  return base::usage_error(path + " has no target " + name);
}

base::Result<std::vector<std::string>> read_target(const std::string& name) {
  const std::string path = targets_path();
  if (path.empty()) return base::usage_error("@" + name + ": neither XDG_CONFIG_HOME nor HOME says where targets are");
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return base::usage_error("@" + name + ": " + net::system_error(path, errno).message);
  }
  if (status.st_uid != ::geteuid()) return base::usage_error(path + ": is another's");
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return unsafe(path, "others can write it");
  const auto content = net::read_regular_file(path);
  if (!content) return base::usage_error(content.error().message);
  if (!base::is_utf8(base::as_bytes(*content))) return base::usage_error(path + ": is not UTF-8");
  bool has_secret = false;
  const auto target = find_target(*content, name, path, has_secret);
  const bool is_readable = (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
  if (has_secret && is_readable) return unsafe(path, "others can read it, and it holds a secret");
  if (!target) return target.error();
  auto words = words_of(target->text);
  if (!words) return wrong_line(target->line, words.error());
  return words;
}

// Without the options that may be given once and are among the arguments, too.
std::vector<std::string> without_overridden(const std::vector<std::string>& words,
                                            const std::vector<std::string>& arguments) {
  std::vector<const Option*> given;
  for (const std::string& argument : arguments) given.push_back(typed_option(argument).option);
  std::vector<std::string> left;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Typed typed = typed_option(words[i]);
    const std::size_t size = typed.takes_next ? std::size_t{1} + typed.option->value.words : 1;
    const bool is_overridden = typed.option != nullptr && typed.option->value.given != Given::repeatedly &&
                               std::find(given.begin(), given.end(), typed.option) != given.end();
    for (std::size_t k = i; k < std::min(i + size, words.size()) && !is_overridden; ++k) left.push_back(words[k]);
    i += size - 1;
  }
  return left;
}

}  // namespace

std::string targets_path() {
  const char* const config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config == '/') return std::string(config) + "/wscope/targets";
  const char* const home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? std::string(home) + "/.config/wscope/targets" : "";
}

base::Result<std::vector<std::string>> with_target(const std::vector<std::string>& arguments) {
  const auto use = find_use(arguments);
  if (!use) return arguments;
  if (!is_name(use->name)) return base::usage_error("@" + use->name + " is no name of a target");
  const auto target = read_target(use->name);
  if (!target) return target.error();
  std::vector<std::string> others = arguments;
  const auto begin = others.begin() + static_cast<std::ptrdiff_t>(use->at);
  others.erase(begin, begin + static_cast<std::ptrdiff_t>(use->size));
  std::vector<std::string> whole = without_overridden(*target, others);
  whole.insert(whole.end(), others.begin(), others.end());
  return whole;
}

}  // namespace wscope::cli
