#include "repl/foreground_program.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "link/plan.h"
#include "net/error.h"
#include "net/fd.h"
#include "net/file.h"

extern char** environ;

namespace wscope::repl {
namespace {

// Of the environment, if it says something.
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Words alone: the shell can make room for the program, which then hears of signals itself.
bool is_simple(std::string_view command) noexcept {
  return command.find_first_of("|&;<>()$`\\\"'*?[]#~=%!{}\n") == std::string_view::npos;
}

// The program begins with the signals as they are by default, but for those of the terminal, which it shares with us.
int spawn(pid_t& process, const std::string& command, const std::string& path, int terminal) {
  posix_spawnattr_t attributes;
  if (const int refused = posix_spawnattr_init(&attributes); refused != 0) return refused;
  posix_spawn_file_actions_t streams;
  if (const int refused = posix_spawn_file_actions_init(&streams); refused != 0) {
    posix_spawnattr_destroy(&attributes);
    return refused;
  }
  posix_spawn_file_actions_adddup2(&streams, terminal, STDOUT_FILENO);
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGPIPE, SIGINT, SIGQUIT, SIGTSTP}) sigaddset(&signals, number);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  std::string script = (is_simple(command) ? "exec " : "") + command + " \"$1\"";
  std::array<std::string, 4> words = {"sh", "-c", script, "sh"};
  std::string file = path;
  std::array<char*, 6> arguments = {words[0].data(), words[1].data(), words[2].data(),
                                    words[3].data(), file.data(),     nullptr};
  const int error = ::posix_spawnp(&process, "sh", &streams, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&streams);
  posix_spawnattr_destroy(&attributes);
  return error;
}

}  // namespace

ForegroundProgram::~ForegroundProgram() { remove_file(); }

base::Result<void> ForegroundProgram::start(const std::string& command, std::string_view content) {
  assert(!running());
  remove_file();
  const std::string folder = variable("TMPDIR");
  path_ = (folder.empty() ? "/tmp" : folder) + "/wscope-XXXXXX";
  const net::UniqueFd file(::mkostemp(path_.data(), O_CLOEXEC));
  if (!file.valid()) return net::system_error(std::exchange(path_, ""), errno);
  if (!net::write_all(file.get(), content)) return net::system_error(path_, errno);
  if (const int error = spawn(process_, command, path_, terminal_); error != 0) return net::system_error("sh", error);
  return {};
}

void ForegroundProgram::signal(int number) const noexcept {
  if (running()) ::kill(process_, number);
}

std::optional<bool> ForegroundProgram::take_end() {
  int status = 0;
  if (!running()) return std::nullopt;
  const pid_t ended = ::waitpid(process_, &status, WNOHANG);
  const bool unknown = ended < 0 && errno == ECHILD;  // somebody else has waited for it
  if (ended != process_ && !unknown) return std::nullopt;
  process_ = 0;
  return !unknown && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

base::Result<std::string> ForegroundProgram::content() const {
  return net::read_regular_file(path_, streams::longest_held_message);
}

void ForegroundProgram::remove_file() noexcept {
  if (!path_.empty()) ::unlink(path_.c_str());
  path_.clear();
}

std::string pager_command() {
  const std::string pager = variable("PAGER");
  return pager.empty() ? "command -v less >/dev/null && exec less \"$1\"; exec more" : pager;
}

std::string editor_command() {
  std::string editor = variable("VISUAL");
  if (editor.empty()) editor = variable("EDITOR");
  return editor.empty() ? "vi" : editor;
}

}  // namespace wscope::repl
