// What a program writes, as what is to be sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/utf8.h"
#include "serve/exec_plan.h"
#include "serve/output_cutter.h"
#include "streams/format.h"
#include "view/json_events.h"
#include "wire/instruction.h"

namespace wscope::serve {

/// What is wrong with what a program has written.
struct OutputFlaw {
  /// For a Close frame with the code 1011: "output is not UTF-8".
  std::string reason;
  /// For a person, of kind io: the same and where.
  base::Error error;
};

/// Of output that was to be text.
[[nodiscard]] OutputFlaw describe_flaw(const base::Utf8Flaw& flaw);

/// What is to be sent.
struct OutputItem {
  /// A ws::Piece, which begins a message or goes on with it as ws::Connection::send() wants it, or of
  /// ExecFormat::json a Ping, a Pong or a Close. Text in it is UTF-8, and no piece of it is cut through a character.
  wire::Instruction instruction;
  view::Recipients recipients{};  ///< of ExecFormat::json, among the clients of a server
};

/// A machine: bytes that were read go in, in any pieces, and what is to be sent comes out. Nothing is held but a line
/// that has not come to its end: of ExecFormat::json all of it, of the others up to 64 KiB, beyond which it goes out in
/// fragments. So a message has one frame or many depending on how it has come, but always the same bytes.
class ProgramOutput {
 public:
  struct Options {
    ExecFormat format = ExecFormat::lines;
    streams::MessageType type = streams::MessageType::text;  ///< not of base64 and json
    bool names_stream = false;  ///< of lines: as stream_message() has it, text whatever the type
    std::uint64_t longest_held = streams::longest_held_message;  ///< bytes of a message of json
  };

  explicit ProgramOutput(const Options& options);

  /// What was read, which stays as it is until next() has returned nothing. Only then more may follow.
  void receive(base::Bytes bytes) noexcept { cutter_.receive(bytes); }
  /// The program writes nothing more. To be called once next() has returned nothing; there may be more to be taken.
  void end() noexcept { cutter_.end(); }

  /// The next item, valid until the next call; null if there is none by now, or because of a flaw().
  [[nodiscard]] const OutputItem* next();
  /// What is wrong. Nothing follows.
  [[nodiscard]] const std::optional<OutputFlaw>& flaw() const noexcept { return flaw_; }
  /// Of json: never mind that line, the next one counts.
  void pass_over() noexcept { flaw_.reset(); }

  /// Whether a message has begun and not ended: no other may come between.
  [[nodiscard]] bool in_message() const noexcept { return in_message_; }
  /// Bytes of memory that it holds besides itself.
  [[nodiscard]] std::size_t held() const noexcept { return cutter_.held() + storage_.capacity(); }

 private:
  // What takes a piece returns whether item_ is to be returned.
  [[nodiscard]] bool take(const OutputCutter::Piece& piece);
  [[nodiscard]] bool take_object(const OutputCutter::Piece& piece);
  [[nodiscard]] bool take_base64(const OutputCutter::Piece& piece);
  [[nodiscard]] bool take_named(const OutputCutter::Piece& piece);
  [[nodiscard]] bool is_text(const OutputCutter::Piece& piece);
  bool give(base::Bytes payload, bool finished);
  bool fail(OutputFlaw flaw);

  Options options_;
  ws::Opcode type_;
  OutputCutter cutter_;
  OutputItem item_;
  std::string storage_;  // what the latest piece stands for
  std::uint64_t line_ = 0;
  bool in_message_ = false;
  bool passing_ = false;  // the rest of a line that is too long
  std::optional<OutputFlaw> flaw_;
};

/// What tells of which stream of a program a line is: {"stream":"stderr","data":…}, of what is not UTF-8 "base64".
[[nodiscard]] std::string stream_message(std::string_view stream, base::Bytes line);

/// What a program says on stderr, cut into lines.
class ProgramErrors {
 public:
  /// Bytes of a line; one that is longer becomes several, cut between characters.
  static constexpr std::size_t longest_line = std::size_t{8} << 10;

  ProgramErrors() noexcept : cutter_({.whole = OutputCutter::Whole::characters, .longest_held = longest_line}) {}

  /// As of ProgramOutput.
  void receive(base::Bytes bytes) noexcept { cutter_.receive(bytes); }
  void end() noexcept { cutter_.end(); }
  /// The next line without its end, any bytes, valid until the next call; nothing if there is none by now.
  [[nodiscard]] std::optional<base::Bytes> next();

 private:
  OutputCutter cutter_;
  base::Bytes rest_{};  // of a piece
  bool cut_ = false;    // the line goes on behind what was returned of it
};

}  // namespace wscope::serve
