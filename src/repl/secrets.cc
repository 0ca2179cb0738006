#include "repl/secrets.h"

#include <string>
#include <vector>

#include "http/headers.h"
#include "repl/slash_commands.h"
#include "repl/words.h"

namespace wscope::repl {
namespace {

bool holds(std::string_view text, std::string_view part) noexcept { return text.find(part) != std::string_view::npos; }

bool is_secret_header(std::string_view header) { return http::is_secret_field(header.substr(0, header.find(':'))); }

// Without a password it is asked for.
bool has_password(std::string_view credentials) noexcept { return holds(credentials, ":"); }

// An option by its long name or by its letter, and its value.
bool is_secret_option(std::string_view name, std::string_view value) {
  if (name == "user" || name == "auth" || name == "u") return has_password(value);
  if (name == "header" || name == "H") return is_secret_header(value);
  if (name == "proxy-user") return has_password(value);
  if (name == "proxy" || name == "connect" || name == "c") return has_userinfo(value);
  const bool may_be_file = name == "bearer" || name == "cookie";
  return may_be_file && !value.starts_with('@');
}

// `next` is the word behind it, which may be its value.
bool is_secret_word(std::string_view word, std::string_view next) {
  if (!word.starts_with('-')) return has_userinfo(word);
  if (word.starts_with("--")) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(2, equals == std::string_view::npos ? equals : equals - 2);
    if (name == "passphrase") return equals != std::string_view::npos;
    return is_secret_option(name, equals == std::string_view::npos ? next : word.substr(equals + 1));
  }
  // Letters may stand together, and the value of the last one behind it.
  for (std::size_t at = 1; at < word.size(); ++at) {
    const std::string_view value = at + 1 == word.size() ? next : word.substr(at + 1);
    if (is_secret_option(word.substr(at, 1), value)) return true;
  }
  return false;
}

bool may_connect(std::string_view line) {
  if (!line.starts_with('/') || line.starts_with("//")) return false;
  line.remove_prefix(1);
  const SlashCommand* command = find_slash_command(take_word(line));
  // No command is one that was typed wrongly.
  return command == nullptr || command->action == Action::connect || command->action == Action::listen;
}

}  // namespace

bool has_userinfo(std::string_view url) noexcept {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const std::size_t at = url.substr(0, url.find_first_of("/?#")).rfind('@');
  return at != std::string_view::npos && at > 0;  // before the first there is none, as in @FILE
}

bool is_secret(std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t')) return true;
  if (!may_connect(line)) return false;
  auto words = split_words(line);
  for (const char* quote : {"'", "\""}) {
    if (!words) words = split_words(std::string(line) + quote);
  }
  if (!words) return true;
  for (std::size_t i = 1; i < words->size(); ++i) {
    const std::string_view next = i + 1 < words->size() ? std::string_view((*words)[i + 1].text) : std::string_view();
    if (is_secret_word((*words)[i].text, next)) return true;
  }
  return false;
}

}  // namespace wscope::repl
