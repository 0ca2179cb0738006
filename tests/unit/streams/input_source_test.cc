#include "streams/input_source.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "items.h"
#include "streams.h"
#include "support/split.h"
#include "support/turns.h"
#include "unit/net/descriptors.h"

using namespace wscope;
using streams::InputFormat;
using streams::InputSource;
using streams::MessageType;
using Items = std::vector<std::string>;

namespace {

/// Reads a pipe to its end, or to the first error, and notes what was to be sent; pieces of a message are joined.
struct Reader {
  explicit Reader(const InputSource::Options& options) : Reader(options, test::blocking_pipe()) {}
  Reader(const InputSource::Options& options, net::Pipe from)
      : pipe(std::move(from)), source(poller, pipe.read_end.get(), options) {
    take();
  }

  void take() {
    while (const streams::InputItem* item = source.next()) note(*item);
    source.want(!source.error());
  }
  void note(const streams::InputItem& item) {
    const std::string words = test::in_words(item);
    if (begins) {
      items.push_back(words);
    } else {
      const std::size_t payload = words.find(' ') + 1;
      CHECK(items.back().starts_with(words.substr(0, payload)));
      items.back() += words.substr(payload);
    }
    begins = !words.ends_with('+');
    if (!begins) items.back().pop_back();
    ++pieces;
  }
  void feed(base::Bytes bytes) {
    while (!bytes.empty() && !source.error()) {
      const net::IoResult result = net::write_some(
          pipe.write_end.get(), bytes.first(std::min<std::size_t>(bytes.size(), std::size_t{32} << 10)));
      REQUIRE(result.kind == net::IoResult::Kind::done);
      bytes = bytes.subspan(result.bytes);
      REQUIRE(poller.run_once().ok());
      take();
    }
  }
  void end() {
    pipe.write_end.reset();
    CHECK(test::run_until(poller, [&] {
      take();
      return source.error().has_value() || source.done();
    }));
    CHECK(test::comes_to_rest(poller));
  }

