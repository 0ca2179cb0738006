#include "capture/capture_reader.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/split.h"
#include "unit/capture/packets.h"

using namespace wscope;
using namespace std::string_literals;
using capture::CaptureReader;
using capture::Selection;
using test::Talk;
using test::Tcp;

namespace {

using Lines = std::vector<std::string>;

// What is found, as lines: "0 open 10.0.0.1:40000 10.0.0.2:80", "0c head GET / HTTP/1.1", "0s \x81\x02hi", "0s hole 5".
class Lister {
 public:
  Lines lines;

  void operator()(const capture::Opened& e) {
    lines.push_back(std::to_string(e.stream) + " open " + to_text(e.client) + " " + to_text(e.server) +
                    (e.by_handshake ? "" : " chosen"));
  }
  void operator()(const capture::Head& e) {
    lines.push_back(front(e) + "head " + std::string(e.text.substr(0, e.text.find('\r'))));
  }
  // Data of one direction that is not interrupted is one line.
  void operator()(const capture::Data& e) {
    if (lines.empty() || !lines.back().starts_with(front(e) + "data ")) lines.push_back(front(e) + "data ");
    lines.back() += base::as_text(e.bytes);
  }
  void operator()(const capture::Hole& e) { lines.push_back(front(e) + "hole " + std::to_string(e.size)); }
  void operator()(const capture::Differs& e) { lines.push_back(front(e) + "differs " + std::to_string(e.size)); }
  void operator()(const capture::Ended& e) { lines.push_back(front(e) + (e.how == capture::End::fin ? "fin" : "end")); }
  void operator()(const capture::Unreadable& e) {
    lines.push_back(std::to_string(e.stream) + " " + std::string(e.what));
  }

