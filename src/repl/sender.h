// The commands of the REPL that send something.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "link/connections.h"
#include "repl/slash_commands.h"
#include "wire/instruction.h"

namespace wscope::repl {

/// Sends to the connections in use, and remembers messages so that they can be sent again.
class Sender {
 public:
  /// All that is referred to outlives it.
  Sender(base::RandomSource& random, link::Connections& connections) : random_(random), connections_(connections) {}

  /// Whether it is a command to send something.
  [[nodiscard]] static bool sends(Action action) noexcept;
  /// Whether a line, typed so, would send something.
  [[nodiscard]] static bool sends(std::string_view line);
  /// What is sent from now on goes there; at first, to what is in use.
  void set_target(link::Use target) { target_ = target; }
  /// Obeys one. An error, of kind usage or io, if its arguments are wrong, there is nobody to send to, or it may not be
  /// sent.
  [[nodiscard]] base::Result<void> execute(Action action, std::string_view arguments);
  /// Sends a message. Errors as execute() has them.
  [[nodiscard]] base::Result<void> send(ws::Opcode type, std::string_view payload);

 private:
  struct Sent {
    ws::Opcode type = ws::Opcode::text;
    std::optional<std::string> payload;  // none: it was let go, as the later ones need its room
  };

  void keep(ws::Opcode type, std::string_view payload);
  [[nodiscard]] link::Use target() const { return target_.value_or(connections_.use()); }
  [[nodiscard]] base::Result<void> check_room(std::size_t needed);
  /// `size`: how many bytes it sends or so, which clients that read slowly may have to do without; nothing: none may.
  /// Goes on behind what fails, and returns the first error.
  [[nodiscard]] base::Result<void> to_each(std::optional<std::size_t> size, const wire::Instruction& instruction);
  [[nodiscard]] base::Result<void> binary(std::string_view arguments);
  [[nodiscard]] base::Result<void> file(std::string_view arguments);
  [[nodiscard]] base::Result<void> ping(std::string_view arguments);
  [[nodiscard]] base::Result<void> pong(std::string_view arguments);
  [[nodiscard]] base::Result<void> close(std::string_view arguments);
  [[nodiscard]] base::Result<void> fragment(std::string_view arguments);
  [[nodiscard]] base::Result<void> frame(std::string_view arguments);
  [[nodiscard]] base::Result<void> raw(std::string_view arguments);
  [[nodiscard]] base::Result<void> resend(std::string_view arguments);

  base::RandomSource& random_;
  link::Connections& connections_;
  std::optional<link::Use> target_;
  bool reached_ = false;        // somebody was, by what was sent last
  std::deque<Sent> sent_;       // the latest last
  std::size_t sent_bytes_ = 0;  // in their payloads
};

}  // namespace wscope::repl
