// Every row of handshake.txt: what each side of the opening handshake makes of what the other one says.
#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>

#include "http/url.h"
#include "transcripts/endpoint.h"
#include "transcripts/rows.h"

namespace wscope::test {
namespace {

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> found;
  for (std::string word; in >> word;) found.push_back(word);
  return found;
}

void replace(std::string& text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  if (at != std::string::npos) text.replace(at, what.size(), with);
}

struct Table {
  std::vector<Row> rows;
  std::string request;
  std::string response;
};

Table read_table() {
  Table table;
  for (Row& row : read_rows("handshake.txt")) {
    if (row.role == "define") {
      (row.id == "<request>" ? table.request : table.response) = row.value("in");
    } else {
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

std::unique_ptr<ws::PermessageDeflate> offer_of(const Row& row) {
  if (!row.has("deflate")) return nullptr;
  ws::DeflateParameters wanted;
  if (const std::string text = row.value("deflate"); !text.empty()) {
    wanted = ws::parse_deflate_parameters(ws::parse_extension_parameters(text).value()).value();
  }
  return std::make_unique<ws::PermessageDeflate>(wanted);
}

ws::Options options_of(const Row& row, const ws::PermessageDeflate* offer) {
  ws::Options options = options_for(row.role == "client" ? ws::Role::client : ws::Role::server);
  if (offer != nullptr) options.extensions = {offer};
  return options;
}

void prepare(Endpoint& endpoint, const Row& row) {
  if (row.role == "client") {
    ws::ConnectOptions connect;
    connect.subprotocols = words(row.value("subprotocols"));
    REQUIRE(endpoint->connect(http::parse_url("ws://server.example.com/chat").value(), connect) == ws::Status::ok);
    CHECK(endpoint.take_output().find("\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") != std::string::npos);
    return;
  }
  ws::AcceptOptions accept;
  accept.subprotocols = words(row.value("subprotocols"));
  accept.subprotocol_required = row.has("subprotocol-required");
  accept.origins = words(row.value("origins"));
  accept.origin_may_be_missing = row.has("origin-may-be-missing");
  endpoint.accepts(accept);
}

bool has_line(const std::string& head, const std::string& line) {
  return head.find("\r\n" + line + "\r\n") != std::string::npos;
}

std::size_t count_lines(const std::string& head, const std::string& name) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = head.find("\r\n" + name + ":", at)) != std::string::npos; ++at) ++count;
  return count;
}

void check_answer(const Row& row, const std::string& answer) {
  const std::size_t head_end = answer.find("\r\n\r\n");
  REQUIRE(head_end != std::string::npos);
  const std::string head = answer.substr(0, head_end + 2);
  const std::string status = row.value("answer");
  CHECK(head.substr(0, 13) == "HTTP/1.1 " + status + " ");
  const auto headers = row.values("header");
  for (const std::string& header : headers) CHECK(has_line(head, header));
  for (const std::string name :
       {"Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Sec-WebSocket-Version", "Allow"}) {
    std::size_t expected = 0;
    for (const std::string& header : headers)
      if (header.rfind(name + ":", 0) == 0) ++expected;
    CHECK(count_lines(head, name) == expected);
  }
  if (status == "101") {
    CHECK(has_line(head, "Upgrade: websocket"));
    CHECK(has_line(head, "Connection: Upgrade"));
    CHECK(has_line(head, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    CHECK(answer.size() == head_end + 4);
  } else {
    CHECK(has_line(head, "Content-Length: " + std::to_string(answer.size() - head_end - 4)));
    CHECK(count_lines(head, "Connection") == 1);
  }
}

void run(const Row& row, const std::string& input, bool eof) {
  const Story expected = read_story(row.value("out"));
  const auto offer = offer_of(row);
  for_each_split(input, [&](Pieces pieces, const std::string& split) {
    CAPTURE(row.name());
    CAPTURE(split);
    Endpoint endpoint(options_of(row, offer.get()), std::string(sample_nonce));
    prepare(endpoint, row);
    endpoint.receive(pieces);
    if (eof) endpoint.receive_eof();
    CHECK(endpoint.story() == expected);
    const std::string output = endpoint.take_output();
    const bool open = expected.back().kind == "Opened";
    CHECK((endpoint->state() == ws::State::open) == open);
    if (row.role == "server") {
      check_answer(row, output);
      CHECK(endpoint->wants_half_close() == !open);
    } else {
      CHECK(output.empty());
    }
  });
}

TEST_CASE("each of the 86 rows of handshake.txt ends as it says, however it is cut") {
  const Table table = read_table();
  std::set<std::string> ids;
  for (const Row& row : table.rows) {
    ids.insert(row.id);
    std::string input = row.value("in");
    replace(input, "<request>", table.request);
    replace(input, "<response>", table.response);
    const std::size_t eof = input.find("EOF");
    run(row, from_escaped(input.substr(0, eof)), eof != std::string::npos);
  }
  CHECK(table.rows.size() == 86);
  CHECK(ids.size() == table.rows.size());
}

}  // namespace
}  // namespace wscope::test
