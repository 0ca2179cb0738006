#include "check/client_program.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iterator>
#include <utility>

#include <unistd.h>

#include "process/environment.h"
#include "process/lookup.h"
#include "view/escape.h"

extern char** environ;

namespace wscope::check {
namespace {

constexpr base::Duration to_end = std::chrono::seconds(1);
constexpr std::size_t kept_of_errors = 4096;
constexpr std::size_t kept_of_line = 200;
constexpr std::string_view url_word = "{url}";
constexpr int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE};

std::string with_url(std::string word, const std::string& url) {
  for (std::size_t at = word.find(url_word); at != std::string::npos; at = word.find(url_word, at + url.size())) {
    word.replace(at, url_word.size(), url);
  }
  return word;
}

}  // namespace

base::Result<process::Launch> launch_of_client(const std::vector<std::string>& words, const std::string& url) {
  auto path = process::find_program(words.front(), process::search_path());
  if (!path) return std::move(path).error();
  process::Launch launch;
  launch.path = *std::move(path);
  std::transform(words.begin(), words.end(), std::back_inserter(launch.arguments),
                 [&url](const std::string& word) { return with_url(word, url); });
  // It is the person's own client, which may need anything of what the person has.
  launch.environment = process::inherited_environment({"*"}, environ);
  launch.environment.set("WSCOPE_URL", url);
  return launch;
}

ClientProgram::ClientProgram(net::Poller& poller, base::MutableBytes room, ClientProgramOwner& owner)
    : owner_(owner), program_(poller, room, to_end, *this) {}

void ClientProgram::leave() {
  if (program_.running()) program_.leave(false);
}

void ClientProgram::handle_errors(process::Program&, base::Bytes bytes) {
  errors_ += base::as_text(bytes);
  if (errors_.size() > kept_of_errors) errors_.erase(0, errors_.size() - kept_of_errors);
}

bool ClientProgram::crashed() const noexcept {
  return std::find(std::begin(crashes), std::end(crashes), program_.status().signal) != std::end(crashes);
}

std::string ClientProgram::end_words() const {
  std::string text = program_.status().text();
  std::string_view errors = errors_;
  while (errors.ends_with('\n') || errors.ends_with('\r')) errors.remove_suffix(1);
  errors.remove_prefix(errors.rfind('\n') == std::string_view::npos ? 0 : errors.rfind('\n') + 1);
  if (!errors.empty()) text += ": " + view::escape(errors.substr(0, kept_of_line));
  return text;
}

}  // namespace wscope::check
