// The commands of the REPL that send something.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "link/connections.h"
#include "repl/slash_arguments.h"
#include "repl/slash_commands.h"
#include "repl/variables.h"
#include "report/transcript.h"
#include "wire/instruction.h"

namespace wscope::repl {

/// Sends to the connections in use, also what is in the transcript. Names in what is sent are filled in, if they are to
/// be: not before it is known what each part of the line is.
class Sender {
 public:
  /// All that is referred to outlives it.
  Sender(base::RandomSource& random, link::Connections& connections, const report::Transcript& transcript,
         Variables& variables)
      : random_(random), connections_(connections), transcript_(transcript), variables_(variables) {}

  /// Whether it is a command to send something.
  [[nodiscard]] static bool sends(Action action) noexcept;
  /// Whether a line, typed so, would send something.
  [[nodiscard]] static bool sends(std::string_view line);
  /// What is sent from now on goes there; at first, to what is in use.
  void set_target(link::Use target) { target_ = target; }
  /// Obeys one. An error, of kind usage or io, if its arguments are wrong, there is nobody to send to, or it may not be
  /// sent.
  [[nodiscard]] base::Result<void> execute(Action action, std::string_view arguments);
  /// Sends a message as it is. Errors as execute() has them.
  [[nodiscard]] base::Result<void> send(ws::Opcode type, std::string_view payload);

 private:
  [[nodiscard]] link::Use target() const { return target_.value_or(connections_.use()); }
  [[nodiscard]] Fill fill() {
    return [this](std::string_view text) { return variables_.fill(text); };
  }
  [[nodiscard]] base::Result<void> check_room(std::size_t needed);
  /// `size`: how many bytes it sends or so, which clients that read slowly may have to do without; nothing: none may.
  /// Goes on behind what fails, and returns the first error.
  [[nodiscard]] base::Result<void> to_each(std::optional<std::size_t> size, const wire::Instruction& instruction);
  [[nodiscard]] base::Result<void> text(std::string_view arguments);
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
  const report::Transcript& transcript_;
  Variables& variables_;
  std::optional<link::Use> target_;
};

}  // namespace wscope::repl
