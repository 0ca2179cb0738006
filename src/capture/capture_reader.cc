#include "capture/capture_reader.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace wscope::capture {
namespace {

constexpr std::size_t most_link_types = 8;  // that are named

void append_part(std::string_view part, std::string& out) {
  if (!out.empty()) out += ", ";
  out += part;
}

void append_count(std::uint64_t count, std::string_view what, std::string& out) {
  if (count > 0) append_part(std::to_string(count) + " " + std::string(what), out);
}

}  // namespace

std::string describe(const Census& census) {
  if (census.packets == 0) return "no packets";
  std::string streams;
  append_count(census.streams.websocket, "WebSocket", streams);
  append_count(census.streams.http, "HTTP", streams);
  append_count(census.streams.tls, "TLS", streams);
  append_count(census.streams.http2, "HTTP/2", streams);
  append_count(census.streams.other, "other", streams);
  std::string out;
  append_count(census.tcp_streams, census.tcp_streams == 1 ? "TCP stream" : "TCP streams", out);
  if (!streams.empty()) out += " (" + streams + ")";
  for (std::size_t i = 0; i < census.no_segment.size(); ++i) {
    const auto reason = static_cast<NoSegment>(i);
    if (reason != NoSegment::link_type) append_count(census.no_segment[i], describe(reason), out);
  }
  for (const std::uint16_t type : census.unread_link_types) append_part("packets of " + describe_link_type(type), out);
  return out.empty() ? std::to_string(census.packets) + " packets" : out;
}

std::size_t CaptureReader::receive(base::Bytes bytes) {
  const std::size_t taken = packets_.receive(bytes);
  if (const auto packet = packets_.next_event()) receive(*packet);
  return taken;
}

void CaptureReader::receive(const Packet& packet) {
  ++census_.packets;
  last_time_ = packet.time;
  const auto found = find_segment(packet);
  if (const auto* segment = std::get_if<Segment>(&found)) {
    ++census_.segments;
    const std::uint64_t at =
        segment->payload.empty() ? 0 : static_cast<std::uint64_t>(segment->payload.data() - packet.bytes.data());
    tcp_.receive(*segment, {packet.time, packet.offset + at});
    return;
  }
  const NoSegment reason = std::get<NoSegment>(found);
  ++census_.no_segment[static_cast<std::size_t>(reason)];
  if (reason != NoSegment::link_type || census_.unread_link_types.size() == most_link_types) return;
  auto& types = census_.unread_link_types;
  if (std::find(types.begin(), types.end(), packet.link_type) == types.end()) types.push_back(packet.link_type);
}

void CaptureReader::receive_eof() {
  packets_.receive_eof();
  tcp_.receive_eof(last_time_);
}

std::optional<Event> CaptureReader::next_event() {
  while (true) {
    if (auto event = websocket_.next_event()) return event;
    const auto event = tcp_.next_event();
    if (!event) return std::nullopt;
    if (!websocket_.receive(*event)) tcp_.ignore(std::visit([](const auto& e) { return e.stream; }, *event));
  }
}

Census CaptureReader::census() const {
  Census census = census_;
  census.tcp_streams = tcp_.stream_count();
  census.streams = websocket_.census();
  return census;
}

}  // namespace wscope::capture
