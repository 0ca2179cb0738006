#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "unit/view/recipients.h"
#include "unit/wire/instructions.h"
#include "view/json_events.h"

using namespace wscope;

namespace {

/// What a line asks for; or, behind "!", what is wrong with it.
std::string read(std::string_view line) {
  std::string storage;
  const auto asked = view::read_event(line, storage);
  if (!asked) {
    CHECK(asked.error().kind == base::ErrorKind::io);
    CHECK(asked.error().hint.empty());
    return "! " + asked.error().message;
  }
  if (!*asked) return "nothing";
  return test::in_words((*asked)->instruction) + test::in_words((*asked)->recipients);
}

struct Row {
  std::string line;
  std::string wanted;
};

template <std::size_t size>
void check(const Row (&rows)[size]) {
  for (const Row& row : rows) {
    CAPTURE(row.line);
    CHECK(read(row.line) == row.wanted);
  }
}

}  // namespace

TEST_CASE("text is data") {
  check({{R"({"type":"text","data":"hello"})", "text hello"},
         {R"({"type":"text","data":""})", "text "},
         {R"({"type":"text"})", "text "},
         {R"( { "data" : "grüße" , "type" : "text" } )", "text grüße"},
         {R"({"type":"text","data":"a\n\"b\"\\\u20ac\ud83d\ude00"})", "text a\n\"b\"\\€😀"},
         {R"({"type":"text","base64":"aGk="})", "text hi"}});
  CHECK(read(R"({"type":"text","data":"a\u0000b"})") == std::string("text a\0b", 8));
}

TEST_CASE("binary is base64, or data") {
  check({{R"({"type":"binary","base64":"AP8="})", "binary 00ff"},
         {R"({"type":"binary","base64":""})", "binary "},
         {R"({"type":"binary"})", "binary "},
         {R"({"type":"binary","data":"hi"})", "binary 6869"}});
}

TEST_CASE("a Ping and a Pong have data, or base64, or nothing") {
  const std::string most(125, 'p');
  check({{R"({"type":"ping"})", "ping "},
         {R"({"type":"ping","data":"x"})", "ping x"},
         {R"({"type":"pong","base64":"eA=="})", "pong x"},
         {R"({"type":"ping","base64":"/w=="})", "ping \xff"},
         {R"({"type":"pong","data":")" + most + "\"}", "pong " + most},
         {R"({"type":"ping","data":")" + most + "p\"}", "! has a payload of more than 125 bytes"},
         {R"({"type":"pong","data":")" + most + "p\"}", "! has a payload of more than 125 bytes"}});
}

TEST_CASE("a Close has a code and a reason, a code, or neither") {
  const std::string most(123, 'r');
  check({{R"({"type":"close"})", "close"},
         {R"({"type":"close","code":1000})", "close 1000 "},
         {R"({"type":"close","code":1000,"reason":"bye"})", "close 1000 bye"},
         {R"({"type":"close","code":4999,"reason":""})", "close 4999 "},
         {R"({"type":"close","reason":""})", "close"},
         {R"({"type":"close","code":1005})", "close"},
         {R"({"type":"close","code":1005,"reason":""})", "close"},
         {R"({"type":"close","code":3000,"reason":")" + most + "\"}", "close 3000 " + most},
         {R"({"type":"close","code":3000,"reason":")" + most + "r\"}", "! has a reason of more than 123 bytes"},
         {R"({"type":"close","reason":"bye"})", "! has a reason without a \"code\""},
         {R"({"type":"close","code":1005,"reason":"bye"})", "! has a reason without a \"code\""},
         {R"({"type":"close","code":1000,"reason":1})", "! has a \"reason\" that is not a string"}});
}

TEST_CASE("a close code that may not be sent is refused, whatever it looks like") {
  for (const std::string code : {"0", "999", "1004", "1006", "1015", "1016", "2999", "5000", "65535", "65536", "66536",
                                 "66541", "18446744073709551615", "-1", "1000.5", "\"1000\"", "true", "[1000]"}) {
    CAPTURE(code);
    const std::string line = R"({"type":"close","code":)" + code + "}";
    CHECK(read(line).front() == '!');
  }
  CHECK(read(R"({"type":"close","code":1006})") == "! has a close code that may not be sent");
}

TEST_CASE("a message may be meant for one client") {
  check({{R"({"type":"text","data":"x","conn":3})", "text x to 3"},
         {R"({"conn":1,"type":"close","code":1001})", "close 1001  to 1"},
         {R"({"type":"ping","conn":18446744073709551615})", "ping  to 18446744073709551615"},
         {R"({"type":"text","data":"x","conn":0})", "text x to 0"}});
}

