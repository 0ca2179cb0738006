#include "http/head_parser.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "http/head_writer.h"
#include "support/split.h"

using namespace wscope::http;
using wscope::base::as_text;
using wscope::base::Bytes;
using wscope::test::for_each_split;
using wscope::test::Pieces;

namespace {

using Kind = HeadParser::Kind;
using Progress = HeadParser::Progress;

struct Outcome {
  Progress progress = Progress::need_more;
  HeadError error{};
  std::string rest{};  ///< after done: what was not taken

  bool operator==(const Outcome& other) const {
    return progress == other.progress && error.code == other.error.code && error.detail == other.error.detail &&
           error.status == other.error.status && rest == other.rest;
  }
};

Outcome feed_all(HeadParser& parser, Pieces pieces) {
  Outcome outcome;
  for (Bytes in : pieces) {
    outcome.progress = parser.receive(in);
    if (outcome.progress == Progress::done) outcome.rest += as_text(in);
  }
  outcome.error = parser.error();
  return outcome;
}

/// What comes of `input`, whole, byte by byte and randomly split.
Outcome outcome_of(Kind kind, std::string_view input, HeadLimits limits = {}) {
  Outcome first;
  for_each_split(input, [&](Pieces pieces, const std::string& name) {
    HeadParser parser(kind, limits);
    const Outcome outcome = feed_all(parser, pieces);
    if (name == "whole") first = outcome;
    CAPTURE(name);
    CAPTURE(input);
    CHECK(outcome == first);
  });
  return first;
}

/// The detail of the syntax error that `input` is, or what else came of it.
std::string fault(Kind kind, std::string_view input) {
  const Outcome outcome = outcome_of(kind, input);
  if (outcome.progress == Progress::need_more) return "need more";
  if (outcome.progress == Progress::done) return "done";
  CHECK(!outcome.error.over_limit());
  CHECK(outcome.error.status == 400);
  return outcome.error.detail;
}

std::string request_fault(std::string_view input) { return fault(Kind::request, input); }
std::string response_fault(std::string_view input) { return fault(Kind::response, input); }
std::string field_fault(const std::string& line) { return request_fault("GET / HTTP/1.1\r\n" + line + "\r\n\r\n"); }

RequestHead request(std::string_view input) {
  RequestHead first;
  for_each_split(input, [&](Pieces pieces, const std::string& name) {
    HeadParser parser(Kind::request, {});
    REQUIRE(feed_all(parser, pieces).progress == Progress::done);
    const RequestHead head = parser.take_request();
    if (name == "whole") first = head;
    CAPTURE(name);
    CHECK(head == first);
  });
  return first;
}

ResponseHead response(std::string_view input) {
  ResponseHead first;
  for_each_split(input, [&](Pieces pieces, const std::string& name) {
    HeadParser parser(Kind::response, {});
    REQUIRE(feed_all(parser, pieces).progress == Progress::done);
    const ResponseHead head = parser.take_response();
    if (name == "whole") first = head;
    CAPTURE(name);
    CHECK(head == first);
  });
  return first;
}

}  // namespace

