#include "check/client_tally.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fake_client.h"

using namespace wscope;
using namespace wscope::check;

namespace {

Case of(std::string_view id) {
  const std::vector<Case> all = all_cases();
  return *std::find_if(all.begin(), all.end(), [id](const Case& one) { return one.id == id; });
}

std::string request(const std::string& key) {
  return "GET / HTTP/1.1\r\nHost: here\r\nSec-WebSocket-Key: " + key + "\r\n\r\n";
}

void add(ClientTally& tally, const std::string& text) {
  Heard heard(Role::client);
  heard.receive(base::as_bytes(text), {});
  tally.add(heard);
}

std::string pong(std::uint32_t number) {
  wire::Header header{.opcode = 10};
  header.mask.emplace();
  for (std::size_t i = 0; i < 4; ++i) (*header.mask)[i] = static_cast<std::byte>(number >> (24 - 8 * i));
  std::string out;
  wire::append_frame(header, {}, out);
  return out;
}

Result judged(std::string_view id, const std::vector<std::string>& connections) {
  ClientTally tally;
  for (const std::string& one : connections) add(tally, one);
  return tally.judge(of(id));
}

}  // namespace

TEST_CASE("keys are 16 bytes in base64, and fresh") {
  const std::string one = request("dGhlIHNhbXBsZSBub25jZQ==");
  const std::string other = request("AQIDBAUGBwgJCgsMDQ4PEA==");
  CHECK(judged("c.key", {one, other}).verdict == Verdict::pass);
  CHECK(judged("c.key", {one}).verdict == Verdict::skip);
  CHECK(judged("c.key", {one, other, one}).verdict == Verdict::fail);
  CHECK(judged("c.key", {one, request("AQIDBAUGBwgJCgsMDQ4PEC==")}).verdict == Verdict::fail);
  CHECK(judged("c.key", {one, request("d3Njb3BlLWNoZWNrLTE1")}).verdict == Verdict::fail);
  CHECK(judged("c.key", {one, "GET / HTTP/1.1\r\nHost: here\r\n\r\n"}).seen == "0 Sec-WebSocket-Key fields");
}

TEST_CASE("masking keys are fresh, too") {
  const std::string head = request("dGhlIHNhbXBsZSBub25jZQ==");
  CHECK(judged("c.masks", {head + pong(7) + pong(99)}).verdict == Verdict::skip);
  CHECK(judged("c.masks", {head + pong(7) + pong(99999) + pong(5000)}).verdict == Verdict::pass);
  CHECK(judged("c.masks", {head + pong(7) + pong(7) + pong(7)}).seen == "one masking key for 3 frames");
  CHECK(judged("c.masks", {head + pong(7) + pong(8) + pong(9)}).seen == "the masking keys count up or down");
  CHECK(judged("c.masks", {head + pong(7) + pong(99), head + pong(7) + pong(99)}).verdict == Verdict::fail);
}
