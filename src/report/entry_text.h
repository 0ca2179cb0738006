// Entries of the transcript as a person reads them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "report/transcript.h"

namespace wscope::report {

/// "12 < 09:12:01.164 +41.2 ms text {"id":…", safe for a terminal, with a line feed; cut to `columns`, if there are
/// any. The connection is named if it has to be.
[[nodiscard]] std::string entry_line(const Entry& entry, bool names_connection, std::optional<std::size_t> columns);

enum class EntryView : unsigned char {
  usual,  ///< text as it is, a binary message as a dump
  hex,    ///< a dump
  json,   ///< indented
  raw,    ///< text as it is, also of a binary message
};
/// The whole of one, in lines that are safe for a terminal. An error, not_now: it is no JSON.
[[nodiscard]] base::Result<std::string> entry_text(const Entry& entry, EntryView view);

/// The lines of a unified diff of two, with a line for each member and element if both are JSON, or dumps if one of
/// them is not text; empty if there is no difference. Safe for a terminal.
[[nodiscard]] std::string entry_diff(const Entry& from, const Entry& to);

/// Whether lines take no more than a screen of so many rows and columns, of which one is for the prompt.
[[nodiscard]] bool fits(std::string_view lines, std::size_t rows, std::size_t columns);

}  // namespace wscope::report
