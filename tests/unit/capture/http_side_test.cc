#include "capture/http_side.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/split.h"

using namespace wscope;
using namespace std::string_literals;
using capture::Beginning;
using capture::classify;
using capture::HeadFields;
using capture::HttpSide;

namespace {

// The first lines of the heads in a stream, in every split, with their offsets.
std::vector<std::string> heads_in(const std::string& stream, bool of_requests, bool bodiless = false) {
  std::vector<std::string> whole;
  test::for_each_split(stream, [&](test::Pieces pieces, const std::string& name) {
    HttpSide side;
    std::vector<std::string> heads;
    std::uint64_t offset = 0;
    for (const base::MutableBytes piece : pieces) {
      base::Bytes rest = piece;
      while (!rest.empty()) {
        const std::uint64_t at = offset + piece.size() - rest.size();
        if (const auto head = side.receive(rest, {{}, at})) {
          heads.push_back(std::string(head->substr(0, head->find('\r'))) + " at " +
                          std::to_string(side.head_origin().offset));
          side.expect_body(*head, of_requests, bodiless);
        }
      }
      offset += piece.size();
    }
    if (name == "whole") whole = heads;
    CAPTURE(name);
    CHECK(heads == whole);
  });
  return whole;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a stream is known by what it begins with, as soon as that tells") {
  CHECK(classify("") == Beginning::not_yet);
  CHECK(classify("G") == Beginning::not_yet);
  CHECK(classify("GET") == Beginning::not_yet);
  CHECK(classify("GET ") == Beginning::request);
  CHECK(classify("HTTP/1.") == Beginning::response);
  CHECK(classify("HTTP/1") == Beginning::not_yet);
  CHECK(classify("HTTP/2") == Beginning::other);
  CHECK(classify("PRI") == Beginning::not_yet);
  CHECK(classify("PRI * HTTP/2.0") == Beginning::http2);
  CHECK(classify("PRI /") == Beginning::request);
  CHECK(classify("\x16") == Beginning::not_yet);
  CHECK(classify("\x16\x03") == Beginning::tls);
  CHECK(classify("\x17\x03") == Beginning::tls);
  CHECK(classify("\x16\x04") == Beginning::other);
  CHECK(classify("\x81") == Beginning::other);
  CHECK(classify("SSH-2.0") == Beginning::other);
  CHECK(classify(" ") == Beginning::other);
  CHECK(classify(std::string(24, 'A')) == Beginning::not_yet);
  CHECK(classify(std::string(25, 'A')) == Beginning::other);
}

TEST_CASE("the fields of a head, however they are written") {
  const HeadFields fields(
      "HTTP/1.1 101 S\r\nconnection: keep-alive, Upgrade\r\nUPGRADE :  WebSocket \nX: 1\r\nX: 2\r\n\r\n");
  CHECK(fields.status() == 101);
  CHECK(fields.upgrades_to_websocket());
  CHECK(fields.has_token("Connection", "upgrade"));
  CHECK_FALSE(fields.has_token("Connection", "keep"));
  CHECK(fields.has_token("x", "2"));
  CHECK(fields.find("x") == "1");
  CHECK_FALSE(fields.find("y").has_value());
  CHECK(HeadFields("HTTP/1.1 20\r\n").status() == 0);
  CHECK(HeadFields("HTTP/1.1 2x0\r\n").status() == 0);
  CHECK(HeadFields("HEAD / HTTP/1.1\r\n\r\n").method() == "HEAD");
}

TEST_CASE("bodies are skipped, whatever frames them") {
  CHECK(heads_in("GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /GET /3 HTTP/1.1\r\n\r\n",
                 true) == Lines{"GET /1 HTTP/1.1 at 0", "POST /2 HTTP/1.1 at 19", "GET /3 HTTP/1.1 at 63"});
  CHECK(heads_in("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nHTTP/1.1 204 N\r\n\r\n"
                 "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\n\r\neverything",
                 false) ==
        Lines{"HTTP/1.1 200 OK at 0", "HTTP/1.1 204 N at 60", "HTTP/1.1 100 C at 78", "HTTP/1.1 200 OK at 96"});
  CHECK(heads_in("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", false, true).size() == 2);
}

TEST_CASE("what is no head is lost, until a piece begins with one") {
  HttpSide side;
  const auto give = [&](const std::string& text) {
    base::Bytes bytes = base::as_bytes(text);
    const auto head = side.receive(bytes, {});
    return head ? std::string(*head) : "";
  };
  CHECK(give("what is this\r\n\r\n").empty());
  CHECK(side.lost());
  CHECK(give("or this\r\n\r\n").empty());
  CHECK(give("GET / HTTP/1.1\r\n\r\n") == "GET / HTTP/1.1\r\n\r\n");
  CHECK_FALSE(side.lost());
  side.lose();
  CHECK(give("GET / HT").empty());
  CHECK(give("TP/1.1\r\n\r\n") == "GET / HTTP/1.1\r\n\r\n");
  side.expect_body("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n", false);
  CHECK(side.lost());
  side.restart();
  side.expect_body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", false);
  CHECK(give("zzz").empty());
  CHECK(side.lost());
}
