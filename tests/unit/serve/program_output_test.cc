#include "serve/program_output.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/utf8.h"
#include "support/split.h"
#include "unit/view/recipients.h"
#include "unit/wire/instructions.h"

using namespace wscope;
using serve::ExecFormat;
using serve::ProgramOutput;
using streams::MessageType;
using Items = std::vector<std::string>;

namespace {

/// Puts messages together again, in words; what is wrong comes behind "!".
struct Reader {
  explicit Reader(const ProgramOutput::Options& options) : output(options) {}

  void take(const serve::OutputItem& item) {
    const auto* const piece = std::get_if<ws::Piece>(&item.instruction);
    if (piece == nullptr) {
      CHECK_FALSE(in_message);
      return items.push_back(test::in_words(item.instruction) + test::in_words(item.recipients));
    }
    CHECK((piece->opcode == ws::Opcode::continuation) == in_message);
    if (!in_message) type = piece->opcode;
    if (type == ws::Opcode::text) CHECK(base::is_utf8(piece->payload));
    if (!in_message) message.clear();
    message += base::as_text(piece->payload);
    in_message = !piece->finished;
    CHECK(output.in_message() == in_message);
    ++pieces;
    if (in_message) return;
    const wire::Instruction whole = ws::Piece{.opcode = type, .payload = base::as_bytes(message)};
    items.push_back(test::in_words(whole) + test::in_words(item.recipients));
  }

  void take_all() {
    while (const auto* const item = output.next()) take(*item);
    if (!output.flaw()) return;
    CHECK(output.next() == nullptr);
    CHECK(output.flaw()->error.kind == base::ErrorKind::io);
    CHECK(output.flaw()->error.message.starts_with(output.flaw()->reason + ": "));
  }

  ProgramOutput output;
  Items items{};
  std::size_t pieces = 0;
  std::string message{};
  ws::Opcode type = ws::Opcode::text;
  bool in_message = false;
};

/// What is made of all that a program writes, however it comes.
Items made_of(std::string_view written, const ProgramOutput::Options& options) {
  Items items;
  test::for_each_split(written, [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Reader reader(options);
    for (const base::MutableBytes piece : pieces) {
      reader.output.receive(piece);
      reader.take_all();
      if (reader.output.flaw()) break;
    }
    if (!reader.output.flaw()) {
      reader.output.end();
      reader.take_all();
    }
    if (const auto& flaw = reader.output.flaw()) reader.items.push_back("! " + flaw->error.message);
    if (name == "whole") items = reader.items;
    CHECK(reader.items == items);
  });
  return items;
}

/// The same of one that comes in blocks.
Items made_of_blocks(std::string_view written, std::size_t block, const ProgramOutput::Options& options,
                     std::size_t& pieces, std::size_t& held) {
  Reader reader(options);
  for (std::size_t at = 0; at < written.size(); at += block) {
    const std::string copy(written.substr(at, block));
    reader.output.receive(base::as_bytes(copy));
    reader.take_all();
    held = std::max(held, reader.output.held());
  }
  reader.output.end();
  reader.take_all();
  pieces = reader.pieces;
  if (const auto& flaw = reader.output.flaw()) reader.items.push_back("! " + flaw->error.message);
  return reader.items;
}

}  // namespace

TEST_CASE("a line is a text message, or with --binary a binary one") {
  CHECK(made_of("one\ngrüße\r\n\nlast", {}) == Items{"text one", "text grüße", "text ", "text last"});
  CHECK(made_of("", {}).empty());
  CHECK(made_of("a\n\xff\n", {.type = MessageType::binary}) == Items{"binary 61", "binary ff"});
}

TEST_CASE("what ends with a NUL is a message") {
  CHECK(made_of(std::string_view("one\r\n\0\0two", 10), {.format = ExecFormat::nul}) ==
        Items{"text one\r\n", "text ", "text two"});
}

TEST_CASE("all that is written is one message") {
  CHECK(made_of("a\nb\n", {.format = ExecFormat::whole}) == Items{"text a\nb\n"});
  CHECK(made_of("", {.format = ExecFormat::whole}) == Items{"text "});
  CHECK(made_of("\xff", {.format = ExecFormat::whole, .type = MessageType::binary}) == Items{"binary ff"});
}

TEST_CASE("a line of base64 is a binary message") {
  CHECK(made_of("SGVsbG8=\r\n\nSGVsbG8h\n/w==", {.format = ExecFormat::base64}) ==
        Items{"binary 48656c6c6f", "binary ", "binary 48656c6c6f21", "binary ff"});
}