 private:
  template <typename Event>
  static std::string front(const Event& e) {
    return std::to_string(e.stream) + (e.sender == ws::Role::client ? "c " : "s ");
  }
};

Lines list_pieces(test::Pieces pieces, const Selection& selection, std::string& census) {
  CaptureReader reader(selection);
  Lister lister;
  for (const base::MutableBytes piece : pieces) {
    base::Bytes rest = piece;
    while (!rest.empty()) {
      const std::size_t taken = reader.receive(rest);
      REQUIRE(taken > 0);
      rest = rest.subspan(taken);
      while (const auto event = reader.next_event()) std::visit(lister, *event);
    }
    std::fill(piece.begin(), piece.end(), std::byte{0xaa});  // nobody may need it now
  }
  reader.receive_eof();
  while (const auto event = reader.next_event()) std::visit(lister, *event);
  CHECK_FALSE(reader.error().has_value());
  census = capture::describe(reader.census());
  return lister.lines;
}

// The same in every split.
Lines list(const std::string& file, const Selection& selection = {}, std::string* census = nullptr) {
  Lines whole;
  test::for_each_split(file, [&](test::Pieces pieces, const std::string& name) {
    std::string counted;
    const Lines lines = list_pieces(pieces, selection, counted);
    if (name == "whole") {
      whole = lines;
      if (census != nullptr) *census = counted;
    }
    CAPTURE(name);
    CHECK(lines == whole);
  });
  return whole;
}

Lines list(const Talk& talk, const Selection& selection = {}) { return list(test::file_of(talk.segments), selection); }

std::string census_of(const std::string& file) {
  std::string census;
  (void)list(file, {}, &census);
  return census;
}

const std::string request = "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const std::string response = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const std::string hello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
const std::string hi = "\x81\x02hi";

const std::string opened = "0 open 10.0.0.1:40000 10.0.0.2:80";
const Lines handshake = {opened, "0c head GET /chat HTTP/1.1", "0s head HTTP/1.1 101 Switching Protocols"};

Lines with(Lines lines, const Lines& more) {
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

Talk talk_open() {
  Talk talk;
  talk.opens();
  talk.says(request);
  talk.answers(response);
  return talk;
}

}  // namespace

TEST_CASE("a WebSocket connection from its handshake to its end") {
  Talk talk = talk_open();
  talk.says(hello);
  talk.answers(hi);
  talk.closes();
  CHECK(list(talk) == with(handshake, {"0c data " + hello, "0s data " + hi, "0c fin", "0s fin"}));
}

TEST_CASE("heads in pieces, and frames that come with them") {
  Talk talk;
  talk.opens();
  talk.says(request.substr(0, 2));
  talk.says(request.substr(2));
  talk.says(hello);  // before the answer
  talk.answers(response.substr(0, 30));
  talk.answers(response.substr(30) + hi);
  CHECK(list(talk) == with(handshake, {"0c data " + hello, "0s data " + hi, "0c end", "0s end"}));
}

TEST_CASE("requests before the upgrade are skipped, with their bodies") {
  Talk talk;
  talk.opens();
  talk.says("POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nGET HEAD /b HTTP/1.1\r\n\r\n");
  talk.answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nHTTP\r\n0\r\n\r\n");
  talk.answers("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n");
  talk.says(request);
  talk.answers("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
  talk.says(request);
  talk.answers("HTTP/1.1 103 Early\r\n\r\n" + response);
  talk.says(hello);
  CHECK(list(talk) == with(handshake, {"0c data " + hello, "0c end", "0s end"}));
}

TEST_CASE("what the client said behind an upgrade that was refused is read as HTTP") {
  Talk talk;
  talk.opens();
  talk.says(request + request);
  talk.answers("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno" + response + hi);
  CHECK(list(talk) == with(handshake, {"0s data " + hi, "0c end", "0s end"}));
}

TEST_CASE("a WebSocket in the tunnel of a proxy") {
  Talk talk;
  talk.opens();
  talk.says("CONNECT example:80 HTTP/1.1\r\n\r\n");
  talk.answers("HTTP/1.1 200 Established\r\n\r\n");
  talk.says(request);
  talk.answers(response);
  talk.says(hello);
  CHECK(list(talk) == with(handshake, {"0c data " + hello, "0c end", "0s end"}));
  Talk tls;
  tls.opens();
  tls.says("CONNECT example:443 HTTP/1.1\r\n\r\n");
  tls.answers("HTTP/1.1 200 Established\r\n\r\n");
  tls.says("\x16\x03\x01\x02\x00"s);
  CHECK(list(tls) == Lines{"0 TLS, cannot be read"});
}

TEST_CASE("what cannot be read is named, what is something else is counted") {
  Talk tls;
  tls.opens();
  tls.says("\x16");
  tls.says("\x03\x01\x02\x00"s);
  Talk http2;
  http2.client_port = 40001;
  http2.opens();
  http2.says("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  Talk upgrade;
  upgrade.client_port = 40002;
  upgrade.opens();
  upgrade.says("GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n");
  upgrade.answers("HTTP/1.1 101 S\r\nUpgrade: h2c\r\n\r\n");
  Talk other;
  other.client_port = 40003;
  other.opens();
  other.answers("SSH-2.0-x\r\n");
  Talk http;
  http.client_port = 40004;
  http.opens();
  http.says("GET / HTTP/1.1\r\n\r\n");
  http.answers("HTTP/1.1 204 N\r\n\r\n");
  std::vector<Tcp> all;
  for (const Talk& talk : {tls, http2, upgrade, other, http}) {
    all.insert(all.end(), talk.segments.begin(), talk.segments.end());
  }
  const std::string file = test::file_of(all) + test::Pcap().packet(test::v4_header(1, 2, 8, 17) + "12345678");
  CHECK(list(file) == Lines{"0 TLS, cannot be read", "1 HTTP/2, cannot be read", "2 HTTP/2, cannot be read"});
  CHECK(census_of(file) == "5 TCP streams (1 HTTP, 1 TLS, 2 HTTP/2, 1 other), 1 UDP datagrams");
  CHECK(census_of(test::Pcap().header()) == "no packets");
  CHECK(census_of(test::Pcap{false, false, 105}.header() + test::Pcap().packet("x")) ==
        "packets of link type 105 (802.11)");
}

TEST_CASE("a stream without a handshake is read if it is chosen, and its masks tell who is who") {
  Talk talk;
  talk.answers(hi);
  talk.says(hello.substr(0, 1));
  talk.says(hello.substr(1));
  const std::string chosen = opened + " chosen";
  const Lines lines = {chosen, "0s data " + hi, "0c data " + hello, "0s end", "0c end"};
  CHECK(list(talk).empty());
  CHECK(list(talk, {80}) == lines);
  CHECK(list(talk, {40000}) == lines);
  CHECK(list(talk, {81}).empty());
  CHECK(list(talk, {std::nullopt, 0}) == lines);
  CHECK(list(talk, {std::nullopt, 1}).empty());
  Talk bytes;  // one by one
  bytes.says(hello.substr(0, 1));
  bytes.answers(hi.substr(0, 1));
  bytes.says(hello.substr(1));
  bytes.answers(hi.substr(1));
  CHECK(list(bytes, {80}) == Lines{chosen, "0c data " + hello.substr(0, 1), "0s data " + hi.substr(0, 1),
                                   "0c data " + hello.substr(1), "0s data " + hi.substr(1), "0c end", "0s end"});
  CHECK(list(talk_open(), {80}) == with(handshake, {"0c end", "0s end"}));
  CHECK(list(talk_open(), {81}).empty());
}

TEST_CASE("a capture that begins between the request and its answer, or in the middle of something else") {
  Talk talk;
  talk.answers(response + hi);
  CHECK(list(talk) == Lines{opened, "0s head HTTP/1.1 101 Switching Protocols", "0s data " + hi, "0s end", "0c end"});
  Talk body;
  body.answers("the end of a body");
  body.says(request);
  body.answers(response);
  body.answers(hi);
  CHECK(list(body) == with(handshake, {"0s data " + hi, "0s end", "0c end"}));
}

TEST_CASE("holes and differences in frames are told, those before them only lose what they hit") {
  Talk talk = talk_open();
  talk.says("\x82\x84\1\2\3\4");
  (void)talk.from_client("abcd");
  talk.answers(hi);
  Tcp again = talk.segments.back();
  again.payload = "\x81\x02ho";
  talk.segments.push_back(again);
  CHECK(list(talk) == with(handshake, {"0c data \x82\x84\1\2\3\4", "0c hole 4", "0s data " + hi, "0s differs 1",
                                       "0c end", "0s end"}));
  Talk lost;
  lost.opens();
  lost.says("GET / HTTP/1.1\r\n\r\n");
  (void)lost.from_server("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
  lost.says(request);
  lost.answers(response);
  lost.answers(hi);
  CHECK(list(lost) == with(handshake, {"0s data " + hi, "0c end", "0s end"}));
}

TEST_CASE("a hole in what the client says before the answer is one of its frames") {
  Talk talk;
  talk.opens();
  talk.says(request);
  talk.says(hello.substr(0, 6));
  (void)talk.from_client(hello.substr(6));
  talk.says(hi);
  talk.answers(response);
  const Lines lines = list(talk);
  CHECK(lines == with(handshake, {"0c data " + hello.substr(0, 6), "0c hole 9", "0c end", "0s end"}));
}

TEST_CASE("two connections at once") {
  Talk one = talk_open();
  Talk two;
  two.client_port = 50000;
  two.opens();
  two.says(request);
  two.answers(response);
  std::vector<Tcp> all;
  for (std::size_t i = 0; i < one.segments.size(); ++i) {
    all.push_back(one.segments[i]);
    all.push_back(two.segments[i]);
  }
  all.push_back(two.from_client(hello));
  all.push_back(one.from_server(hi));
  const Lines lines = list(test::file_of(all));
  REQUIRE(lines.size() == 12);
  CHECK(lines[3] == "1 open 10.0.0.1:50000 10.0.0.2:80");
  CHECK(lines[6] == "1c data " + hello);
  CHECK(lines[7] == "0s data " + hi);
}

TEST_CASE("offsets are those of the file, and times those of the packets") {
  Talk talk = talk_open();
  talk.says(hello);
  const std::string file = test::file_of(talk.segments);
  CaptureReader reader;
  base::Bytes rest = base::as_bytes(file);
  int seen = 0;
  while (!rest.empty()) {
    rest = rest.subspan(reader.receive(rest));
    while (const auto event = reader.next_event()) {
      if (const auto* head = std::get_if<capture::Head>(&*event)) {
        CHECK(file.substr(head->origin.offset, head->text.size()) == head->text);
        ++seen;
      } else if (const auto* data = std::get_if<capture::Data>(&*event)) {
        CHECK(file.substr(data->origin.offset, data->bytes.size()) == hello);
        CHECK(data->origin.time.time_since_epoch() == std::chrono::seconds(6));
        ++seen;
      }
    }
  }
  CHECK(seen == 3);
}

TEST_CASE("what is wrong with a file ends it, and what came before is told") {
  Talk talk = talk_open();
  const std::string file = test::file_of(talk.segments) + std::string(16, '\xff');
  CaptureReader reader;
  Lister lister;
  base::Bytes rest = base::as_bytes(file);
  while (!rest.empty()) {
    rest = rest.subspan(reader.receive(rest));
    while (const auto event = reader.next_event()) std::visit(lister, *event);
  }
  REQUIRE(reader.error().has_value());
  reader.receive_eof();
  while (const auto event = reader.next_event()) std::visit(lister, *event);
  CHECK(lister.lines == with(handshake, {"0c end", "0s end"}));
}