  net::Poller poller;
  net::Pipe pipe;
  InputSource source;
  Items items;
  std::size_t pieces = 0;
  bool begins = true;
};

Reader& read(Reader& reader, std::string_view input) {
  reader.feed(base::as_bytes(input));
  reader.end();
  return reader;
}

/// The items; or, last and behind "!", what is wrong.
Items read(const InputSource::Options& options, std::string_view input) {
  Reader reader(options);
  read(reader, input);
  if (reader.source.error()) {
    CHECK(reader.source.error()->kind == base::ErrorKind::io);
    reader.items.push_back("! " + reader.source.error()->message);
  } else {
    CHECK(reader.begins);
    CHECK(reader.source.next() == nullptr);
  }
  return reader.items;
}

constexpr InputSource::Options as(InputFormat format, MessageType type = MessageType::text) {
  return {.format = format, .type = type};
}

constexpr InputSource::Options kept(MessageType type = MessageType::text) {
  return {.format = InputFormat::lines, .type = type, .keeps_line_ends = true};
}

constexpr InputSource::Options escaped(InputFormat format, MessageType type = MessageType::text) {
  return {.format = format, .type = type, .escapes = true};
}

struct Row {
  InputSource::Options options;
  std::string input;
  Items wanted;
};

const std::string nul(1, '\0');

const Row rows[] = {
    {as(InputFormat::lines), "", {}},
    {as(InputFormat::lines), "one\n\ntwo\r\ngrüße", {"text one", "text ", "text two", "text grüße"}},
    {as(InputFormat::lines, MessageType::binary), "a\n\xff\n", {"binary 61", "binary ff"}},
    {as(InputFormat::lines), "one\n\xc3\nthree\n", {"text one", "! standard input: line 2 is not UTF-8"}},
    {as(InputFormat::lines), "one\n\xc3", {"text one", "! standard input: line 2 is not UTF-8"}},
    {as(InputFormat::lines), "\n\n\xed\xa0\x80\n", {"text ", "text ", "! standard input: line 3 is not UTF-8"}},
    {as(InputFormat::nul), "", {}},
    {as(InputFormat::nul), "one\ntwo\r\n" + nul + nul + "three", {"text one\ntwo\r\n", "text ", "text three"}},
    {as(InputFormat::nul), "one" + nul + "\xff" + nul, {"text one", "! standard input: line 2 is not UTF-8"}},
    {as(InputFormat::nul, MessageType::binary), "\xff" + nul, {"binary ff"}},
    {as(InputFormat::whole), "", {"text "}},
    {as(InputFormat::whole), "one\n" + nul + "\r\n", {"text one\n" + nul + "\r\n"}},
    {as(InputFormat::whole, MessageType::binary), "\xff\n", {"binary ff0a"}},
    {as(InputFormat::whole), "one\xff", {"! standard input is not UTF-8"}},
    {as(InputFormat::whole), "one\xe2\x82", {"! standard input is not UTF-8"}},
    {kept(), "", {}},
    {kept(), "a\nb\r\n\nc", {"text a\n", "text b\r\n", "text \n", "text c"}},
    {kept(MessageType::binary), "\xff\r\r\n\r", {"binary ff0d0d0a", "binary 0d"}},
    {kept(), "a\n\xc3\n", {"text a\n", "! standard input: line 2 is not UTF-8"}},
    {escaped(InputFormat::lines), "a\\nb\n\\x41\\u20ac\r\n", {"text a\nb", "text A€"}},
    {escaped(InputFormat::nul), "a\\tb" + nul + "\n", {"text a\tb", "text \n"}},
    {escaped(InputFormat::lines, MessageType::binary), "\\xff\\0\n", {"binary ff00"}},
    {escaped(InputFormat::lines), "a\n\\q\n", {"text a", "! standard input: line 2 has \\q, which stands for nothing"}},
    {escaped(InputFormat::lines), "\\xff\n", {"! standard input: line 1 is not UTF-8"}},
    {as(InputFormat::hex, MessageType::binary), "", {}},
    {as(InputFormat::hex, MessageType::binary), "00ff\n\nDE ad\r\n", {"binary 00ff", "binary ", "binary dead"}},
    {as(InputFormat::hex), "6869\n", {"text hi"}},
    {as(InputFormat::hex), "6869\nff\n", {"text hi", "! standard input: line 2 is not UTF-8"}},
    {as(InputFormat::hex), "6869\n0\n", {"text hi", "! standard input: line 2 is not hexadecimal"}},
    {as(InputFormat::hex, MessageType::binary), "xy", {"! standard input: line 1 is not hexadecimal"}},
    {as(InputFormat::base64, MessageType::binary), "AP8=\n\nAA==", {"binary 00ff", "binary ", "binary 00"}},
    {as(InputFormat::base64), "aGk=\r\n", {"text hi"}},
    {as(InputFormat::base64), "aGk=\n/w==\n", {"text hi", "! standard input: line 2 is not UTF-8"}},
    {as(InputFormat::base64), "aGk=\n=\n", {"text hi", "! standard input: line 2 is not base64"}},
    {as(InputFormat::json),
     "{\"type\":\"text\",\"data\":\"hi\"}\r\n{\"type\":\"ping\",\"conn\":2}\n{\"type\":\"close\",\"code\":1000}",
     {"text hi", "ping  to 2", "close 1000 "}},
    {as(InputFormat::json, MessageType::binary), "{\"type\":\"text\",\"data\":\"hi\"}\n", {"text hi"}},
    {as(InputFormat::json), "{\"type\":\"pong\"}\n{}\n", {"pong ", "! standard input: line 2 has no \"type\""}},
};

}  // namespace

