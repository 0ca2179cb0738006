// Stdin, or a script, as messages to be sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/utf8.h"
#include "net/poller.h"
#include "streams/format.h"
#include "streams/line_splitter.h"
#include "view/json_events.h"
#include "wire/instruction.h"
#include "ws/opcode.h"

namespace wscope::streams {

/// What the input asks to be sent.
struct InputItem {
  /// Text in it is valid UTF-8. A piece that goes on with a message is as the first one: its opcode is that of the
  /// message.
  wire::Instruction instruction;
  view::Recipients recipients{};  ///< among the clients of a server
};

/// Reads a descriptor that may block, only when it is wanted to, and in bounded memory. It reads when the loop turns:
/// behind each turn there may be more to be taken.
class InputSource final : private net::Pollable {
 public:
  struct Options {
    InputFormat format = InputFormat::lines;
    MessageType type = MessageType::text;
    bool keeps_line_ends = false;                       ///< of InputFormat::lines: they are part of the message
    bool escapes = false;                               ///< base::unescape() is applied, to lines or nul
    bool whole = false;                                 ///< no message comes in pieces
    std::uint64_t longest_held = longest_held_message;  ///< bytes of a message where its line must be held
    std::string_view name = "standard input";           ///< for errors; outlives it
    bool hints = true;                                  ///< options can help against errors
    bool typed = false;                                 ///< nothing is read: receive() has the input
  };

  /// `fd` stays open as long as this lives; -1: there is no input, unless it is typed.
  InputSource(net::Poller& poller, int fd, Options options);
  ~InputSource() { poller_.remove(id_); }
  InputSource(const InputSource&) = delete;
  InputSource& operator=(const InputSource&) = delete;

  /// The next item, valid until the next call; null if there is none by now, or because of an error().
  [[nodiscard]] const InputItem* next();
  /// What is wrong with the input, of kind io and with the number of the line. Nothing follows.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }
  /// The rest of the message that was begun is of no use, if it was `begun`.
  void drop_line(bool begun) noexcept {
    dropping_ = begun;
    utf8_.reset();
  }
  /// Nothing will come any more.
  [[nodiscard]] bool done() const noexcept { return splitter_.done() && read_error_ == 0 && typed_.empty(); }
  /// What was typed, instead of what is read, and its end.
  void receive(std::string_view text) { typed_ += text; }
  void receive_eof() noexcept { typed_end_ = true; }
  /// Bytes that were typed and wait.
  [[nodiscard]] std::size_t waiting() const noexcept { return typed_.size(); }

  /// Whether to read on.
  void want(bool more) { poller_.set_interest(id_, {.readable = more && !ended_ && !options_.typed}); }

 private:
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}
  void end() noexcept;
  [[nodiscard]] bool take_typed();
  // What handles a piece of the input returns whether item_ is to be returned.
  [[nodiscard]] bool is_usual(base::Bytes line) noexcept;
  [[nodiscard]] bool take(const LineSplitter::Piece& piece);
  [[nodiscard]] bool decode(base::Bytes line);
  [[nodiscard]] bool take_data(base::Bytes payload, bool finished);
  bool fail(const std::string& what, const char* hint = "");
  bool fail_too_long();

  net::Poller& poller_;
  int fd_;
  Options options_;
  ws::Opcode type_;
  net::Poller::Id id_;
  LineSplitter splitter_;
  base::Utf8Validator utf8_;
  view::EventReader events_;
  InputItem item_;       // the latest; at first and of lines that are not held, a ws::Piece of the type
  std::string held_;     // the beginning of a line that must be held
  std::string decoded_;  // what the latest line stands for
  std::string typed_;    // and not yet taken
  bool typed_end_ = false;
  bool holding_ = false;  // held_ is the beginning of a line, perhaps an empty one
  bool dropping_ = false;
  bool ended_ = false;
  bool widened_ = false;  // the pipe that is read, if it is one
  int read_error_ = 0;    // errno's value
  std::optional<base::Error> error_;
};

}  // namespace wscope::streams
