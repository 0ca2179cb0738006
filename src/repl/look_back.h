// The commands of the REPL that look back at what was said.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "link/connections.h"
#include "repl/slash_commands.h"
#include "report/journal.h"

namespace wscope::repl {

class InterpreterHost;

/// Reads the transcript of a journal, and shows of it what is asked for.
class LookBack {
 public:
  /// All that is referred to outlives it.
  LookBack(link::Connections& connections, report::Journal& journal, InterpreterHost& host)
      : connections_(connections), journal_(journal), host_(host) {}

  /// Whether it is such a command.
  [[nodiscard]] static bool knows(Action action) noexcept;
  /// Obeys one. An error, of kind usage, not_now or io, if its arguments are wrong or there is no such entry.
  [[nodiscard]] base::Result<void> execute(Action action, std::string_view arguments);
  /// Lists the entries of what is in use that match. An error, not_now, if there are none.
  [[nodiscard]] base::Result<void> search(const talk::Match& match);
  /// Shows both heads of the connection in use, or of the last attempt that failed.
  [[nodiscard]] base::Result<void> show_handshake();

 private:
  [[nodiscard]] base::Result<void> last(std::string_view arguments);
  using IsWanted = std::function<bool(const report::Entry&)>;
  [[nodiscard]] base::Result<void> list(std::uint64_t count, const IsWanted& is_wanted, std::string_view if_none);
  [[nodiscard]] base::Result<void> save(std::string_view arguments);
  [[nodiscard]] base::Result<void> copy(std::string_view arguments);
  [[nodiscard]] base::Result<void> diff(std::string_view arguments);
  [[nodiscard]] base::Result<void> log(std::string_view arguments);
  /// The pager has what is longer than the screen.
  [[nodiscard]] base::Result<void> show(const std::string& lines);

  link::Connections& connections_;
  report::Journal& journal_;
  InterpreterHost& host_;
};

/// The entry that is typed as "12" or "#12", or the last message that came if nothing is. An error, of kind usage or
/// not_now, if there is none.
[[nodiscard]] base::Result<const report::Entry*> find_entry(const report::Transcript& transcript,
                                                            std::string_view typed);

}  // namespace wscope::repl