TEST_CASE("every format makes messages of its input, however that arrives") {
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.options.format));
    CAPTURE(row.input);
    for (const bool whole : {false, true}) {
      InputSource::Options options = row.options;
      options.whole = whole;
      CHECK(read(options, row.input) == row.wanted);
    }
    test::for_each_split(row.input, [&](test::Pieces pieces, const std::string& name) {
      CAPTURE(name);
      Reader reader(row.options);
      for (const auto piece : pieces) reader.feed(piece);
      reader.end();
      if (reader.source.error()) reader.items.push_back("! " + reader.source.error()->message);
      CHECK(reader.items == row.wanted);
    });
  }
}

TEST_CASE("a message is a text or binary as was asked for, and what is no text has a way out") {
  Reader reader(as(InputFormat::lines));
  read(reader, "\xff");
  REQUIRE(reader.source.error().has_value());
  CHECK(reader.source.error()->hint == "send bytes with --binary");
}

TEST_CASE("what is no text is named, with hints only where options help") {
  for (const std::uint64_t longest : {std::uint64_t{1000}, std::uint64_t{1}}) {
    Reader reader({.whole = true, .longest_held = longest, .name = "a file", .hints = false});
    read(reader, longest == 1 ? "two" : "one\n\xff");
    REQUIRE(reader.source.error().has_value());
    CHECK(reader.source.error()->message ==
          (longest == 1 ? "a file: line 1 is longer than 1 bytes" : "a file: line 2 is not UTF-8"));
    CHECK(reader.source.error()->hint.empty());
  }
}

TEST_CASE("nothing follows what is wrong") {
  for (const bool binary : {false, true}) {
    Reader reader({.format = InputFormat::hex, .type = binary ? MessageType::binary : MessageType::text});
    read(reader, "6869\nwrong\n6869\n");
    CHECK(reader.source.next() == nullptr);
    CHECK(reader.items.size() == 1);
    CHECK(reader.source.error()->message == "standard input: line 2 is not hexadecimal");
  }
}

TEST_CASE("a long line comes in pieces, or whole if that is wanted") {
  std::string line;
  while (line.size() < 1'000'000) line += "€";  // which ends are cut anywhere
  for (const InputFormat format : {InputFormat::lines, InputFormat::nul, InputFormat::whole}) {
    for (const bool whole : {false, true}) {
      CAPTURE(static_cast<int>(format));
      CAPTURE(whole);
      Reader reader({.format = format, .whole = whole});
      read(reader, line);
      CHECK(!reader.source.error());
      CHECK((reader.items == Items{"text " + line}));
      CHECK((reader.pieces == 1) == whole);
    }
  }
}

TEST_CASE("lines in between are not mixed up with pieces and held lines") {
  const std::string line(300'000, 'x');
  for (const bool whole : {false, true}) {
    CAPTURE(whole);
    Reader reader({.type = MessageType::text, .whole = whole});
    read(reader, "short\n" + line + "\n\n" + line + line + "\r\nlast");
    CHECK(!reader.source.error());
    CHECK((reader.items == Items{"text short", "text " + line, "text ", "text " + line + line, "text last"}));
  }
}

TEST_CASE("encoded lines are always held") {
  const std::string line(1'000'000, 'a');
  const struct {
    InputFormat format;
    std::string input;
    std::size_t size;
  } long_rows[] = {{InputFormat::hex, line, line.size() / 2},
                   {InputFormat::base64, line, line.size() / 4 * 3},
                   {InputFormat::json, R"({"type":"binary","data":")" + line + "\"}", line.size()}};
  for (const auto& row : long_rows) {
    CAPTURE(static_cast<int>(row.format));
    Reader reader(as(row.format, MessageType::binary));
    read(reader, row.input + "\n" + row.input);
    CHECK(!reader.source.error());
    CHECK(reader.pieces == 2);
    REQUIRE(reader.items.size() == 2);
    for (const std::string& item : reader.items) CHECK(item.size() == std::string("binary ").size() + 2 * row.size);
  }
}

