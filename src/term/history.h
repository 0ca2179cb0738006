// Lines that were typed before, in this run and in earlier ones.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "term/history_file.h"

namespace wscope::term {

/// A list of entries, oldest first, none twice (the later one stays), none empty, bounded. An entry may have several
/// lines and bytes that are no UTF-8.
class History {
 public:
  static constexpr std::size_t most = 10'000;

  /// In memory only.
  History() = default;
  ~History();
  History(History&&) noexcept = default;
  History& operator=(History&&) = delete;

  /// Reads the entries in `path` and appends to it from now on; makes it and its directories if need be, for nobody
  /// else to read (0600, 0700). Several processes may append at once: nobody's entries are lost. An error of kind io
  /// says why nothing will be kept; what could be read stays.
  [[nodiscard]] base::Result<void> open(const std::string& path);

  /// Appends an entry, to the file as well unless it is secret.
  void add(std::string_view entry, bool secret = false);

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] const std::string& operator[](std::size_t index) const noexcept;

 private:
  void remember(std::string_view entry);

  std::vector<std::string> entries_;
  std::optional<HistoryFile> file_;
};

/// Where it is kept: $XDG_STATE_HOME/wscope/history, ~/.local/state/wscope/history; empty if there is no home.
[[nodiscard]] std::string history_path();

}  // namespace wscope::term