TEST_CASE("a message may be meant for several clients, or for all but some") {
  check({{R"({"type":"text","data":"x","conn":[3]})", "text x to 3"},
         {R"({"type":"text","data":"x","conn":[3, 1 ,2]})", "text x to 3,1,2"},
         {R"({"type":"text","data":"x","conn":[]})", "text x to none"},
         {R"({"type":"text","data":"x","except":4})", "text x but 4"},
         {R"({"type":"text","data":"x","except":[]})", "text x"},
         {R"({"type":"text","data":"x","except":[4,5],"conn":[3,4]})", "text x to 3,4 but 4,5"}});
}

TEST_CASE("recipients are those of a list that are not left out") {
  CHECK(view::Recipients().are_all());
  CHECK(view::Recipients().include(7));
  const view::Recipients but{.except = {7}};
  CHECK_FALSE(but.are_all());
  CHECK_FALSE(but.include(7));
  CHECK(but.include(8));
  const view::Recipients some{.only = {{7, 8}}, .except = {8}};
  CHECK(some.include(7));
  CHECK_FALSE(some.include(8));
  CHECK_FALSE(some.include(9));
  CHECK_FALSE(view::Recipients{.only = {{}}}.include(7));
}

TEST_CASE("a client that cannot be is an error, rather than everybody") {
  for (const std::string number : {"-1", "\"1\"", "1.5", "true", "{}", "null", "[-1]", "[1,\"2\"]", "[[1]]"}) {
    CAPTURE(number);
    for (const std::string key : {"conn", "except"}) {
      const std::string wanted = "! has a \"" + key + "\" that is neither a whole number nor a list of them";
      CHECK(read(R"({"type":"text","data":"x",")" + key + "\":" + number + "}") == wanted);
    }
  }
}

TEST_CASE("what else there is does not matter") {
  check({{R"({"type":"text","data":"x","time":"now","dir":"in","more":{"data":[1,2,{}]}})", "text x"},
         {R"({"type":"ping","data":"x","rtt_ms":0.08,"code":"none"})", "ping x"},
         {R"({"type":"text","data":"x","event":"ping"})", "text x"}});
}

