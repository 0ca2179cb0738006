#include "view/message_printer.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "support/split.h"

using namespace wscope;
using view::MessageFormat;
using view::MessagePrinter;

namespace {

struct Piece {
  std::string_view data;
  bool first = true;
  bool finished = true;
};

std::string print(MessageFormat format, ws::Opcode type, std::initializer_list<Piece> pieces) {
  MessagePrinter printer(format);
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

std::string print_at_once(MessageFormat format, const std::vector<std::string_view>& texts, ws::Opcode type) {
  std::vector<ws::Message> messages(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    messages[i].type = type;
    messages[i].first = messages[i].finished = true;
    messages[i].data = base::as_bytes(texts[i]);
  }
  MessagePrinter printer(format);
  base::Buffer out(10'000);
  printer.print(messages, out);
  return std::string(base::as_text(out.view()));
}

// Two messages, each `data` in `pieces`.
std::string print_twice(MessageFormat format, test::Pieces pieces) {
  MessagePrinter printer(format);
  base::Buffer out(100'000);
  for (int i = 0; i < 2; ++i) {
    for (std::size_t at = 0; at < pieces.size(); ++at) {
      ws::Message message;
      message.first = at == 0;
      message.finished = at + 1 == pieces.size();
      message.data = pieces[at];
      printer.print(message, out);
    }
  }
  return std::string(base::as_text(out.view()));
}

constexpr ws::Opcode both_types[] = {ws::Opcode::text, ws::Opcode::binary};

}  // namespace

TEST_CASE("lines: text is as it is, each message with a line feed") {
  CHECK(print(MessageFormat::lines, ws::Opcode::text, {{"one"}, {""}, {"\x1b[2J\r\n"}}) == "one\n\n\x1b[2J\r\n\n");
}

TEST_CASE("messages that are printed at once are printed as one by one") {
  for (const MessageFormat format : {MessageFormat::lines, MessageFormat::terminal, MessageFormat::nul,
                                     MessageFormat::raw, MessageFormat::hex, MessageFormat::base64}) {
    for (const ws::Opcode type : both_types) {
      CHECK(print_at_once(format, {"one", "", "two\n"}, type) == print(format, type, {{"one"}, {""}, {"two\n"}}));
    }
  }
}

TEST_CASE("lines: binary is as it is and nothing else") {
  CHECK(print(MessageFormat::lines, ws::Opcode::binary, {{"\xff\n"}, {""}, {"\x01"}}) == "\xff\n\x01");
}

TEST_CASE("the line feed follows the last piece of a text") {
  for (const MessageFormat format : {MessageFormat::lines, MessageFormat::terminal}) {
    CHECK(print(format, ws::Opcode::text,
                {{"on", true, false}, {"", false, false}, {"e", false, false}, {"", false, true}, {"two"}}) ==
          "one\ntwo\n");
  }
}

TEST_CASE("a terminal gets text escaped, lines kept") {
  CHECK(print(MessageFormat::terminal, ws::Opcode::text, {{"a\nb\x1b]0;title\a\u202e"}}) ==
        "a\nb\\x1b]0;title\\x07\\u{202e}\n");
}

TEST_CASE("a terminal gets binary as a hex dump that goes on through all pieces of a message") {
  const std::string first_line = "  0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n";
  CHECK(print(MessageFormat::terminal, ws::Opcode::binary,
              {{"0123456789abcdef", true, false}, {"0", false, true}, {"0"}}) ==
        first_line + "  0010  30                                                |0|\n" +
            "  0000  30                                                |0|\n");
}

TEST_CASE("nul: every message ends in a NUL byte, whatever its type") {
  const std::string_view expected("one\0\0a\nb\0two\0", 13);
  for (const ws::Opcode type : both_types) {
    CHECK(print(MessageFormat::nul, type, {{"one"}, {""}, {"a\n", true, false}, {"b", false, true}, {"two"}}) ==
          expected);
  }
}

TEST_CASE("raw: payloads and nothing else") {
  for (const ws::Opcode type : both_types) {
    CHECK(print(MessageFormat::raw, type, {{"one"}, {""}, {"\xff", true, false}, {"\n", false, true}}) == "one\xff\n");
  }
}

TEST_CASE("hex: every message is a line") {
  for (const ws::Opcode type : both_types) {
    CHECK(print(MessageFormat::hex, type, {{"\xff\n"}, {""}, {"a", true, false}, {"bc", false, true}, {"d"}}) ==
          "ff0a\n\n616263\n64\n");
  }
}

TEST_CASE("base64: every message is a line") {
  for (const ws::Opcode type : both_types) {
    CHECK(print(MessageFormat::base64, type, {{"\xff"}, {""}, {"ab"}, {"abc"}, {"abcd"}}) ==
          "/w==\n\nYWI=\nYWJj\nYWJjZA==\n");
  }
}

TEST_CASE("base64: no piece is padded but the last") {
  CHECK(
      print(
          MessageFormat::base64, ws::Opcode::binary,
          {{"a", true, false}, {"b", false, false}, {"", false, false}, {"cdef", false, false}, {"g", false, true}}) ==
      "YWJjZGVmZw==\n");
  CHECK(print(MessageFormat::base64, ws::Opcode::binary, {{"a", true, false}, {"", false, true}}) == "YQ==\n");
}

TEST_CASE("base64 and hex in pieces are those of the whole") {
  std::string data;
  for (unsigned i = 0; i < 300; ++i) data += static_cast<char>(i * 37 + i / 7);
  for (std::size_t size = data.size() - 3; size < data.size(); ++size) {
    const std::string_view part = std::string_view(data).substr(0, size);
    std::string base64 = base::base64_encode(base::as_bytes(part)) + "\n";
    base64 += base64;
    std::string hex;
    test::for_each_split(part, [&](test::Pieces pieces, const std::string& name) {
      CAPTURE(name);
      CHECK(print_twice(MessageFormat::base64, pieces) == base64);
      if (hex.empty()) hex = print_twice(MessageFormat::hex, pieces);
      CHECK(print_twice(MessageFormat::hex, pieces) == hex);
    });
  }
}
