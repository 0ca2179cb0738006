#include "capture/websocket_streams.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace wscope;
using capture::Side;
using capture::WebSocketStreams;

namespace {

const std::string request = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
const std::string response = "HTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n";

capture::StreamOpened opened(std::uint64_t number) {
  capture::StreamOpened event;
  event.stream = number;
  event.from_its_beginning = true;
  return event;
}

bool give(WebSocketStreams& streams, std::uint64_t number, Side sender, const std::string& text) {
  return streams.receive(capture::StreamData{number, sender, {}, base::as_bytes(text)});
}

bool end(WebSocketStreams& streams, std::uint64_t number, Side sender) {
  return streams.receive(capture::StreamEnded{number, sender, {}, capture::End::fin});
}

std::size_t drain(WebSocketStreams& streams) {
  std::size_t count = 0;
  while (streams.next_event()) ++count;
  return count;
}

}  // namespace

TEST_CASE("a stream is wanted as long as it may be a WebSocket") {
  WebSocketStreams streams({});
  CHECK(streams.receive(opened(0)));
  CHECK(give(streams, 0, Side::opener, "GET / HTTP/1.1\r\n\r\n"));
  CHECK(give(streams, 0, Side::other, "HTTP/1.1 204 N\r\n\r\n"));
  CHECK(end(streams, 0, Side::opener));
  CHECK_FALSE(end(streams, 0, Side::other));
  CHECK_FALSE(give(streams, 0, Side::other, "x"));
  CHECK(streams.receive(opened(1)));
  CHECK_FALSE(give(streams, 1, Side::opener, "\x16\x03\x01"));
  CHECK(drain(streams) == 1);
  CHECK(streams.receive(opened(2)));
  CHECK_FALSE(give(streams, 2, Side::opener, "SSH-2.0\r\n"));
  CHECK(streams.receive(opened(3)));
  CHECK(end(streams, 3, Side::opener));
  CHECK_FALSE(end(streams, 3, Side::other));  // it had no data
  CHECK(streams.census().http == 1);
  CHECK(streams.census().tls == 1);
  CHECK(streams.census().other == 1);
  CHECK(streams.census().websocket == 0);
}

TEST_CASE("of what the client says before the answer 64 KiB are kept, and the rest is a hole") {
  WebSocketStreams streams({});
  CHECK(streams.receive(opened(7)));
  CHECK(give(streams, 7, Side::opener, request + std::string(40'000, 'x')));
  CHECK(give(streams, 7, Side::opener, std::string(40'000, 'x')));
  CHECK(give(streams, 7, Side::opener, std::string(10, 'x')));
  CHECK(drain(streams) == 0);
  CHECK(give(streams, 7, Side::other, response));
  REQUIRE(streams.next_event().has_value());                               // opened
  CHECK(std::get<capture::Head>(*streams.next_event()).text == request);   // and
  CHECK(std::get<capture::Head>(*streams.next_event()).text == response);  // its answer
  CHECK(std::get<capture::Data>(*streams.next_event()).bytes.size() == 65536);
  CHECK(std::get<capture::Hole>(*streams.next_event()).size == 80'010 - 65536);
  CHECK_FALSE(streams.next_event().has_value());
}

TEST_CASE("a client that has ended before the answer has ended behind it, too") {
  WebSocketStreams streams({});
  CHECK(streams.receive(opened(0)));
  CHECK(give(streams, 0, Side::opener, request));
  CHECK(end(streams, 0, Side::opener));
  CHECK(give(streams, 0, Side::other, response));
  for (int i = 0; i < 3; ++i) REQUIRE(streams.next_event().has_value());
  CHECK(std::get<capture::Ended>(*streams.next_event()).sender == ws::Role::client);
  CHECK_FALSE(end(streams, 0, Side::other));
  CHECK(std::get<capture::Ended>(*streams.next_event()).sender == ws::Role::server);
}

TEST_CASE("an upgrade to something else, and a 101 that nobody asked for") {
  WebSocketStreams streams({});
  CHECK(streams.receive(opened(0)));
  CHECK(give(streams, 0, Side::opener, "GET / HTTP/1.1\r\nUpgrade: other\r\n\r\n"));
  CHECK_FALSE(give(streams, 0, Side::other, "HTTP/1.1 101 S\r\nUpgrade: other\r\n\r\n"));
  CHECK(std::get<capture::Unreadable>(*streams.next_event()).what == "upgraded to something else");
  CHECK(streams.census().other == 1);
}

TEST_CASE("more requests than anybody sends without an answer") {
  WebSocketStreams streams({});
  CHECK(streams.receive(opened(0)));
  for (int i = 0; i < 5000; ++i) CHECK(give(streams, 0, Side::opener, "GET / HTTP/1.1\r\n\r\n"));
}
