#include "wire/inflater.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

#include "support/split.h"

using namespace wscope;
using namespace std::string_literals;
using wire::Inflater;
using ws::Role;
using ws::rsv1;

namespace {

constexpr std::uint8_t continuation = 0;
constexpr std::uint8_t text = 1;
constexpr std::uint8_t binary = 2;
constexpr std::uint8_t ping = 9;

// The examples of RFC 7692 section 7.2.3: "Hello", and again with the window of the first.
const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s;
const std::string hello_again = "\xf2\x00\x11\x00\x00"s;

// A frame in words: "text 5 Hello", or nothing.
std::string pass(Inflater& inflater, std::uint8_t opcode, bool fin, ws::Rsv rsv, std::string_view payload) {
  inflater.begin_frame(opcode, fin, rsv);
  inflater.receive(base::as_bytes(payload), true);
  const auto result = inflater.result();
  if (!result) return "";
  return std::string(ws::name(result->type)) + " " + std::to_string(result->size) + " " +
         std::string(base::as_text(result->kept));
}

}  // namespace

TEST_CASE("a compressed message is inflated, however its payload is cut") {
  test::for_each_split(hello, [](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Inflater inflater(Role::server, {}, 256);
    inflater.begin_frame(text, true, rsv1);
    for (const auto piece : pieces) inflater.receive(piece, false);
    inflater.receive({}, true);
    const auto result = inflater.result();
    REQUIRE(result.has_value());
    CHECK(result->type == ws::Opcode::text);
    CHECK(result->size == 5);
    CHECK(base::as_text(result->kept) == "Hello");
  });
}

TEST_CASE("the window is kept from message to message, for either sender") {
  for (const Role sender : {Role::server, Role::client}) {
    Inflater inflater(sender, {}, 256);
    CHECK(pass(inflater, text, true, rsv1, hello) == "text 5 Hello");
    CHECK(pass(inflater, text, true, 0, "plain").empty());
    CHECK(pass(inflater, binary, true, rsv1, hello_again) == "binary 5 Hello");
  }
}

TEST_CASE("the window is not kept by a sender that has agreed not to") {
  const ws::DeflateParameters agreed{.server_no_context_takeover = true};
  Inflater server(Role::server, agreed, 256);
  CHECK(pass(server, text, true, rsv1, hello) == "text 5 Hello");
  CHECK(pass(server, text, true, rsv1, hello_again).empty());
  Inflater client(Role::client, agreed, 256);
  CHECK(pass(client, text, true, rsv1, hello) == "text 5 Hello");
  CHECK(pass(client, text, true, rsv1, hello_again) == "text 5 Hello");
}

TEST_CASE("the fragments of a message say what they add, also with control frames between them") {
  Inflater inflater(Role::client, {}, 256);
  std::string said;
  for (std::size_t at = 0; at < hello.size(); ++at) {
    const bool last = at + 1 == hello.size();
    const std::string words =
        pass(inflater, at == 0 ? text : continuation, last, at == 0 ? rsv1 : 0, hello.substr(at, 1));
    REQUIRE(words.starts_with("text "));
    said += words.substr(7);
    CHECK(pass(inflater, ping, true, 0, "ping").empty());
  }
  CHECK(said == "Hello");
  CHECK(pass(inflater, text, false, 0, "plain").empty());
  CHECK(pass(inflater, continuation, true, 0, "plain").empty());
  CHECK(pass(inflater, text, true, rsv1, hello_again) == "text 5 Hello");
}

TEST_CASE("an empty message is one") {
  Inflater inflater(Role::server, {}, 256);
  CHECK(pass(inflater, text, true, rsv1, "\x00"s) == "text 0 ");
  CHECK(pass(inflater, text, false, rsv1, "") == "text 0 ");
  CHECK(pass(inflater, continuation, true, 0, "\x00"s) == "text 0 ");
  CHECK(pass(inflater, text, true, rsv1, hello) == "text 5 Hello");
}

TEST_CASE("so many bytes of a frame are kept, all are counted") {
  for (const std::size_t kept : {0U, 1U, 4U, 5U, 6U}) {
    Inflater inflater(Role::server, {}, kept);
    CHECK(pass(inflater, text, true, rsv1, hello) == "text 5 " + "Hello"s.substr(0, kept));
    CHECK(pass(inflater, text, true, rsv1, hello_again) == "text 5 " + "Hello"s.substr(0, kept));
  }
}

TEST_CASE("what is broken says nothing, nor does what follows") {
  for (const std::string& broken : {"\xff\xff\xff"s, hello.substr(0, 3), hello_again}) {
    Inflater inflater(Role::server, {}, 256);
    CHECK(pass(inflater, text, true, rsv1, broken).empty());
    CHECK(pass(inflater, text, true, rsv1, hello).empty());
  }
}

TEST_CASE("what no peer may send says nothing, nor does what follows") {
  const auto after = [](std::uint8_t opcode, ws::Rsv rsv, bool within_message) {
    Inflater inflater(Role::server, {}, 256);
    if (within_message) CHECK_FALSE(pass(inflater, text, false, rsv1, "").empty());
    CHECK(pass(inflater, opcode, true, rsv, hello).empty());
    CHECK(pass(inflater, text, true, rsv1, hello).empty());
  };
  after(continuation, 0, false);
  after(continuation, rsv1, true);
  after(text, rsv1, true);
  after(text, 0, true);
  after(text, rsv1 | ws::rsv2, false);
  after(binary, ws::rsv3, false);
}

TEST_CASE("frames that are no data do not disturb") {
  Inflater inflater(Role::server, {}, 256);
  CHECK(pass(inflater, 3, true, 7, hello).empty());
  CHECK(pass(inflater, 8, true, rsv1, hello).empty());
  CHECK(pass(inflater, text, true, rsv1, hello) == "text 5 Hello");
}

TEST_CASE("a distance beyond the agreed window is broken") {
  // 300 bytes that do not compress, stored; then a match of length 3 at distance 300.
  std::string stored = "\x00\x2c\x01\xd3\xfe"s;
  for (int i = 0; i < 300; ++i) stored += static_cast<char>(i * 7 % 256);
  const std::string match = "\x02\x86\x15\x00"s;
  Inflater wide(Role::server, {}, 256);
  const std::string words = pass(wide, binary, true, rsv1, stored + match);
  Inflater narrow(Role::server, {.server_max_window_bits = 8}, 256);
  CHECK(pass(narrow, binary, true, rsv1, stored + match).empty());
  CHECK(words.starts_with("binary 303 "));
}
