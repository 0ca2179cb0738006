// A server whose clients talk to programs, whatever a process is for.
#pragma once

#include <optional>

#include "base/result.h"
#include "link/service.h"

namespace wscope::serve {

/// What whoever runs the server does with it besides. All may be called at any time once the server is made.
class ProgramService : public link::Service {
 public:
  virtual ~ProgramService() = default;

  /// Before anybody is let in: what is to run from the beginning does so. An error of kind io.
  [[nodiscard]] virtual base::Result<void> start() { return {}; }
  /// Upon SIGCHLD.
  virtual void look_at_programs() = 0;
  /// In each turn of the loop: what waited for room on stderr goes on if there is some.
  virtual void resume() = 0;
  /// We are leaving, and the server was shut down: all programs are ended in steps together.
  virtual void leave() = 0;
  /// Kills all of them.
  virtual void kill() noexcept = 0;
  /// Whether there are any.
  [[nodiscard]] virtual bool has_programs() const noexcept = 0;
  /// Why a program has ended the server, if it has and something was wrong with it; of kind io.
  [[nodiscard]] virtual std::optional<base::Error> failure() const { return std::nullopt; }
};

}  // namespace wscope::serve
