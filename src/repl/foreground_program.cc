#include "repl/foreground_program.h"

#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "link/plan.h"
#include "net/error.h"
#include "net/fd.h"
#include "net/file.h"
#include "process/shell.h"

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
  auto started = process::start_shell({.command = (is_simple(command) ? "exec " : "") + command + " \"$1\"",
                                       .arguments = {path_},
                                       .has_input = true,
                                       .output = terminal_});
  if (!started) return std::move(started).error();
  process_ = *started;
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
