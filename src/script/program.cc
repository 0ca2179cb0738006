#include "script/program.h"

#include <array>
#include <cassert>
#include <csignal>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/shell.h"

extern char** environ;

namespace wscope::script {
namespace {

// Ours but for what is set anew.
std::vector<char*> environment_with(std::vector<std::string>& added) {
  const auto is_set_anew = [&added](std::string_view entry) {
    for (const std::string& one : added) {
      const std::string_view name = std::string_view(one).substr(0, one.find('=') + 1);
      if (entry.starts_with(name)) return true;
    }
    return false;
  };
  std::vector<char*> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!is_set_anew(*entry)) entries.push_back(*entry);
  }
  for (std::string& one : added) entries.push_back(one.data());
  entries.push_back(nullptr);
  return entries;
}

}  // namespace

base::Result<void> Program::start(const std::string& command, const std::vector<std::string>& environment,
                                  Output output) {
  assert(!running());
  std::vector<std::string> added = environment;
  std::vector<char*> entries = environment_with(added);
  net::UniqueFd written;
  output_.reset();
  said_all_ = false;
  if (output == Output::read) {
    auto pipe = net::make_pipe();
    if (!pipe) return std::move(pipe).error();
    output_ = std::move(pipe->read_end);
    written = std::move(pipe->write_end);
    ::fcntl(written.get(), F_SETFL, 0);  // which is what a program is used to
  }
  const int to = written.valid() ? written.get() : STDERR_FILENO;
  auto started = process::start_shell(
      {.command = command, .environment = entries.data(), .output = to, .errors = to, .own_group = true});
  if (!started) return std::move(started).error();
  process_ = *started;
  return {};
}

bool Program::read(std::string& into) {
  constexpr std::size_t most = std::size_t{16} << 10;
  std::array<char, most> piece{};
  const ssize_t got = output_.valid() ? ::read(output_.get(), piece.data(), piece.size()) : 0;
  if (got == 0) said_all_ = true;
  if (got > 0) into.append(piece.data(), static_cast<std::size_t>(got));
  return got > 0;
}

std::optional<std::string> Program::take_end() {
  int status = 0;
  if (!running() || ::waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
  process_ = 0;
  if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) != 0) return "exit status " + std::to_string(WEXITSTATUS(status));
  return "";
}

void Program::kill() noexcept {
  if (!running()) return;
  ::kill(-process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

}  // namespace wscope::script