TEST_CASE("a line that must be held is limited") {
  constexpr std::size_t limit = 500'000;
  const std::string longest(limit, 'x');
  Reader good({.whole = true, .longest_held = limit});
  read(good, longest + "\n" + longest);
  CHECK(!good.source.error());
  CHECK((good.items == Items{"text " + longest, "text " + longest}));

  for (const InputFormat format : {InputFormat::lines, InputFormat::nul, InputFormat::whole}) {
    CAPTURE(static_cast<int>(format));
    Reader bad({.format = format, .whole = true, .longest_held = limit});
    read(bad, longest + "x");
    REQUIRE(bad.source.error().has_value());
    CHECK(bad.items.empty());
    const std::string where = format == InputFormat::whole ? "" : ": line 1";
    CHECK(bad.source.error()->message == "standard input" + where + " is longer than 500000 bytes (--max-size)");
    CHECK(bad.source.error()->hint.empty());  // it was given
  }
}

TEST_CASE("what counts of an encoded line is the message it stands for") {
  constexpr std::size_t limit = 200'000;
  const auto times = [](const std::string& text, std::size_t count) {
    std::string all;
    while (count-- > 0) all += text;
    return all;
  };
  const struct {
    InputFormat format;
    std::string longest;
    std::string longer;
  } limits[] = {
      {InputFormat::hex, times("61 ", limit), times("61", limit + 1)},
      {InputFormat::base64, times("YWFh", limit / 3), times("YWFh", limit / 3 + 1)},
      {InputFormat::json, R"({"type":"text","data":")" + times("\\u0061", limit - 10) + "\"}",
       R"({"type":"text","data":")" + times("\\u0061", limit + 1) + "\"}"},
  };
  for (const auto& row : limits) {
    CAPTURE(static_cast<int>(row.format));
    Reader good({.format = row.format, .longest_held = limit});
    read(good, row.longest);
    CHECK(!good.source.error());
    CHECK(good.items.size() == 1);
    Reader bad({.format = row.format, .longest_held = limit});
    read(bad, row.longer);
    REQUIRE(bad.source.error().has_value());
    CHECK(bad.source.error()->message.find("standard input: line 1 is longer than ") == 0);
    CHECK(bad.source.error()->hint.empty());  // it was given
  }
}

