#include "view/message_printer.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;
using view::MessagePrinter;
using view::Surface;

namespace {

struct Piece {
  std::string_view data;
  bool first = true;
  bool finished = true;
};

std::string print(Surface surface, ws::Opcode type, std::initializer_list<Piece> pieces) {
  MessagePrinter printer(surface);
  base::Buffer out(10'000);
  for (const Piece& piece : pieces) {
    ws::Message message;
    message.type = type;
    message.first = piece.first;
    message.finished = piece.finished;
    message.data = base::as_bytes(piece.data);
    printer.print(message, out);
  }
  return std::string(base::as_text(out.view()));
}

}  // namespace

TEST_CASE("a pipe gets text as it is, each message with a line feed") {
  CHECK(print(Surface::pipe, ws::Opcode::text, {{"one"}, {""}, {"\x1b[2J\r\n"}}) == "one\n\n\x1b[2J\r\n\n");
}

TEST_CASE("a pipe gets binary as it is and nothing else") {
  CHECK(print(Surface::pipe, ws::Opcode::binary, {{"\xff\n"}, {""}, {"\x01"}}) == "\xff\n\x01");
}

TEST_CASE("the line feed follows the last piece of a text") {
  for (const Surface surface : {Surface::pipe, Surface::terminal}) {
    CHECK(print(surface, ws::Opcode::text,
                {{"on", true, false}, {"", false, false}, {"e", false, false}, {"", false, true}, {"two"}}) ==
          "one\ntwo\n");
  }
}

TEST_CASE("a terminal gets text escaped, lines kept") {
  CHECK(print(Surface::terminal, ws::Opcode::text, {{"a\nb\x1b]0;title\a\u202e"}}) ==
        "a\nb\\x1b]0;title\\x07\\u{202e}\n");
}

TEST_CASE("a terminal gets binary as a hex dump that goes on through all pieces of a message") {
  const std::string first_line = "  0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n";
  CHECK(print(Surface::terminal, ws::Opcode::binary, {{"0123456789abcdef", true, false}, {"0", false, true}, {"0"}}) ==
        first_line + "  0010  30                                                |0|\n" +
            "  0000  30                                                |0|\n");
}