TEST_CASE("what is not an object is refused") {
  for (const std::string line : {"", " ", "hello", "\"text\"", "[]", "1", "null", "{", "{\"type\":\"text\"", "{}{}",
                                 "{\"type\":\"text\"} x", "{'type':'text'}", "{\"type\":\"text\",}",
                                 "{\"type\":\"text\",\"data\":\"\xff\"}", "{\"type\":\"text\",\"data\":\"\t\"}"}) {
    CAPTURE(line);
    CHECK(read(line) == "! is not a JSON object");
  }
  CHECK(read(std::string(100'000, '[')) == "! is not a JSON object");
  CHECK(read(std::string("{\"type\":\"text\"}\0", 16)) == "! is not a JSON object");
}

TEST_CASE("an object that asks for nothing, or for something else, is refused") {
  check({{"{}", "! has no \"type\""},
         {R"({"data":"x"})", "! has no \"type\""},
         {R"({"Type":"text"})", "! has no \"type\""},
         {R"({"type":1})", "! has a \"type\" that is not a string"},
         {R"({"type":null,"event":"text"})", "! has a \"type\" that is not a string"},
         {R"({"event":[]})", "! has a \"event\" that is not a string"},
         {R"({"type":""})", "! asks for something that cannot be sent"},
         {R"({"type":"TEXT"})", "! asks for something that cannot be sent"},
         {R"({"type":"open","url":"ws://h/"})", "! asks for something that cannot be sent"}});
}

TEST_CASE("of every event that is printed, what can be sent is read, and the rest is passed over") {
  const view::Stamp stamp{{}, 7};
  const auto in = wire::Direction::in;
  std::string lines;
  view::append_recording(stamp, "wscope", "", lines);
  view::append_listening(stamp, {"ws://h/", "h", 80}, lines);
  view::append_connecting(stamp, "ws://h/", "h:80", lines);
  view::append_head(stamp, in, "HTTP/1.1 101 x\r\n\r\n", lines);
  view::append_tls(stamp, {}, lines);
  view::append_timing(stamp, {}, lines);
  view::append_open(stamp, {"ws://h/", "", "", 101, nullptr, "h:80"}, lines);
  view::append_refused(stamp, {"h:80", 403, std::nullopt, std::nullopt, "no"}, lines);
  view::append_message(stamp, in, ws::Opcode::text, base::as_bytes("a\"\x01€"), lines);
  view::append_message(stamp, in, ws::Opcode::binary, base::as_bytes("\xff"), lines);
  view::append_ping(stamp, in, base::as_bytes("\xff"), lines);
  view::append_pong(stamp, in, base::as_bytes("p"), std::chrono::milliseconds(3), lines);
  view::append_close(stamp, in, ws::CloseCode{4000}, "bye", lines);
  view::append_frame(stamp, in, {}, lines);
  view::append_fail(stamp, ws::close_code::protocol_error, "wrong", lines);
  view::append_incomplete(stamp, in, {ws::Opcode::text, 3}, lines);
  view::append_closed(stamp, {}, lines);
  view::append_error(stamp, {base::ErrorKind::io, "it failed"}, 1, {}, lines);
  view::append_expect(stamp, {"ack"}, lines);
  view::append_reply(stamp, 1, lines);
  view::append_capture(stamp, "token", "1", lines);
  view::append_exec(stamp, {.process = 42}, lines);
  view::append_test(stamp, {"a.ws", "a.ws", "passed"}, lines);
  view::append_lost(stamp, 1, "no answer", lines);
  view::append_summary(stamp, {}, lines);
  view::append_close(stamp, in, ws::close_code::no_status, "", lines);
  std::string understood;
  std::string_view rest = lines;
  const auto check_next = [&](const view::EventRow& row) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    CHECK(line.starts_with("{\"event\":\"" + std::string(row.name) + "\","));
    const std::string item = read(line);
    CHECK((item != "nothing") == row.sends.has_value());
    if (row.sends) understood += item + "; ";
    rest.remove_prefix(line.size() + 1);
  };
  for (const view::EventRow& row : view::event_table) check_next(row);
  check_next({"close", ws::Opcode::close});  // without a code
  CHECK(rest.empty());
  CHECK(understood ==
        "text a\"\x01€ to 7; binary ff to 7; ping \xff to 7; pong p to 7; close 4000 bye to 7; close to 7; ");
}

TEST_CASE("a payload that is none is refused") {
  check({{R"({"type":"text","data":1})", "! has a \"data\" that is not a string"},
         {R"({"type":"text","data":null})", "! has a \"data\" that is not a string"},
         {R"({"type":"binary","base64":1})", "! has a \"base64\" that is not a string"},
         {R"({"type":"binary","base64":"AP8"})", "! has a \"base64\" that is none"},
         {R"({"type":"ping","base64":"%"})", "! has a \"base64\" that is none"},
         {R"({"type":"text","base64":"/w=="})", "! has text that is not UTF-8"}});
}

TEST_CASE("half a surrogate pair is no text") {
  for (const std::string data : {R"(\ud83d)", R"(\ude00)", R"(\ud83dx)"}) {
    CAPTURE(data);
    CHECK(read(R"({"type":"text","data":")" + data + "\"}").front() == '!');
  }
}

TEST_CASE("a long message is read whole") {
  const std::string text(3'000'000, 'x');
  CHECK((read(R"({"type":"text","data":")" + text + "\"}") == "text " + text));
  const std::string encoded = base::base64_encode(base::as_bytes(text));
  std::string payload;
  const auto item = view::read_event(R"({"type":"binary","base64":")" + encoded + "\"}", payload);
  REQUIRE(item.ok());
  REQUIRE(item->has_value());
  const auto& message = std::get<ws::Piece>((*item)->instruction);
  CHECK((base::as_text(message.payload) == text));
  CHECK(message.payload.data() == base::as_bytes(payload).data());
}

namespace {

/// What lines ask for, one after the other.
std::vector<std::string> read_all(const std::vector<std::string_view>& lines) {
  view::EventReader reader;
  std::vector<std::string> words;
  for (const std::string_view line : lines) {
    std::string storage;
    const auto asked = reader.read(line, storage);
    if (!asked) {
      words.push_back("! " + asked.error().message);
    } else {
      words.push_back(*asked ? test::in_words((*asked)->instruction) : "nothing");
    }
  }
  return words;
}

}  // namespace

TEST_CASE("of a recording what was sent is sent again, but its Pongs") {
  CHECK(read_all({R"({"event":"recording","version":1,"by":"wscope","url":"ws://host/"})",
                  R"({"event":"open","time":"x","conn":1,"url":"ws://host/"})",
                  R"({"event":"text","time":"x","conn":1,"dir":"out","data":"ours"})",
                  R"({"event":"text","time":"x","conn":1,"dir":"in","data":"theirs"})",
                  R"({"event":"ping","conn":1,"dir":"out","data":"a"})", R"({"event":"ping","conn":1,"dir":"in"})",
                  R"({"event":"pong","conn":1,"dir":"out"})", R"({"type":"text","data":"no event"})",
                  R"({"event":"frame","conn":1,"dir":"out","hex":"8100"})",
                  R"({"event":"close","conn":1,"dir":"out","code":1000,"name":"normal","reason":""})"}) ==
        std::vector<std::string>{"nothing", "nothing", "text ours", "nothing", "ping a", "nothing", "nothing",
                                 "nothing", "nothing", "close 1000 "});
}

TEST_CASE("only the first line makes a recording") {
  CHECK(read_all({R"({"event":"text","dir":"in","data":"a"})", R"({"event":"recording","version":1})",
                  R"({"event":"text","dir":"in","data":"b"})", R"({"event":"pong","dir":"out"})"}) ==
        std::vector<std::string>{"text a", "nothing", "text b", "pong "});
  CHECK(read_all({R"({"event":"recording"})", "[]", R"({"event":"text","dir":"out","data":1})"}) ==
        std::vector<std::string>{"nothing", "! is not a JSON object", "! has a \"data\" that is not a string"});
}
