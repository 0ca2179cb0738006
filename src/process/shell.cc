#include "process/shell.h"

#include <csignal>

#include <fcntl.h>
#include <spawn.h>

#include "net/error.h"

extern char** environ;

namespace wscope::process {
namespace {

void set_streams(posix_spawn_file_actions_t& streams, const ShellLaunch& launch) {
  if (!launch.has_input) posix_spawn_file_actions_addopen(&streams, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (launch.output != STDOUT_FILENO) posix_spawn_file_actions_adddup2(&streams, launch.output, STDOUT_FILENO);
  if (launch.errors != STDERR_FILENO) posix_spawn_file_actions_adddup2(&streams, launch.errors, STDERR_FILENO);
}

void set_attributes(posix_spawnattr_t& attributes, const ShellLaunch& launch) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGCHLD, SIGQUIT, SIGHUP, SIGTSTP}) sigaddset(&signals, number);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  if (launch.own_group) posix_spawnattr_setpgroup(&attributes, 0);
  const int group = launch.own_group ? POSIX_SPAWN_SETPGROUP : 0;
  posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGDEF | group));
}

int spawn(pid_t& process, const ShellLaunch& launch) {
  posix_spawnattr_t attributes;
  if (const int refused = posix_spawnattr_init(&attributes); refused != 0) return refused;
  posix_spawn_file_actions_t streams;
  if (const int refused = posix_spawn_file_actions_init(&streams); refused != 0) {
    posix_spawnattr_destroy(&attributes);
    return refused;
  }
  set_streams(streams, launch);
  set_attributes(attributes, launch);
  std::vector<std::string> words = {"sh", "-c", launch.command, "sh"};
  words.insert(words.end(), launch.arguments.begin(), launch.arguments.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  char* const* const environment = launch.environment == nullptr ? environ : launch.environment;
  const int error = ::posix_spawn(&process, "/bin/sh", &streams, &attributes, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&streams);
  posix_spawnattr_destroy(&attributes);
  return error;
}

}  // namespace

base::Result<pid_t> start_shell(const ShellLaunch& launch) {
  pid_t process = 0;
  if (const int error = spawn(process, launch); error != 0) return net::system_error("/bin/sh", error);
  return process;
}

}  // namespace wscope::process
