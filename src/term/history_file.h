// Where the lines of earlier runs are kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace wscope::term {

/// The line that an entry is in the file, without its LF: LF, CR and backslash are "\n", "\r" and "\\" there.
[[nodiscard]] std::string escape_entry(std::string_view entry);
/// The entry that a line is; a backslash before anything else stands for itself.
[[nodiscard]] std::string unescape_entry(std::string_view line);

/// A text file of one entry a line. Processes append to it at once, under a shared lock (flock()); who finds it far
/// larger than what is in it writes it anew, under an exclusive one.
class HistoryFile {
 public:
  /// Bytes of entries that are read, the latest ones.
  static constexpr std::size_t most_bytes = std::size_t{64} << 20U;
  /// How large a file may be for nothing.
  static constexpr std::size_t waste = 64 * 1024;

  /// The file and the directories to it are made by open().
  explicit HistoryFile(std::string path) : path_(std::move(path)) {}

  /// What is in it, oldest first, the later of equal entries, at most `most`. Lines that are no UTF-8 do not count. An
  /// error of kind io if it cannot be read or written.
  [[nodiscard]] base::Result<std::vector<std::string>> open(std::size_t most);
  /// Appends an entry with a single write(). An error of kind io if it is not kept.
  [[nodiscard]] base::Result<void> append(std::string_view entry);

 private:
  std::string path_;
  std::size_t most_ = 0;
  std::size_t compact_size_ = 0;  // of the file if it had nothing twice, when it was last looked at
};

}  // namespace wscope::term
