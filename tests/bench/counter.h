// Counts what a program does from its start to its end, with other people's tools. Unlike its time, that is the same on
// a busy machine as on a quiet one.
#pragma once

#include <string>
#include <vector>

namespace wscope::bench {

enum class Counted : unsigned char {
  instructions,  ///< in user space, by valgrind's callgrind, which takes one that copies n bytes for n of them
  system_calls,  ///< by strace
};

/// The program that does the counting; it is looked for in PATH.
[[nodiscard]] const char* tool_for(Counted what);
[[nodiscard]] bool is_installed(const char* tool);

/// One count of one program.
class Counter {
 public:
  explicit Counter(Counted what);
  ~Counter();
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  /// Put in front of a command, these words have it counted. The process stays the one that was started.
  [[nodiscard]] const std::vector<std::string>& prefix() const { return prefix_; }

  /// How many there were. Waits for the tool to write its report, which it does when the program has ended by itself.
  [[nodiscard]] double count() const;

 private:
  Counted what_;
  std::string report_;  // a file
  std::vector<std::string> prefix_;
};

}  // namespace wscope::bench
