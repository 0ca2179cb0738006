#include "http/body_decoder.h"

#include <doctest/doctest.h>

#include <string>

#include "http/head_writer.h"
#include "support/split.h"

using namespace wscope::http;
using wscope::base::as_bytes;
using wscope::base::as_text;
using wscope::base::Bytes;
using wscope::base::ErrorKind;
using wscope::test::for_each_split;
using wscope::test::Pieces;

namespace {

using Progress = BodyDecoder::Progress;

constexpr std::string_view until_eof = "";
const Headers chunked{{"Transfer-Encoding", "chunked"}};

Headers length(std::string value) { return {{"Content-Length", std::move(value)}}; }

/// What a body comes to: its data, how it went on and what was left, such as "hello done +rest".
std::string read(BodyDecoder decoder, Pieces pieces, bool then_eof) {
  std::string text;
  std::string rest;
  Progress progress = Progress::need_more;
  for (Bytes in : pieces) {
    Bytes data;
    while ((progress = decoder.receive(in, data)) == Progress::data) text += as_text(data);
    rest += as_text(in);
  }
  if (then_eof) progress = decoder.receive_eof();
  if (progress == Progress::need_more) return text + " need more";
  if (progress == Progress::failed) return text + " failed: " + decoder.error();
  return text + " done" + (rest.empty() ? "" : " +" + rest);
}

/// The same whole, byte by byte and randomly split.
std::string decoded(const Headers& headers, std::string_view body, bool then_eof = false) {
  std::string first;
  for_each_split(body, [&](Pieces pieces, const std::string& name) {
    const auto decoder = BodyDecoder::for_response({200, "OK", {}, headers});
    REQUIRE(decoder.ok());
    const std::string result = read(*decoder, pieces, then_eof);
    if (name == "whole") first = result;
    CAPTURE(name);
    CHECK(result == first);
  });
  return first;
}

std::string eof_after(const Headers& headers, std::string_view body) { return decoded(headers, body, true); }

std::string framing_fault(const Headers& headers, Version version = {}) {
  const auto decoder = BodyDecoder::for_response({200, "OK", version, headers});
  if (decoder) return "none";
  return decoder.error().kind == ErrorKind::http ? decoder.error().message : "wrong kind of error";
}

}  // namespace

TEST_CASE("some responses never have a body") {
  for (const int status : {100, 101, 199, 204, 304}) {
    CAPTURE(status);
    auto decoder = BodyDecoder::for_response({status, "", {}, length("5")});
    REQUIRE(decoder.ok());
    Bytes in = as_bytes("rest");
    Bytes data;
    CHECK(decoder->receive(in, data) == Progress::done);
    CHECK(in.size() == 4);
    CHECK(decoder->receive_eof() == Progress::done);
  }
}

TEST_CASE("Content-Length says how long a body is") {
  CHECK(decoded(length("5"), "hello") == "hello done");
  CHECK(decoded(length("5"), "hello, world") == "hello done +, world");
  CHECK(decoded(length("5"), "hel") == "hel need more");
  CHECK(decoded(length("0"), "x") == " done +x");
  CHECK(decoded(length("0"), "") == " done");
  CHECK(decoded(length("005"), "hello") == "hello done");
}

TEST_CASE("equal lengths collapse, different ones are an error") {
  CHECK(decoded(length("5, 5"), "hello") == "hello done");
  CHECK(decoded(length("5,05"), "hello") == "hello done");
  CHECK(decoded({{"Content-Length", "5"}, {"content-length", "5"}}, "hello") == "hello done");
  const std::string two = "the response has two different Content-Lengths, 5 and 6";
  CHECK(framing_fault(length("5, 6")) == two);
  CHECK(framing_fault(length("5, 05, 6, 7")) == two);
  CHECK(framing_fault({{"Content-Length", "5"}, {"content-length", "6"}}) == two);
  CHECK(framing_fault({{"Content-Length", "5"}, {"content-length", "x"}}) == "the response has a bad Content-Length");
}

