// Where the lines of earlier runs are kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace wscope::term {

/// The line that an entry is in the file, without its LF: LF, CR and backslash are "\n", "\r" and "\\" there, a byte
/// that is no UTF-8 is "\xHH".
[[nodiscard]] std::string escape_entry(std::string_view entry);
/// The entry that a line is; a backslash before anything else stands for itself.
[[nodiscard]] std::string unescape_entry(std::string_view line);

/// A text file of one entry a line. Processes append to it at once, under a shared lock (flock()); who finds it far
/// larger than the entries to be kept of it writes it anew with these, under an exclusive one. Nobody waits long for a
/// lock: what cannot be appended now is kept for later.
class HistoryFile {
 public:
  /// Bytes of the file that are read, its last ones. A larger file is never written anew.
  static constexpr std::size_t most_bytes = std::size_t{64} << 20U;
  /// Bytes of a line; an entry that needs more is not kept.
  static constexpr std::size_t most_line = std::size_t{1} << 20U;
  /// How large a file may be for nothing.
  static constexpr std::size_t waste = 64 * 1024;

  /// The file and the directories to it are made by open().
  explicit HistoryFile(std::string path) : path_(std::move(path)) {}

  /// What is in it, oldest first, the later of equal entries, at most `most`. Lines that are no UTF-8 do not count. An
  /// error of kind io if it cannot be read or written.
  [[nodiscard]] base::Result<std::vector<std::string>> open(std::size_t most);
  /// Appends an entry with a single write(), unless it is too long, or later if another process has the file locked. An
  /// error of kind io if it could not.
  [[nodiscard]] base::Result<void> append(std::string_view entry);
  /// Appends what was kept for later, at the latest now, lock or not. To be called at the end.
  void finish();

 private:
  /// Appends the lines that wait, once it has the lock, or in the end without it.
  [[nodiscard]] base::Result<void> write_waiting(int tries, bool anyway);

  std::string path_;
  std::string waiting_;  // lines that are still to be appended
  std::size_t most_ = 0;
  std::size_t compact_size_ = 0;  // of the file if it had but the entries to keep, when it was last looked at
};

}  // namespace wscope::term
