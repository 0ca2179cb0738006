// Every row of frames.txt: what an open connection makes of bytes, whichever way they arrive and are delivered.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "transcripts/endpoint.h"
#include "transcripts/rows.h"

namespace wscope::test {
namespace {

struct Delivery {
  std::string name;
  std::uint64_t whole_up_to;
  bool hold_back_partial;
};
const Delivery deliveries[] = {{"whole", ws::unlimited, false}, {"in pieces", 0, false}, {"held back", 0, true}};

// What must have been written: a Pong for each Ping, and the answer to the Close or the violation.
Story expected_output(const Story& story) {
  Story written;
  for (const Seen& seen : story) {
    if (seen.kind == "Ping") written.push_back({"Pong", seen.data});
    if (seen.kind == "Close") written.push_back(seen);
    if (seen.kind == "FAIL") written.push_back({"Close", seen.data});
  }
  return written;
}

// Without the reason of a Close that answers a violation: its words are ours.
Story without_reasons(Story written, const Story& story) {
  if (!story.empty() && story.back().kind == "FAIL" && !written.empty()) written.back().data.resize(4);
  return written;
}

std::optional<ws::DeflateParameters> agreed_parameters(const Row& row) {
  if (!row.has("deflate")) return std::nullopt;
  const std::string text = row.value("deflate");
  if (text.empty()) return ws::DeflateParameters{};
  return ws::parse_deflate_parameters(ws::parse_extension_parameters(text).value()).value();
}

ws::Options options_of(const Row& row, const Delivery& delivery) {
  ws::Options options = options_for(row.role == "client" ? ws::Role::client : ws::Role::server);
  options.whole_up_to = delivery.whole_up_to;
  options.hold_back_partial = delivery.hold_back_partial;
  std::string limits = row.value("limits") + " ";
  for (std::size_t at = 0; at + 1 < limits.size(); at = limits.find(' ', at) + 1) {
    const std::size_t equals = limits.find('=', at);
    std::uint64_t& limit = limits.substr(at, equals - at) == "message" ? options.limits.message : options.limits.frame;
    limit = std::stoull(limits.substr(equals + 1));
  }
  return options;
}

void run(const Row& row, const Delivery& delivery) {
  std::string input = row.value("in");
  const std::size_t eof = input.find("EOF");
  const std::string bytes = from_hex(input.substr(0, eof));
  const Story expected = read_story(row.value("out"));
  const auto parameters = agreed_parameters(row);
  for_each_split(bytes, [&](Pieces pieces, const std::string& split) {
    CAPTURE(row.name());
    CAPTURE(delivery.name);
    CAPTURE(split);
    Endpoint endpoint(options_of(row, delivery), parameters);
    endpoint.receive(pieces);
    if (eof != std::string::npos) endpoint.receive_eof();
    CHECK(endpoint.story() == expected);
    const std::string output = endpoint.take_output();
    CHECK(without_reasons(control_frames(output), expected) == expected_output(expected));
    for (const WireFrame& frame : read_frames(output)) CHECK(frame.masked == (row.role == "client"));
  });
}

TEST_CASE("each of the 147 rows of frames.txt ends as it says, however it is cut and delivered") {
  const std::vector<Row> rows = read_rows("frames.txt");
  std::set<std::string> ids;
  for (const Row& row : rows) {
    ids.insert(row.id);
    for (const Delivery& delivery : deliveries) run(row, delivery);
  }
  CHECK(rows.size() == 147);
  CHECK(ids.size() == rows.size());
}

}  // namespace
}  // namespace wscope::test
