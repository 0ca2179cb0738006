// A command of a script, run by the shell.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.h"
#include "net/fd.h"

namespace wscope::script {

/// One at a time, in a process group of its own; its stdin is empty. What is left of it is killed when this goes.
class Program {
 public:
  Program() = default;
  ~Program() { kill(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Where its stdout and stderr go.
  enum class Output : unsigned char { to_stderr, read };
  /// Not while one is running. `environment` is NAME=VALUE, besides ours. An error of kind io.
  [[nodiscard]] base::Result<void> start(const std::string& command, const std::vector<std::string>& environment,
                                         Output output = Output::to_stderr);
  /// With Output::read, what becomes readable when it says something.
  [[nodiscard]] int output() const noexcept { return output_.get(); }
  /// Appends some of what it has said; false if there is nothing now.
  [[nodiscard]] bool read(std::string& into);
  /// Whether nobody is left who could say something.
  [[nodiscard]] bool said_all() const noexcept { return said_all_; }
  [[nodiscard]] bool running() const noexcept { return process_ > 0; }
  /// Upon SIGCHLD: how it has ended: empty if well, else "exit status 3", "killed by signal 9"; nothing if it has not.
  [[nodiscard]] std::optional<std::string> take_end();
  /// Kills it and all of its group.
  void kill() noexcept;

 private:
  pid_t process_ = 0;
  net::UniqueFd output_{};
  bool said_all_ = false;
};

}  // namespace wscope::script