TEST_CASE("what is no base64 is an error with its offset") {
  const auto broken = [](std::string_view written) { return made_of(written, {.format = ExecFormat::base64}); };
  const std::string error = "! output is not base64: the line, or the part of one, at offset ";
  CHECK(broken("SGVsbG8=\nSGVs bG8=\n") == Items{"binary 48656c6c6f", error + "9"});
  CHECK(broken("SGVsbG8\n") == Items{error + "0"});
  CHECK(broken("SGVsbG8=SGVsbG8=\n") == Items{error + "0"});
}

TEST_CASE("what each read gives is a message, and text is not cut inside a character") {
  Reader bytes({.format = ExecFormat::raw, .type = MessageType::binary});
  Reader text({.format = ExecFormat::raw, .type = MessageType::text});
  for (const std::string_view read : {"a\n", "", "b\xe2", "\x82",
                                      "\xac"
                                      "c\xc3"}) {
    bytes.output.receive(base::as_bytes(read));
    bytes.take_all();
    text.output.receive(base::as_bytes(read));
    text.take_all();
  }
  CHECK(bytes.items == Items{"binary 610a", "binary 62e2", "binary 82", "binary ac63c3"});
  CHECK(text.items == Items{"text a\n", "text b", "text €c"});
  text.output.end();
  text.take_all();
  REQUIRE(text.output.flaw().has_value());
  CHECK(text.output.flaw()->error.message == "output is not UTF-8: byte c3 at offset 7, where it ends");
}

TEST_CASE("text that is not UTF-8 is an error with its offset, and no byte is replaced") {
  const std::string error = "! output is not UTF-8: ";
  CHECK(made_of("one\ntw\xff\xfe\nthree\n", {}) == Items{"text one", error + "byte ff at offset 6"});
  CHECK(made_of("a\n\xed\xa0\x80\n", {}) == Items{"text a", error + "bytes ed a0 at offset 2"});
  CHECK(made_of("a\xf0\x9f\x98\xf3 ", {.format = ExecFormat::whole}) == Items{error + "bytes f0 9f 98 f3 at offset 1"});
  CHECK(made_of("\xe2\x82\n", {}) == Items{error + "bytes e2 82 at offset 0, where it ends"});
  CHECK(made_of("ok\n\xe2\x82", {}) == Items{"text ok", error + "bytes e2 82 at offset 3, where it ends"});
  CHECK(made_of("a\nb\x80", {.format = ExecFormat::whole}).back() == error + "byte 80 at offset 3");
  Reader reader({});
  reader.output.receive(base::as_bytes(std::string_view("\xff\n")));
  reader.take_all();
  REQUIRE(reader.output.flaw().has_value());
  CHECK(reader.output.flaw()->reason == "output is not UTF-8");
  CHECK(reader.output.flaw()->error.hint == "--exec-format raw sends bytes");
}