TEST_CASE("the largest limit there is lets everything through") {
  Reader reader({.format = InputFormat::base64, .longest_held = std::uint64_t{1} << 63U});
  read(reader, std::string(400'000, 'A'));
  CHECK(!reader.source.error());
  CHECK(reader.items.size() == 1);
}

TEST_CASE("a line that is streamed is not limited") {
  const std::string line(500'000, 'x');
  Reader reader({.longest_held = 10});
  read(reader, line);
  CHECK(!reader.source.error());
  CHECK((reader.items == Items{"text " + line}));
}

TEST_CASE("nothing is read before it is wanted, and the descriptor stays as it was") {
  const net::Pipe pipe = test::blocking_pipe();
  net::Poller poller;
  InputSource source(poller, pipe.read_end.get(), {});
  REQUIRE(net::write_some(pipe.write_end.get(), base::as_bytes("one\ntwo\n")).bytes == 8);
  CHECK(test::comes_to_rest(poller));
  CHECK(source.next() == nullptr);
  source.want(true);
  const streams::InputItem* item = nullptr;
  REQUIRE(test::run_until(poller, [&] { return (item = source.next()) != nullptr; }));
  CHECK(test::in_words(*item) == "text one");
  source.want(false);
  item = source.next();
  REQUIRE(item != nullptr);
  CHECK(test::in_words(*item) == "text two");
  CHECK(source.next() == nullptr);
  CHECK(!source.done());
  REQUIRE(net::write_some(pipe.write_end.get(), base::as_bytes("three\n")).bytes == 6);
  CHECK(test::comes_to_rest(poller));
  CHECK(source.next() == nullptr);
  CHECK(!test::is_non_blocking(pipe.read_end.get()));
}

#ifdef F_GETPIPE_SZ
TEST_CASE("a pipe that is found full is made wider, no other one") {
  for (const std::size_t size : {std::size_t{100}, std::size_t{65'536}}) {
    net::Pipe pipe = test::blocking_pipe();
    const int end = pipe.write_end.get();
    REQUIRE(net::write_some(end, base::as_bytes(std::string(size - 1, 'x') + "\n")).bytes == size);
    Reader reader({}, std::move(pipe));
    REQUIRE(test::run_until(reader.poller, [&] { return reader.take(), reader.pieces > 0; }));
    REQUIRE(test::comes_to_rest(reader.poller));
    CHECK(::fcntl(end, F_GETPIPE_SZ) == (size < 65'536 ? 65'536 : 1 << 20));
  }
}
#endif

TEST_CASE("where there is no input nothing comes, and that is known at once") {
  for (const InputFormat format : {InputFormat::lines, InputFormat::nul, InputFormat::whole, InputFormat::hex,
                                   InputFormat::base64, InputFormat::json}) {
    CAPTURE(static_cast<int>(format));
    Reader reader({.format = format}, {});
    CHECK(reader.source.done());
    CHECK(reader.items.empty());
    CHECK(test::comes_to_rest(reader.poller));
  }
}

TEST_CASE("an input that cannot be read is an error") {
  net::Pipe directory{net::UniqueFd(::open(".", O_RDONLY | O_CLOEXEC)), {}};
  for (const InputFormat format : {InputFormat::lines, InputFormat::hex}) {
    Reader reader({.format = format}, {net::UniqueFd(::dup(directory.read_end.get())), {}});
    reader.end();
    REQUIRE(reader.source.error().has_value());
    CHECK(reader.source.error()->kind == base::ErrorKind::io);
    CHECK(reader.source.error()->message == "standard input: is a directory");
    CHECK(reader.items.empty());
    CHECK(test::comes_to_rest(reader.poller));
  }
}

TEST_CASE("an input is not done before its error was told") {
  const net::UniqueFd directory(::open(".", O_RDONLY | O_CLOEXEC));
  net::Poller poller;
  InputSource source(poller, directory.get(), {});
  source.want(true);
  REQUIRE(poller.run_once().ok());
  CHECK((!source.done() || source.error()));
  CHECK(source.next() == nullptr);
  CHECK(source.error().has_value());
}

TEST_CASE("what is read as it comes is a message for each read, and nothing is taken off") {
  Reader reader(as(InputFormat::raw, MessageType::binary));
  for (const std::string_view piece : {"SSH-2.0\r\n", "KEX", "\n\xff\r\n"}) reader.feed(base::as_bytes(piece));
  CHECK(reader.items == Items{"binary 5353482d322e300d0a", "binary 4b4558", "binary 0aff0d0a"});
  reader.end();
  CHECK(reader.items.size() == 3);
  CHECK_FALSE(reader.source.error());
}

TEST_CASE("what is read as it comes is read in 64 KiB at most") {
  const std::string much(std::size_t{3} << 16, 'x');
  net::UniqueFd file = test::temporary_file(much);
  net::Poller poller;
  InputSource source(poller, file.get(), as(InputFormat::raw, MessageType::binary));
  std::vector<std::size_t> sizes;
  CHECK(test::run_until(poller, [&] {
    while (const streams::InputItem* item = source.next()) {
      sizes.push_back(std::get<ws::Piece>(item->instruction).payload.size());
    }
    source.want(true);
    return source.done();
  }));
  CHECK(sizes == std::vector<std::size_t>(3, 65'536));
}

TEST_CASE("a long line with escapes is held, up to the longest message") {
  InputSource::Options options = escaped(InputFormat::lines);
  options.longest_held = 100'000;
  std::string line;
  for (int i = 0; i < 100'000; ++i) line += "\\u0041";
  CHECK(read(options, line) == Items{"text " + std::string(100'000, 'A')});
  CHECK(read(options, line + "\\n").back() == "! standard input: line 1 is longer than 100000 bytes (--max-size)");
}