TEST_CASE("Content-Length is at most 18 digits and nothing else") {
  CHECK(framing_fault(length("999999999999999999")) == "none");
  for (const char* value : {"", "x", "5x", "+5", "-5", "0x5", "5 5", "5;a", "5.0", "9999999999999999999", "5, x",
                            "x, 5", "99999999999999999999999"}) {
    CAPTURE(value);
    CHECK(framing_fault(length(value)) == "the response has a bad Content-Length");
  }
}

TEST_CASE("a body without framing lasts until the stream ends") {
  CHECK(decoded({}, "hello") == "hello need more");
  CHECK(eof_after({}, "hello") == "hello done");
  CHECK(eof_after({}, until_eof) == " done");
}

TEST_CASE("a stream that ends inside a body says how far it came") {
  CHECK(eof_after(length("5"), "hel") == "hel failed: the body ended after 3 of 5 bytes");
  CHECK(eof_after(length("5"), "hello") == "hello done");
  CHECK(eof_after(chunked, "") == " failed: the body ended after 0 bytes, before its last chunk was complete");
  CHECK(eof_after(chunked, "5\r\nhel") ==
        "hel failed: the body ended after 3 bytes, before its last chunk was complete");
  CHECK(eof_after(chunked, "5\r\nhello\r\n0\r\n") ==
        "hello failed: the body ended after 5 bytes, before its last chunk was complete");
  CHECK(eof_after(chunked, "x") == " failed: a chunk does not begin with its size");
}

TEST_CASE("chunks are joined") {
  CHECK(decoded(chunked, "5\r\nhello\r\n0\r\n\r\nrest") == "hello done +rest");
  CHECK(decoded({{"Transfer-Encoding", "CHUNKED"}}, "1\r\na\r\n00a\r\n0123456789\r\nA\r\n0123456789\r\n000\r\n\r\n") ==
        "a01234567890123456789 done");
  CHECK(decoded(chunked, "5\r\nhello\r\n") == "hello need more");
  CHECK(decoded(chunked, write_chunk(as_bytes("a\r\nb")) + std::string(last_chunk)) == "a\r\nb done");
}

TEST_CASE("chunk extensions are skipped") {
  CHECK(decoded(chunked, "5;a=b;c=\"d\"\r\nhello\r\n0;x\r\n\r\n") == "hello done");
  CHECK(decoded(chunked, "5 \t\r\nhello\r\n0 ;x\r\n\r\n") == "hello done");
  CHECK(decoded(chunked, "1;" + std::string(8189, 'x') + "\r\na\r\n0\r\n\r\n") == "a done");
  CHECK(decoded(chunked, "1;" + std::string(8190, 'x') + "\r\na\r\n") == " failed: a chunk-size line is too long");
}

TEST_CASE("bad chunks are refused") {
  CHECK(decoded(chunked, "\r\n") == " failed: a chunk does not begin with its size");
  CHECK(decoded(chunked, ";x\r\n") == " failed: a chunk does not begin with its size");
  CHECK(decoded(chunked, "-1\r\n") == " failed: a chunk does not begin with its size");
  CHECK(decoded(chunked, "5x\r\n") == " failed: a chunk-size line holds a character not allowed there");
  CHECK(decoded(chunked, "5\nhello\r\n") == " failed: a chunk-size line holds a character not allowed there");
  CHECK(decoded(chunked, "5;a\x01\r\n") == " failed: a chunk-size line holds a character not allowed there");
  CHECK(decoded(chunked, "5\rhello") == " failed: a chunk does not end where its size says");
  CHECK(decoded(chunked, "5\r\nhello!\r\n") == "hello failed: a chunk does not end where its size says");
  CHECK(decoded(chunked, "5\r\nhello\n") == "hello failed: a chunk does not end where its size says");
  CHECK(decoded(chunked, "5\r\nhello\r\r") == "hello failed: a chunk does not end where its size says");
}

