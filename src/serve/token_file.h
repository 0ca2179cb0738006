// The file of a relay's tokens, as it is now.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "base/result.h"
#include "serve/token_table.h"

namespace wscope::serve {

/// Keeps the table of a file that somebody may write anew at any time, or put another one in the place of.
class TokenFile {
 public:
  /// Of the file at `path`; empty until the first look().
  explicit TokenFile(std::string path) : path_(std::move(path)) {}

  /// Reads it if it is not the one that was read last, by its number, size and time. An Error of kind io, "PATH: why"
  /// or "PATH:LINE: why", told once for each state of the file: the table is then what it was.
  [[nodiscard]] base::Result<void> look();
  [[nodiscard]] const TokenTable& table() const noexcept { return table_; }

 private:
  using Identity = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::int64_t, std::int64_t>;
  [[nodiscard]] std::optional<Identity> identify() const;

  std::string path_;
  bool looked_ = false;
  std::optional<Identity> seen_;  // nothing: there was none
  TokenTable table_;
};

}  // namespace wscope::serve