TEST_CASE("the request of RFC 6455 section 1.2 is read") {
  const RequestHead head = request(
      "GET /chat HTTP/1.1\r\n"
      "Host: server.example.com\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Version: 13\r\n"
      "\r\n");
  CHECK(head.method == "GET");
  CHECK(head.target == "/chat");
  CHECK(head.version == Version{1, 1});
  CHECK(head.headers == Headers{{"Host", "server.example.com"},
                                {"Upgrade", "websocket"},
                                {"Connection", "Upgrade"},
                                {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                {"Sec-WebSocket-Version", "13"}});
}

TEST_CASE("method, target and version are kept as they are, for the handshake to judge") {
  CHECK(request("get * HTTP/1.0\r\n\r\n") == RequestHead{"get", "*", {1, 0}, {}});
  CHECK(request("X!#~ h:80 HTTP/9.0\r\n\r\n") == RequestHead{"X!#~", "h:80", {9, 0}, {}});
}

TEST_CASE("the method is known once the request line has been read") {
  HeadParser parser(HeadParser::Kind::request, {});
  CHECK(parser.method().empty());
  wscope::base::Bytes in = wscope::base::as_bytes("HEAD / HTTP/1.1\r\nno colon\r\n");
  CHECK(parser.receive(in) == HeadParser::Progress::failed);
  CHECK(parser.method() == "HEAD");
}

TEST_CASE("a request line has exactly a method, a target and a version") {
  const std::string bad_target = "a request target that is empty or holds a character not allowed there";
  const std::string bad_version = "a request line that does not end in an HTTP version";
  CHECK(request_fault("GET\r\n") == "this is not an HTTP request");
  CHECK(request_fault("GET /\r\n") == "a request line without a version");
  CHECK(request_fault("GET  HTTP/1.1\r\n") == bad_target);
  CHECK(request_fault("GET  / HTTP/1.1\r\n") == bad_target);
  CHECK(request_fault("GET /  HTTP/1.1\r\n") == bad_target);
  CHECK(request_fault("GET /a b HTTP/1.1\r\n") == bad_target);
  CHECK(request_fault("GET /\t HTTP/1.1\r\n") == bad_target);
  CHECK(request_fault("GET /\x7f HTTP/1.1\r\n") == bad_target);
  CHECK(request_fault("GET /\xc3\xa4 HTTP/1.1\r\n") == bad_target);
  CHECK(request_fault("GET / HTTP/1.1 \r\n") == bad_target);
  for (const char* version : {"HTTP/1", "HTTP/1.", "HTTP/1.10", "HTTP/11", "http/1.1", "HTTP/x.1", "HTTP/1.x",
                              "HTTP 1.1", "HTTPS/1.1", "\xff"}) {
    CAPTURE(version);
    const std::string found = request_fault(std::string("GET / ") + version + "\r\n");
    CHECK((found == bad_version || found == bad_target));
  }
}

TEST_CASE("what cannot become a request is refused at its first impossible byte") {
  for (const char* start :
       {" ", "\n", "\t", "(", "\"", "\xff", "GET\x01", "GET\r", "GET\n", "GET(", "SSH:", "\rG", "\r\r"}) {
    CAPTURE(start);
    CHECK(request_fault(start) == "this is not an HTTP request");
    const std::string before(start, std::char_traits<char>::length(start) - 1);
    CHECK(request_fault(before) == "need more");
  }
  CHECK(request_fault("\x16\x03\x01") == "this is a TLS record, not HTTP");
  CHECK(outcome_of(Kind::request, "\x16\x03\x01").error.code == HeadError::Code::tls_record);
  CHECK(response_fault("\x15\x03") == "this is a TLS record, not HTTP");
  CHECK(request_fault(std::string_view("\0", 1)) == "this is not an HTTP request");
  CHECK(request_fault("SSH-2.0-OpenSSH_9.2\r\n") == "this is not an HTTP request");
  CHECK(request_fault("G") == "need more");
  CHECK(request_fault("GET \x01") == "need more");  // judged with its line
}

TEST_CASE("what cannot become a response is refused at its first impossible byte") {
  for (const char* start : {"h", "S", "HTTp", "HTTP ", "\r", "\n"}) {
    CAPTURE(start);
    CHECK(response_fault(start) == "this is not an HTTP response");
  }
  CHECK(response_fault("SSH-2.0-OpenSSH_9.2\r\n") == "this is not an HTTP response");
  CHECK(response_fault("HTTP/") == "need more");
  CHECK(response_fault("HTTP/x") == "need more");
}

TEST_CASE("one empty line before a request is skipped, a second one is not") {
  CHECK(request("\r\nGET / HTTP/1.1\r\n\r\n") == RequestHead{"GET", "/", {1, 1}, {}});
  CHECK(request_fault("\r\n") == "need more");
  CHECK(request_fault("\r\n\r") == "this is not an HTTP request");
  CHECK(request_fault("\n") == "this is not an HTTP request");
  CHECK(response_fault("\r\nHTTP/1.1 200 OK\r\n\r\n") == "this is not an HTTP response");
}

TEST_CASE("a status line has a version, a status and perhaps a reason") {
  CHECK(response("HTTP/1.1 101 Switching Protocols\r\n\r\n") == ResponseHead{101, "Switching Protocols", {1, 1}, {}});
  CHECK(response("HTTP/1.0 200 \r\n\r\n") == ResponseHead{200, "", {1, 0}, {}});
  CHECK(response("HTTP/1.1 599\r\n\r\n") == ResponseHead{599, "", {1, 1}, {}});
  CHECK(response("HTTP/1.1 404  a\tb\xc3\xa4 \r\n\r\n") == ResponseHead{404, " a\tb\xc3\xa4 ", {1, 1}, {}});
}

TEST_CASE("a bad status line is refused") {
  CHECK(response_fault("HTTP/1\r\n") == "a status line without an HTTP version");
  CHECK(response_fault("HTTP/1.x 200\r\n") == "a status line without an HTTP version");
  CHECK(response_fault("HTTP/1.10 200\r\n") == "a status line without a three-digit status");
  for (const char* status : {"", " ", "  200", "\t200", " 20", " 20x OK", " -10", " 0x1", "200"}) {
    CAPTURE(status);
    CHECK(response_fault("HTTP/1.1" + std::string(status) + "\r\n") == "a status line without a three-digit status");
  }
  for (const char* status : {"000", "099", "600", "999"}) {
    CAPTURE(status);
    CHECK(response_fault("HTTP/1.1 " + std::string(status) + " x\r\n") == "a status out of range (100 to 599)");
  }
  CHECK(response_fault("HTTP/1.1 2000\r\n") == "a status with more than three digits");
  CHECK(response_fault("HTTP/1.1 200x\r\n") == "a status with more than three digits");
  CHECK(response_fault("HTTP/1.1 200 a\x01\r\n") == "a control character in the reason phrase");
  CHECK(response_fault("HTTP/1.1 200 a\rb\r\n") == "a control character in the reason phrase");
}

TEST_CASE("header values lose the white space around them and keep their bytes") {
  const RequestHead head =
      request("GET / HTTP/1.1\r\nA:1\r\nB: \t 2 \t \r\nC:\r\nD: \r\nE: \xff \x80\t:\r\na:3\r\n\r\n");
  CHECK(head.headers == Headers{{"A", "1"}, {"B", "2"}, {"C", ""}, {"D", ""}, {"E", "\xff \x80\t:"}, {"a", "3"}});
}

TEST_CASE("a bad header line is refused") {
  CHECK(field_fault("A : 1") == "white space before the colon of a header line");
  CHECK(field_fault("A\t: 1") == "white space before the colon of a header line");
  CHECK(field_fault(" A: 1") == "a header line that begins with white space");
  CHECK(field_fault("A: 1\r\n B: 2") == "a header line that begins with white space");
  CHECK(field_fault("A: 1\r\n\tfolded") == "a header line that begins with white space");
  CHECK(field_fault(" ") == "a header line that begins with white space");
  CHECK(field_fault("A") == "a header line without a colon");
  CHECK(field_fault(": 1") == "a header name that is not a token");
  CHECK(field_fault("A B: 1") == "a header name that is not a token");
  CHECK(field_fault("\xc3\xa4: 1") == "a header name that is not a token");
  CHECK(field_fault("A\x01: 1") == "a header name that is not a token");
}

TEST_CASE("a header value holds no control characters but HTAB") {
  for (int c = 0; c < 256; ++c) {
    CAPTURE(c);
    const std::string line = std::string("A: x") + static_cast<char>(c) + "y";
    const bool control = c != '\t' && (c < ' ' || c == 0x7f);
    if (c != '\n') CHECK(field_fault(line) == (control ? "a control character in the value of header A" : "done"));
  }
  CHECK(field_fault(std::string(50, 'n') + ": \x01") ==
        "a control character in the value of header " + std::string(40, 'n'));
}

TEST_CASE("the lines of a request end in CRLF, nothing else") {
  const std::string bare = "a line that ends in LF without CR";
  CHECK(request_fault("GET / HTTP/1.1\n") == bare);
  CHECK(request_fault("GET / HTTP/1.1\r\nA: b\n") == bare);
  CHECK(request_fault("GET / HTTP/1.1\r\n\n") == bare);
  CHECK(request_fault("GET / HTTP/1.1\rX:y\r\n") == "a request line that does not end in an HTTP version");
  CHECK(field_fault("A: b\rC: d") == "a control character in the value of header A");
  CHECK(field_fault("A: b\r") == "a control character in the value of header A");
  CHECK(field_fault("\rA: b") == "a header name that is not a token");
}

TEST_CASE("the lines of a response may end in a bare LF, each of them") {
  const ResponseHead expected{101, "Switching Protocols", {1, 1}, {{"A", "b"}, {"C", ""}}};
  const std::string_view line_ends[] = {"\r\n", "\n"};
  for (unsigned which = 0; which < 16; ++which) {
    std::string text;
    unsigned line = 0;
    for (const char* content : {"HTTP/1.1 101 Switching Protocols", "A: b", "C:", ""}) {
      text.append(content).append(line_ends[which >> line++ & 1]);
    }
    CAPTURE(text);
    CHECK(response(text) == expected);
    CHECK(outcome_of(Kind::response, text + "\n\x81").rest == "\n\x81");
  }
  CHECK(response("HTTP/1.1 200\n\n") == ResponseHead{200, "", {1, 1}, {}});
  CHECK(response_fault("HTTP/1.1 200\r\r\n") == "a status with more than three digits");
  CHECK(response_fault("HTTP/1.1 200 OK\rA: b\r\n") == "a control character in the reason phrase");
  CHECK(response_fault("HTTP/1.1 200 OK\nA: b\r\r\n") == "a control character in the value of header A");
  CHECK(response_fault("HTTP/1.1 200 OK\nA: b\rC: d\n") == "a control character in the value of header A");
}

TEST_CASE("a folded line of a response goes on with the value before it, behind a space") {
  const auto fields = [](std::string_view lines) {
    return response("HTTP/1.1 200 OK\r\n" + std::string(lines) + "\r\n").headers;
  };
  CHECK(fields("A: 1\r\n 2\r\n") == Headers{{"A", "1 2"}});
  CHECK(fields("A: 1 \t\r\n \t 2\t\r\n\t3: x\r\nB: 4\r\n") == Headers{{"A", "1 2 3: x"}, {"B", "4"}});
  CHECK(fields("A:\r\n b\r\n") == Headers{{"A", "b"}});
  CHECK(fields("A: b\r\n \r\n\t\r\n c\r\n") == Headers{{"A", "b c"}});
  CHECK(fields("A: b\n c\n") == Headers{{"A", "b c"}});
  CHECK(fields("A: 1\r\nA: 2\r\n 3\r\n") == Headers{{"A", "1"}, {"A", "2 3"}});
  CHECK(response_fault("HTTP/1.1 200 OK\r\n A: 1\r\n") == "a header line that begins with white space");
  CHECK(response_fault("HTTP/1.1 200 OK\r\n\r\n A: 1\r\n") == "done");
  CHECK(response_fault("HTTP/1.1 200 OK\r\nA: 1\r\n b\x01\r\n") == "a control character in the value of header A");
}

TEST_CASE("folded lines count as much as other bytes do") {
  const std::string head = "HTTP/1.1 200\r\nA: b\r\n c\r\n d\r\n\r\n";
  CHECK(outcome_of(Kind::response, head).progress == Progress::done);
  CHECK(outcome_of(Kind::response, head, {.head_bytes = head.size()}).progress == Progress::done);
  CHECK(outcome_of(Kind::response, head, {.head_bytes = head.size() - 1}).error.code == HeadError::Code::head_too_long);
}

TEST_CASE("bytes behind the head are left alone") {
  const Outcome outcome = outcome_of(Kind::request, "GET / HTTP/1.1\r\n\r\n\r\n\x81");
  CHECK(outcome.progress == Progress::done);
  CHECK(outcome.rest == "\r\n\x81");
}

TEST_CASE("after a failure nothing more is taken") {
  HeadParser parser(Kind::response, {});
  Bytes in = wscope::base::as_bytes("SSH");
  REQUIRE(parser.receive(in) == Progress::failed);
  const auto left = in.size();
  CHECK(parser.receive(in) == Progress::failed);
  CHECK(in.size() == left);
}

TEST_CASE("a parser is ready for the next head once one was taken") {
  for_each_split("HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.0 101\r\nC: d\r\n\r\n",
                 [](Pieces pieces, const std::string&) {
                   HeadParser parser(Kind::response, {});
                   CHECK(parser.untouched());
                   std::vector<ResponseHead> heads;
                   for (Bytes in : pieces) {
                     while (parser.receive(in) == Progress::done) {
                       CHECK_FALSE(parser.untouched());
                       heads.push_back(parser.take_response());
                       CHECK(parser.untouched());
                     }
                   }
                   REQUIRE(heads.size() == 2);
                   CHECK(heads[0] == ResponseHead{103, "Early", {1, 1}, {{"A", "b"}}});
                   CHECK(heads[1] == ResponseHead{101, "", {1, 0}, {{"C", "d"}}});
                 });
}

TEST_CASE("a skipped empty line is forgotten with the head behind it") {
  HeadParser parser(Kind::request, {});
  for (int i = 0; i < 2; ++i) {
    Bytes in = wscope::base::as_bytes("\r\nGET / HTTP/1.1\r\n\r\n");
    REQUIRE(parser.receive(in) == Progress::done);
    CHECK(parser.take_request().method == "GET");
  }
}

TEST_CASE("trailers are fields without a start line") {
  CHECK(fault(Kind::trailers, "\r\n") == "done");
  CHECK(fault(Kind::trailers, "A: b\r\nC: d\r\n\r\n") == "done");
  CHECK(fault(Kind::trailers, "A: b\r\n c\n\n") == "done");
  CHECK(fault(Kind::trailers, " A: b\r\n") == "a header line that begins with white space");
  CHECK(fault(Kind::trailers, "A b\r\n") == "a header line without a colon");
}

TEST_CASE("one line may take all of a head, and not a byte more") {
  const std::size_t limit = HeadLimits().head_bytes;
  const auto start = [&](std::size_t size) { return "GET /" + std::string(size - 18, 'x') + " HTTP/1.1\r\n\r\n"; };
  CHECK(outcome_of(Kind::request, start(limit)).progress == Progress::done);
  const Outcome long_start = outcome_of(Kind::request, start(limit + 3));
  CHECK(long_start.error.code == HeadError::Code::start_line_long);
  CHECK(long_start.error.status == 414);
  CHECK(long_start.error.detail == "a head of more than 65536 bytes");
  CHECK(long_start.error.over_limit());
  CHECK(long_start.error.came == limit + 3);

  const auto field = [&](std::size_t size) {
    return "HTTP/1.1 101 x\r\nA: " + std::string(size - 23, 'x') + "\r\n\r\n";
  };
  CHECK(outcome_of(Kind::response, field(limit)).progress == Progress::done);
  const Outcome long_field = outcome_of(Kind::response, field(limit + 1));
  CHECK(long_field.error.code == HeadError::Code::head_too_long);
  CHECK(long_field.error.status == 431);
  CHECK(long_field.error.detail == "a head of more than 65536 bytes");
}

TEST_CASE("a head over its limit is refused before its end has come") {
  CHECK(outcome_of(Kind::request, std::string(100, 'G'), {.head_bytes = 101}).progress == Progress::need_more);
  CHECK(outcome_of(Kind::request, std::string(101, 'G'), {.head_bytes = 101}).error.code ==
        HeadError::Code::start_line_long);
  CHECK(outcome_of(Kind::response, "HTTP/1.1 200 x\r\nA: x", {.head_bytes = 20}).error.code ==
        HeadError::Code::head_too_long);
}

TEST_CASE("a head may have as many fields as fit") {
  const std::string start = "GET / HTTP/1.1\r\n";
  std::string head = start;
  while (head.size() + 6 <= HeadLimits().head_bytes) head += "a:\r\n";
  Outcome outcome = outcome_of(Kind::request, head + "\r\n");
  CHECK(outcome.progress == Progress::done);
  outcome = outcome_of(Kind::request, head + "a:\r\n\r\n");
  CHECK(outcome.error.code == HeadError::Code::head_too_long);
  CHECK(outcome.error.status == 431);
}

TEST_CASE("a head may be as long as its limit and not a byte longer, empty line before it included") {
  const std::string head = "\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n";
  CHECK(outcome_of(Kind::request, head, {.head_bytes = head.size()}).progress == Progress::done);
  for (std::size_t limit = 1; limit < head.size(); ++limit) {
    CAPTURE(limit);
    const Outcome over = outcome_of(Kind::request, head, {.head_bytes = limit});
    const bool in_start_line = limit < 18;
    CHECK(over.error.code == (in_start_line ? HeadError::Code::start_line_long : HeadError::Code::head_too_long));
    CHECK(over.error.status == (in_start_line ? 414 : 431));
    CHECK(over.error.detail == "a head of more than " + std::to_string(limit) + " bytes");
  }
}

TEST_CASE("a limit of zero refuses everything") {
  CHECK(outcome_of(Kind::request, "G", {.head_bytes = 0}).error.code == HeadError::Code::start_line_long);
  CHECK(outcome_of(Kind::trailers, "A: b\r\n", {.head_bytes = 0}).error.code == HeadError::Code::head_too_long);
}

TEST_CASE("of a head over its limit it is known how much had come beyond, if anything had") {
  const auto came = [](std::string_view first, std::string_view second) {
    HeadParser parser(Kind::response, {.head_bytes = 20});
    for (Bytes in : {wscope::base::as_bytes(first), wscope::base::as_bytes(second)}) {
      static_cast<void>(parser.receive(in));
    }
    CHECK(parser.error().code == HeadError::Code::head_too_long);
    return parser.error().came;
  };
  CHECK(came("HTTP/1.1 200 x\r\nA: x", "more") == 0);
  CHECK(came("HTTP/1.1 200 x\r\nA: xy", "more") == 21);
  CHECK(came("HTTP/1.1 200 x\r\n", "A: b\r\n\r\nbody") == 28);
}

TEST_CASE("a head that was written is read back equal") {
  const RequestHead head{"GET", "/%zz?x", {1, 0}, {{"Host", "[::1]:81"}, {"X", ""}, {"x", "\xff\ty"}}};
  CHECK(request(*write_head(head)) == head);
  const ResponseHead answer{426, "Upgrade \xc3\xa4", {1, 1}, {{"Upgrade", "websocket"}}};
  CHECK(response(*write_head(answer)) == answer);
}

TEST_CASE("a frame where a head should be is called that") {
  for (const auto kind : {HeadParser::Kind::request, HeadParser::Kind::response}) {
    HeadParser parser(kind, {});
    const std::string_view frame = "\x81\x02hi";
    wscope::base::Bytes in = wscope::base::as_bytes(frame);
    CHECK(parser.receive(in) == HeadParser::Progress::failed);
    CHECK(parser.error().detail == "this is a WebSocket frame, not HTTP");
    CHECK(parser.error().code == HeadError::Code::websocket_frame);
  }
}
