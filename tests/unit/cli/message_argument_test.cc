#include "cli/message_argument.h"

#include <doctest/doctest.h>

#include <string>

#include "arguments.h"
#include "unit/repl/folder.h"
#include "unit/wire/instructions.h"

using namespace wscope;
using namespace wscope::test;

namespace {

/// The first messages of a client, in words.
std::string first(Arguments options) {
  options.emplace_back("host");
  std::string all;
  for (const wire::StoredInstruction& message : test::connect(options).first_messages) {
    all += (all.empty() ? "" : ", ") + in_words(message.instruction());
  }
  return all;
}

}  // namespace

TEST_CASE("a message of the command line is text, or binary, as it stands") {
  CHECK(first({"-x", "a", "-x", "\\n"}) == "text a, text \\n");
  CHECK(first({"-t", "-x", "a"}) == "text a");
  CHECK(first({"-b", "-x", "\xff"}) == "binary ff");
  for (const char* format : {"lines", "nul", "whole", "raw"}) {
    CHECK(first({"--stdin", "--in", format, "-x", "a"}) == "text a");
    CHECK(first({"--stdin", "--in", format, "-b", "-x", "a"}) == "binary 61");
  }
  CHECK(complaint({"-x", "\xff", "host"}) == "--execute: not UTF-8");
  CHECK(complaint({"-x", "a", "-x", "\xc3", "host"}) == "--execute: not UTF-8");
}

TEST_CASE("it is what --in makes of a line") {
  CHECK(first({"--in", "hex", "-x", "00 ff"}) == "binary 00ff");
  CHECK(first({"-x", "6869", "--in", "hex", "-t"}) == "text hi");
  CHECK(first({"--format", "base64", "-x", "AP8="}) == "binary 00ff");
  CHECK(first({"--in", "json", "-x", R"({"type":"text","data":"hi"})", "-x", R"({"type":"ping","data":"x"})", "-x",
               R"({"event":"open","conn":1})", "-x", R"({"type":"close","code":4000})"}) ==
        "text hi, ping x, close 4000 ");
  CHECK(complaint({"--in", "hex", "-x", "a", "host"}) == "--execute: not hexadecimal");
  CHECK(complaint({"--in", "hex", "-t", "-x", "ff", "host"}) == "--execute: not UTF-8");
  CHECK(complaint({"--in", "base64", "-x", "a", "host"}) == "--execute: not base64");
  CHECK(complaint({"--in", "json", "-x", "a", "host"}) == "--execute: is not a JSON object");
}

TEST_CASE("escapes are read if they are to be") {
  CHECK(first({"--escape", "-x", "a\\tb\\u20ac"}) == "text a\tb€");
  CHECK(first({"--escape", "-b", "-x", "\\xff"}) == "binary ff");
  CHECK(complaint({"--escape", "-x", "\\q", "host"}) == "--execute: has \\q, which stands for nothing");
  CHECK(complaint({"--escape", "-x", "\\xff", "host"}) == "--execute: not UTF-8");
}

TEST_CASE("a file is a message of its bytes, whatever --in says") {
  const Folder folder;
  const std::string at = "@" + folder.file("text", "a\\n\r\n");
  CHECK(first({"-x", at}) == "text a\\n\r\n");
  CHECK(first({"--escape", "-x", at}) == "text a\\n\r\n");
  CHECK(first({"-b", "-x", at}) == "binary 615c6e0d0a");
  CHECK(first({"--in", "hex", "-x", at}) == "binary 615c6e0d0a");
  CHECK(first({"--in", "json", "-x", at}) == "text a\\n\r\n");
  CHECK(first({"-x", "@" + folder.file("empty", "")}) == "text ");
}

TEST_CASE("a file that cannot be sent is named") {
  const Folder folder;
  const std::string bytes = folder.file("bytes", "\xff");
  const auto wrong = cli::parse_command_line({"-x", "@" + bytes, "host"});
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().kind == base::ErrorKind::io);
  CHECK(wrong.error().message == bytes + ": not UTF-8");
  CHECK(wrong.error().hint == "send bytes with --binary");
  CHECK(first({"-b", "-x", "@" + bytes}) == "binary ff");
  const auto missing = cli::parse_command_line({"-x", "@" + folder.path_of("none"), "host"});
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().kind == base::ErrorKind::io);
  CHECK(missing.error().message.starts_with(folder.path_of("none") + ": "));
}

TEST_CASE("two signs are a text that begins with one") {
  CHECK(first({"-x", "@@name"}) == "text @name");
  CHECK(first({"-x", "@@"}) == "text @");
  CHECK(first({"-b", "-x", "@@name"}) == "binary 406e616d65");
  CHECK(first({"--in", "hex", "-x", "@@name"}) == "text @name");
  CHECK(first({"--escape", "-x", "@@\\t"}) == "text @\t");
}

TEST_CASE("in a session a file is there at once, and two signs name none") {
  const Folder folder;
  const auto plan =
      cli::read_plan({"connect", "host", "-x", "@" + folder.file("text", "hello"), "-x", "@@" + folder.path()});
  REQUIRE(plan.ok());
  const auto& messages = std::get<link::ConnectPlan>(*plan).first_messages;
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].payload == "hello");
  CHECK(messages[1].payload == "@" + folder.path());
  const auto device = cli::read_plan({"connect", "host", "-x", "@/dev/zero"});
  REQUIRE_FALSE(device.ok());
  CHECK(device.error().message == "/dev/zero: is not a regular file");
}
