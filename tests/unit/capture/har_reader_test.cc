#include "capture/har_reader.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/split.h"

using namespace wscope;
using namespace std::string_literals;
using capture::HarReader;

namespace {

struct Read {
  std::vector<std::string> lines;
  std::string error;
  friend bool operator==(const Read&, const Read&) = default;
};

class Lister {
 public:
  std::vector<std::string> lines;

  void operator()(const capture::HarConnection& e) {
    lines.push_back(std::to_string(e.number) + " " + e.url + " " + e.started + " " + std::to_string(e.status));
    if (!e.request.empty()) lines.push_back(e.request);
    if (!e.response.empty()) lines.push_back(e.response);
  }
  void operator()(const capture::HarMessage& e) {
    lines.push_back(std::to_string(e.connection) + (e.sent ? "> " : "< ") + std::to_string(e.opcode) + " " + e.payload +
                    (e.bad_base64 ? " (bad base64)" : "") + " at " + std::to_string(e.offset) + " " +
                    std::to_string(e.time.time_since_epoch() / std::chrono::microseconds(1)));
  }
  void operator()(const capture::HarRemark& e) { lines.push_back(std::to_string(e.connection) + "! " + e.text); }
};

Read read(const std::string& file) {
  Read whole;
  test::for_each_split(file, [&](test::Pieces pieces, const std::string& name) {
    HarReader reader;
    Lister lister;
    for (const base::MutableBytes piece : pieces) {
      base::Bytes rest = piece;
      while (!rest.empty()) {
        rest = rest.subspan(reader.receive(rest));
        while (const auto event = reader.next_event()) std::visit(lister, *event);
      }
      std::fill(piece.begin(), piece.end(), std::byte{0xaa});  // nobody may need it now
    }
    reader.receive_eof();
    while (const auto event = reader.next_event()) std::visit(lister, *event);
    Read read{lister.lines, reader.error() ? reader.error()->message : ""};
    if (name == "whole") whole = read;
    CAPTURE(name);
    CHECK(read == whole);
  });
  return whole;
}

using Lines = std::vector<std::string>;

const std::string request =
    R"("request":{"method":"GET","url":"wss://x.example/chat?a=1#f","httpVersion":"HTTP/1.1","headers":[)"
    R"({"name":"Host","value":"x.example"},{"name":"Upgrade","value":"websocket"}],"cookies":[{"name":"a","value":"b"}]})";
const std::string response =
    R"("response":{"status":101,"statusText":"Switching Protocols","headers":[{"name":"Upgrade","value":"websocket"}],)"
    R"("content":{"size":0,"text":"\"x"}})";
const std::string messages =
    R"("_webSocketMessages":[{"type":"send","time":1664899871.8127248,"opcode":1,"data":"h\u00e9 \"x\""},)"
    R"({"type":"receive","time":1664899872,"opcode":2,"data":"AAEC/w=="}])";

std::string har(const std::string& entries) {
  return R"({"log":{"version":"1.2","creator":{"name":"x","entries":[1]},"pages":[],"entries":[)" + entries + "]}}";
}

const Lines heads = {"GET /chat?a=1 HTTP/1.1\r\nHost: x.example\r\nUpgrade: websocket\r\n\r\n",
                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"};

}  // namespace

TEST_CASE("a connection as Chrome saves it: the messages in front of the heads") {
  const std::string file = har(R"({"_resourceType":"websocket",)" + messages + R"(,"cache":{},)" + request + "," +
                               response + R"(,"startedDateTime":"2022-10-04T16:11:11.000Z","time":5})");
  const Read seen = read(file);
  CHECK(seen.error.empty());
  REQUIRE(seen.lines.size() == 5);
  CHECK(seen.lines[0] == "1 wss://x.example/chat?a=1#f 2022-10-04T16:11:11.000Z 101");
  CHECK(seen.lines[1] == heads[0]);
  CHECK(seen.lines[2] == heads[1]);
  const std::size_t first = file.find("{\"type\":\"send\"");
  CHECK(seen.lines[3] == "1> 1 h\xc3\xa9 \"x\" at " + std::to_string(first) + " 1664899871812724");
  CHECK(seen.lines[4] ==
        "1< 2 \0\1\2\xff"s + " at " + std::to_string(file.find("{\"type\":\"receive\"")) + " 1664899872000000");
}