TEST_CASE("a long line goes out in fragments as it comes, in constant memory") {
  std::string line;
  while (line.size() < 2'000'000) line += "0123456789 grüße €😀 ";
  for (const std::size_t block : {std::size_t{997}, std::size_t{65'536}}) {
    CAPTURE(block);
    std::size_t pieces = 0;
    std::size_t held = 0;
    CHECK(made_of_blocks("short\n" + line + "\r\nshort\n", block, {}, pieces, held) ==
          Items{"text short", "text " + line, "text short"});
    CHECK(pieces > 20);
    CHECK(held < 300'000);
    const std::string encoded = base::base64_encode(base::as_bytes(line));
    const Items binary = made_of_blocks(encoded + "\r\n", block, {.format = ExecFormat::base64}, pieces, held);
    CHECK(binary == Items{test::in_words(ws::Piece{.opcode = ws::Opcode::binary, .payload = base::as_bytes(line)})});
    CHECK(held < 300'000);
    const Items named = made_of_blocks(line + "\n", block, {.names_stream = true}, pieces, held);
    CHECK(named == Items{"text {\"stream\":\"stdout\",\"data\":\"" + line + "\"}"});
    CHECK(pieces > 20);
  }
}

TEST_CASE("a short line is one frame, however it comes") {
  std::size_t pieces = 0;
  std::size_t held = 0;
  CHECK(made_of_blocks("one two\nthree\n", 1, {}, pieces, held).size() == 2);
  CHECK(pieces == 2);
}

TEST_CASE("padding in the middle of a long line of base64 is an error") {
  std::size_t pieces = 0;
  std::size_t held = 0;
  std::string encoded(100'000, 'A');
  encoded.replace(65'532, 4, "AA==");
  CHECK(made_of_blocks(encoded + "\n", 65'536, {.format = ExecFormat::base64}, pieces, held).back().front() == '!');
  encoded.replace(65'532, 4, "AAAA");
  CHECK(made_of_blocks(encoded + "\n", 65'536, {.format = ExecFormat::base64}, pieces, held).back().front() == 'b');
}

TEST_CASE("a line is an object: messages, Pings, Pongs and Close, for some or for all") {
  CHECK(made_of("{\"type\":\"text\",\"data\":\"a\\n\",\"conn\":[1,2]}\r\n"
                "{\"type\":\"binary\",\"base64\":\"/w==\",\"except\":3}\n"
                "{\"event\":\"closed\",\"conn\":1}\n"
                "{\"type\":\"ping\",\"data\":\"p\",\"conn\":1}\n"
                "{\"type\":\"pong\"}\n"
                "{\"type\":\"close\",\"code\":1008,\"reason\":\"no\",\"conn\":9}",
                {.format = ExecFormat::json}) ==
        Items{"text a\n to 1,2", "binary ff but 3", "ping p to 1", "pong ", "close 1008 no to 9"});
}

TEST_CASE("what is no such object is an error that says which line, and the next counts if it is passed over") {
  const std::string first = "{\"type\":\"ping\"}\n";
  CHECK(made_of(first + "hello\n" + first, {.format = ExecFormat::json}) ==
        Items{"ping ", "! output is not a JSON object: line 2, at offset 16"});
  CHECK(made_of("{\"type\":\"open\"}\n", {.format = ExecFormat::json}) ==
        Items{"! output asks for something that cannot be sent: line 1, at offset 0"});

  const std::string long_line = "{\"type\":\"text\",\"data\":\"" + std::string(20'000, 'x') + "\"}\n";
  const std::string long_text = "{\"type\":\"text\",\"data\":\"" + std::string(101, 'x') + "\"}\n";
  const std::string written = first + "\xff\n" + long_line + first + long_text + first + "{}\n" + first;
  test::for_each_split(written, [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Reader reader({.format = ExecFormat::json, .longest_held = 100});
    const auto take_all = [&] {
      for (reader.take_all(); reader.output.flaw(); reader.take_all()) {
        reader.items.push_back("! " + reader.output.flaw()->error.message);
        reader.output.pass_over();
      }
    };
    for (const base::MutableBytes piece : pieces) {
      reader.output.receive(piece);
      take_all();
      CHECK(reader.output.held() < 20'000);
    }
    reader.output.end();
    take_all();
    const std::string too_long = "! output has a message of more than 100 bytes: line ";
    CHECK(reader.items == Items{"ping ", "! output is not a JSON object: line 2, at offset 16",
                                too_long + "3, at offset 18", "ping ", too_long + "5, at offset 20060", "ping ",
                                "! output has no \"type\": line 7, at offset 20203", "ping "});
  });
}

TEST_CASE("where stderr is sent too, a message says of which stream it is") {
  CHECK(made_of("a \"b\"\nü\r\n", {.names_stream = true}) ==
        Items{R"(text {"stream":"stdout","data":"a \"b\""})", R"(text {"stream":"stdout","data":"ü"})"});
  CHECK(made_of("\xff\n", {.type = MessageType::binary, .names_stream = true}).back().front() == '!');
  CHECK(serve::stream_message("stderr", base::as_bytes(std::string_view("it \"fails\""))) ==
        R"({"stream":"stderr","data":"it \"fails\""})");
  CHECK(serve::stream_message("stderr", base::as_bytes(std::string_view("\xff\x00", 2))) ==
        R"({"stream":"stderr","base64":"/wA="})");
}

TEST_CASE("lines of stderr are whole up to 8 KiB, and longer ones are cut between characters") {
  std::string wide;
  while (wide.size() < 20'000) wide += "€";
  const std::string written = "one\r\n\n" + wide + "\n" + std::string(8192, 'x') + "\nlast";
  test::for_each_split(written, [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    serve::ProgramErrors errors;
    Items lines;
    const auto take_all = [&] {
      while (const auto line = errors.next()) {
        CHECK(line->size() <= serve::ProgramErrors::longest_line);
        CHECK(base::is_utf8(*line));
        lines.emplace_back(base::as_text(*line));
      }
    };
    for (const base::MutableBytes piece : pieces) {
      errors.receive(piece);
      take_all();
    }
    errors.end();
    take_all();
    std::string joined;
    for (std::size_t i = 2; i + 2 < lines.size(); ++i) joined += lines[i];
    REQUIRE(lines.size() > 5);
    CHECK(lines[0] == "one");
    CHECK(lines[1].empty());
    CHECK(joined == wide);
    CHECK(lines[lines.size() - 2] == std::string(8192, 'x'));
    CHECK(lines.back() == "last");
  });
}
