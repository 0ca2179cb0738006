// What comes from the other side, as bytes for a program's stdin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "serve/exec_plan.h"
#include "view/json_events.h"
#include "ws/event.h"

namespace wscope::serve {

/// The size of a terminal in characters, 1 to 9999 each.
struct TerminalSize {
  std::uint16_t rows = 24;
  std::uint16_t columns = 80;

  bool operator==(const TerminalSize&) const = default;
};

/// A machine: messages, or pieces of them, go in, and bytes come out.
class ProgramInput {
 public:
  struct Options {
    ExecFormat format = ExecFormat::lines;
    bool keys = false;  ///< for a terminal: any message is keys, of ExecFormat::json text messages are objects
  };

  explicit ProgramInput(const Options& options) noexcept : options_(options) {}

  /// Whether take() must be given whole messages.
  [[nodiscard]] bool needs_whole() const noexcept { return options_.format == ExecFormat::json; }

  /// What a message, or a piece of one, is to the program.
  struct Given {
    base::Bytes body{};                    ///< the message's own bytes, or valid until the next call of take()
    std::string_view end{};                ///< behind them; static
    std::optional<TerminalSize> resize{};  ///< the terminal is to have that size
  };
  /// `stamp` is for events. An error, of kind protocol, is only of a terminal's objects: it says of a message what is
  /// wrong with it, "is not a JSON object".
  [[nodiscard]] base::Result<Given> take(const ws::Message& message, const view::Stamp& stamp);

  /// Whether a message had what ends one in it, so that the program sees several; true once only.
  [[nodiscard]] bool take_ambiguity() noexcept;

 private:
  [[nodiscard]] base::Result<Given> take_object(std::string_view text);
  [[nodiscard]] Given encode(const ws::Message& message);
  void look_for(char end_byte, base::Bytes data) noexcept;

  Options options_;
  std::string line_;     // what the latest message is made into
  std::string quantum_;  // of base64, one or two bytes that the next piece goes on with
  bool ambiguous_ = false;
  bool told_ = false;
};

}  // namespace wscope::serve