TEST_CASE("the heads in front, several connections, and entries that are none") {
  const std::string file =
      har(R"({"_resourceType":"fetch","request":{"method":"GET","url":"https://x/"},"response":{"status":200,)"
          R"("content":{"text":"{\"_webSocketMessages\":[]}"}}},{)" +
          request + "," + response + "," + messages +
          R"(},{"_webSocketMessages":[]},{"_resourceType":"websocket","response":{"status":101}},)"
          R"({"_resourceType":"websocket","response":{"status":403,"statusText":"No"}})");
  const Read seen = read(file);
  CHECK(seen.error.empty());
  REQUIRE(seen.lines.size() == 11);
  CHECK(seen.lines[0] == "1 wss://x.example/chat?a=1#f  101");
  CHECK(seen.lines[4].starts_with("1< 2"));
  CHECK(seen.lines[5] == "2   0");
  CHECK(seen.lines[6] == "3   101");
  CHECK(seen.lines[7] == "HTTP/1.1 101 \r\n\r\n");
  CHECK(seen.lines[8] == "3! its messages are not in this file");
  CHECK(seen.lines[9] == "4   403");
  HarReader reader;
  base::Bytes rest = base::as_bytes(file);
  while (!rest.empty()) {
    rest = rest.subspan(reader.receive(rest));
    while (reader.next_event()) {
    }
  }
  CHECK(reader.entry_count() == 5);
  CHECK(reader.connection_count() == 4);
}

TEST_CASE("what is odd about messages is told") {
  const auto message = [](const std::string& fields) {
    return read(har(R"({"_webSocketMessages":[{)" + fields + "}]}")).lines.at(1);
  };
  CHECK(message(R"("type":"receive","opcode":2,"data":"no base64")") == "1< 2 no base64 (bad base64) at 106 0");
  CHECK(message(R"("type":"error","data":"failed")") == "1! error: failed");
  CHECK(message(R"("type":"send","opcode":99,"data":"")").starts_with("1> 15 "));
  CHECK(message(R"("type":"send","opcode":8,"data":"A+g=","time":"x")") == "1> 8 \x03\xe8 at 106 0");
  CHECK(message(R"("type":"send","opcode":1,"data":"\ud83d\ude00")").starts_with("1> 1 \xf0\x9f\x98\x80 at"));
}

TEST_CASE("what is no JSON, or ends too early, is named; what came before is there") {
  const std::string file = har("{" + request + "," + response + "," + messages);
  const Read cut = read(file.substr(0, file.rfind("]}}")));
  CHECK(cut.error == "byte " + std::to_string(file.rfind("]}}")) + ": the JSON text ends too early");
  CHECK(cut.lines.size() == 5);
  CHECK(read("nothing").error == "byte 0: neither a number nor true, false or null");
  CHECK(read("[]").lines.empty());
  CHECK(read("{\"log\":[]}").error.empty());
}

TEST_CASE("a connection whose heads stand behind too many messages is told without them") {
  std::string file = R"({"log":{"entries":[{"_webSocketMessages":[)";
  const std::string message = R"({"type":"send","time":1,"opcode":1,"data":")" + std::string(1 << 20, 'x') + "\"}";
  for (int i = 0; i < 20; ++i) file += (i > 0 ? "," : "") + message;
  file += "]," + request + "," + response + "}]}}";
  HarReader reader;
  base::Bytes rest = base::as_bytes(file);
  std::vector<std::size_t> kinds;
  std::string url = "?";
  while (!rest.empty()) {
    rest = rest.subspan(reader.receive(rest));
    while (const auto event = reader.next_event()) {
      kinds.push_back(event->index());
      if (const auto* connection = std::get_if<capture::HarConnection>(&*event)) url = connection->url;
    }
  }
  CHECK(kinds.size() == 21);
  CHECK(kinds[0] == 0);
  CHECK(url.empty());
}

TEST_CASE("seconds since 1970, in all forms of a number") {
  const auto nanoseconds = [](std::string_view text) -> std::int64_t {
    const auto time = capture::parse_seconds(text);
    return time ? time->time_since_epoch() / std::chrono::nanoseconds(1) : -1;
  };
  CHECK(nanoseconds("0") == 0);
  CHECK(nanoseconds("1.5") == 1'500'000'000);
  CHECK(nanoseconds("1664899871.812724859") == 1'664'899'871'812'724'859);
  CHECK(nanoseconds("1.1234567899") == 1'123'456'789);
  CHECK(nanoseconds("1.5e3") == 1'500'000'000'000);
  CHECK(nanoseconds("1e99") == -1);
  CHECK(nanoseconds("-1") == -1);
  CHECK(nanoseconds("1.x") == -1);
  CHECK(nanoseconds("1x") == -1);
  CHECK(nanoseconds("") == -1);
}
