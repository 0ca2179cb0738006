// Programs that take the terminal for a while: a pager, an editor.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.h"

namespace wscope::repl {

/// One program at a time, and the file that it works on, which is for nobody else to read.
class ForegroundProgram {
 public:
  /// The programs' stdout is `terminal`, which stays the caller's.
  explicit ForegroundProgram(int terminal) : terminal_(terminal) {}
  ~ForegroundProgram();
  ForegroundProgram(const ForegroundProgram&) = delete;
  ForegroundProgram& operator=(const ForegroundProgram&) = delete;

  /// Runs `command`, which is for the shell, with a file of this content as its argument. Not while one is running. An
  /// error of kind io.
  [[nodiscard]] base::Result<void> start(const std::string& command, std::string_view content);
  [[nodiscard]] bool running() const noexcept { return process_ > 0; }
  /// Sends it a signal, if there is one; of a command that is more than words, only the shell hears it.
  void signal(int number) const noexcept;
  /// Upon SIGCHLD: whether it has ended in a way that says that all went well; nothing if it has not ended.
  [[nodiscard]] std::optional<bool> take_end();
  /// What is in the file now. An error of kind io.
  [[nodiscard]] base::Result<std::string> content() const;
  /// To be called once the program has ended, and its file was read.
  void remove_file() noexcept;

 private:
  int terminal_;
  pid_t process_ = 0;
  std::string path_;
};

/// The person's pager and editor: $PAGER or less or more, $VISUAL or $EDITOR or vi.
[[nodiscard]] std::string pager_command();
[[nodiscard]] std::string editor_command();

}  // namespace wscope::repl