TEST_CASE("a chunk size is at most 15 digits") {
  CHECK(decoded(chunked, "fffffffffffffff\r\nab") == "ab need more");
  CHECK(decoded(chunked, "000000000000001\r\nab") == "a failed: a chunk does not end where its size says");
  CHECK(decoded(chunked, "0000000000000001\r\na\r\n") == " failed: a chunk size has too many digits");
}

TEST_CASE("trailers are checked and dropped") {
  CHECK(decoded(chunked, "0\r\nA: b\r\nC: d\r\n\r\nrest") == " done +rest");
  CHECK(decoded(chunked, "0\r\nA b\r\n\r\n") == " failed: bad trailers: a header line without a colon");
  CHECK(decoded(chunked, "0\r\nA: b\n c\n\nrest") == " done +rest");
  CHECK(decoded(chunked, "0\r\nA: " + std::string(65'533, 'x')) ==
        " failed: bad trailers: a head of more than 65536 bytes");
}

TEST_CASE("contradictory or unknown framing is refused") {
  const std::string unknown = "the response has a Transfer-Encoding other than chunked";
  for (const char* coding : {"gzip", "gzip, chunked", "chunked, chunked", "chunked;q=1", "", "identity"}) {
    CAPTURE(coding);
    CHECK(framing_fault({{"Transfer-Encoding", coding}}) == unknown);
  }
  CHECK(framing_fault({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}) == unknown);
  CHECK(framing_fault({{"Transfer-Encoding", "chunked"}, {"Content-Length", "5"}}) ==
        "the response has both a Transfer-Encoding and a Content-Length");
  CHECK(framing_fault(chunked, {1, 0}) == "an HTTP/1.0 response has a Transfer-Encoding");
}

TEST_CASE("whether a request has a body is said once") {
  const struct {
    Headers headers;
    int has;  // -1: an error
  } rows[] = {
      {{}, 0},
      {{{"Content-Length", "0"}}, 0},
      {{{"Content-Length", "0"}, {"content-length", "0"}}, 0},
      {{{"Content-Length", "7"}}, 1},
      {{{"Content-Length", "7, 7"}, {"Content-Length", "7"}}, 1},
      {{{"Content-Length", "7"}, {"Content-Length", "8"}}, -1},
      {{{"Content-Length", "0"}, {"Content-Length", "8"}}, -1},
      {{{"Content-Length", "7, 8"}}, -1},
      {{{"Content-Length", "00"}}, -1},
      {{{"Content-Length", "07"}}, -1},
      {{{"Content-Length", ""}}, -1},
      {{{"Content-Length", "-1"}}, -1},
      {{{"Content-Length", "+1"}}, -1},
      {{{"Content-Length", "1 1"}}, -1},
      {{{"Content-Length", "0x1"}}, -1},
      {{{"Content-Length", "9999999999999999999"}}, -1},
      {{{"Transfer-Encoding", "chunked"}}, 1},
      {{{"Transfer-Encoding", "chunked"}, {"Content-Length", "0"}}, -1},
  };
  for (const auto& row : rows) {
    CAPTURE(row.headers.joined("Content-Length").value_or("(none)"));
    const auto has = has_request_body(row.headers);
    CHECK((has.ok() ? static_cast<int>(*has) : -1) == row.has);
    if (!has) CHECK(has.error().kind == wscope::base::ErrorKind::http);
  }
}

TEST_CASE("a decoder that is done or failed takes nothing more") {
  auto decoder = BodyDecoder::for_response({200, "OK", {}, chunked});
  Bytes in = as_bytes("xyz");
  Bytes data;
  REQUIRE(decoder->receive(in, data) == Progress::failed);
  CHECK(in.size() == 2);
  CHECK(decoder->receive(in, data) == Progress::failed);
  CHECK(in.size() == 2);
  CHECK(decoder->receive_eof() == Progress::failed);
}
