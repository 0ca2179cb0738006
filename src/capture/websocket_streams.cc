#include "capture/websocket_streams.h"

#include <algorithm>
#include <array>
#include <utility>

namespace wscope::capture {
namespace {

constexpr std::size_t most_early = std::size_t{64} << 10;  // bytes of frames in front of the 101
constexpr std::size_t most_asked = 1024;                   // requests without their responses

constexpr std::size_t index_of(Side side) noexcept { return side == Side::opener ? 0 : 1; }

// A request whose response has not come.
enum class Asked : unsigned char { other, head, connect, upgrade };

Asked what_is_asked(const HeadFields& request) noexcept {
  if (request.upgrades_to_websocket()) return Asked::upgrade;
  if (request.method() == "HEAD") return Asked::head;
  return request.method() == "CONNECT" ? Asked::connect : Asked::other;
}

}  // namespace

struct WebSocketStreams::Stream {
  enum class Stage : unsigned char { unknown, http, frames };
  struct Half {
    std::string front{};  // what has come, as long as that does not tell what it is
    Origin front_origin{};
    HttpSide http{};
    std::optional<StreamEnded> ended{};
  };

  StreamNumber number = 0;
  Endpoint opener;
  Endpoint other;
  bool chosen = false;
  bool from_its_beginning = false;
  bool had_http = false;
  bool had_data = false;
  Stage stage = Stage::unknown;
  Side client = Side::opener;  // once it is known
  std::array<Half, 2> halves{};
  std::vector<Asked> asked{};  // the oldest first
  std::string request{};       // that wants an upgrade; empty: none
  Origin request_origin{};
  std::string early{};  // what the client says behind it
  Origin early_origin{};
  std::uint64_t early_lost = 0;  // bytes behind these
  std::string response{};

  [[nodiscard]] Half& half(Side side) noexcept { return halves[index_of(side)]; }
  [[nodiscard]] ws::Role role(Side side) const noexcept { return side == client ? ws::Role::client : ws::Role::server; }
};

WebSocketStreams::WebSocketStreams(const Selection& selection) : selection_(selection) {}
WebSocketStreams::~WebSocketStreams() = default;

std::optional<Event> WebSocketStreams::next_event() noexcept {
  if (taken_ == events_.size()) return std::nullopt;
  return events_[taken_++];
}

bool WebSocketStreams::receive(const StreamEvent& event) {
  events_.clear();
  taken_ = 0;
  over_.clear();
  if (const auto* opened = std::get_if<StreamOpened>(&event)) return open(*opened);
  const StreamNumber number = std::visit([](const auto& e) { return e.stream; }, event);
  const auto found = streams_.find(number);
  if (found == streams_.end()) return false;
  Stream& stream = *found->second;
  bool wanted = true;
  if (const auto* data = std::get_if<StreamData>(&event)) {
    wanted = receive(stream, *data);
  } else if (const auto* hole = std::get_if<StreamHole>(&event)) {
    receive(stream, *hole);
  } else if (const auto* ended = std::get_if<StreamEnded>(&event)) {
    wanted = receive(stream, *ended);
  } else if (const auto* differs = std::get_if<StreamDiffers>(&event)) {
    if (stream.stage == Stream::Stage::frames) {
      events_.emplace_back(Differs{number, stream.role(differs->sender), differs->origin, differs->size});
    }
  }
  if (wanted) return true;
  over_.push_back(std::move(found->second));
  streams_.erase(found);
  return false;
}

bool WebSocketStreams::open(const StreamOpened& opened) {
  if (selection_.stream && *selection_.stream != opened.stream) return false;
  const auto port = selection_.port;
  if (port && opened.opener.port != *port && opened.other.port != *port) return false;
  auto stream = std::make_unique<Stream>();
  stream->number = opened.stream;
  stream->opener = opened.opener;
  stream->other = opened.other;
  stream->chosen = selection_.stream || port;
  stream->from_its_beginning = opened.from_its_beginning;
  streams_.emplace(opened.stream, std::move(stream));
  return true;
}

bool WebSocketStreams::receive(Stream& stream, const StreamData& data) {
  stream.had_data = true;
  switch (stream.stage) {
    case Stream::Stage::unknown:
      return receive_unknown(stream, data.sender, data.origin, data.bytes);
    case Stream::Stage::http:
      return receive_http(stream, data.sender, data.origin, data.bytes);
    case Stream::Stage::frames:
      tell_data(stream, data.sender, data.origin, data.bytes);
      return true;
  }
  return true;
}

void WebSocketStreams::receive(Stream& stream, const StreamHole& hole) {
  Stream::Half& half = stream.half(hole.sender);
  if (stream.stage == Stream::Stage::frames) {
    events_.emplace_back(Hole{stream.number, stream.role(hole.sender), hole.origin, hole.size});
    return;
  }
  if (stream.stage == Stream::Stage::http && hole.sender == stream.client && !stream.request.empty()) {
    stream.early_lost += hole.size;
    return;
  }
  stream.early_lost = 0;
  // From here on what belongs to what is not known.
  stream.from_its_beginning = false;
  half.front.clear();
  half.http.lose();
  stream.request.clear();
  stream.early.clear();
  stream.asked.clear();
}

bool WebSocketStreams::receive(Stream& stream, const StreamEnded& ended) {
  stream.half(ended.sender).ended = ended;
  if (stream.stage == Stream::Stage::frames) {
    events_.emplace_back(Ended{stream.number, stream.role(ended.sender), ended.origin, ended.how});
  }
  if (!stream.halves[0].ended || !stream.halves[1].ended) return true;
  if (stream.stage == Stream::Stage::frames) return false;
  if (stream.had_http) {
    ++census_.http;
  } else if (stream.had_data) {
    ++census_.other;
  }
  return false;
}

bool WebSocketStreams::receive_unknown(Stream& stream, Side sender, const Origin& origin, base::Bytes bytes) {
  Stream::Half& half = stream.half(sender);
  if (half.front.empty()) half.front_origin = origin;
  const std::size_t had = half.front.size();
  constexpr std::size_t enough = 32;
  half.front += base::as_text(bytes.first(std::min(bytes.size(), enough)));
  const Beginning beginning = classify(half.front);
  if (beginning == Beginning::not_yet) return true;
  if (beginning == Beginning::tls) {
    return tell_unreadable(stream, origin, "TLS, cannot be read", census_.tls);
  }
  if (beginning == Beginning::http2) return tell_unreadable(stream, origin, "HTTP/2, cannot be read", census_.http2);
  half.front.resize(had);
  if (beginning == Beginning::other) return receive_frames(stream, sender, origin, bytes);
  stream.stage = Stream::Stage::http;
  stream.had_http = true;
  stream.client = beginning == Beginning::request ? sender : opposite(sender);
  const std::string front = std::exchange(half.front, {});
  for (Stream::Half& each : stream.halves) each.front.clear();
  if (!front.empty() && !receive_http(stream, sender, half.front_origin, base::as_bytes(front))) return false;
  return receive_http(stream, sender, origin, bytes);
}

// What is neither HTTP nor TLS: frames, if a person says so.
bool WebSocketStreams::receive_frames(Stream& stream, Side sender, const Origin& origin, base::Bytes bytes) {
  Stream::Half& half = stream.half(sender);
  if (!stream.chosen) {
    if (stream.from_its_beginning) {
      ++census_.other;
      return false;
    }
    half.front.clear();  // the capture began in the middle of something: there may be a head later
    return true;
  }
  if (half.front.size() + bytes.size() < 2) {
    half.front += base::as_text(bytes);
    return true;
  }
  const std::byte second = half.front.size() > 1 ? base::as_bytes(half.front)[1] : bytes[1 - half.front.size()];
  const bool masked = (second & std::byte{0x80}) != std::byte{0};
  begin_frames(stream, masked ? sender : opposite(sender), half.front.empty() ? origin : half.front_origin, false);
  for (const Side side : {Side::opener, Side::other}) {
    Stream::Half& each = stream.half(side);
    if (!each.front.empty()) tell_data(stream, side, each.front_origin, base::as_bytes(each.front));
  }
  tell_data(stream, sender, origin, bytes);
  return true;
}

bool WebSocketStreams::receive_http(Stream& stream, Side sender, const Origin& origin, base::Bytes bytes) {
  HttpSide& http = stream.half(sender).http;
  const std::size_t size = bytes.size();
  while (!bytes.empty()) {
    const Origin at{origin.time, origin.offset + (size - bytes.size())};
    if (sender == stream.client && !stream.request.empty()) {  // it waits for the answer
      if (stream.early.empty()) stream.early_origin = at;
      const std::size_t room = stream.early_lost > 0 ? 0 : most_early - stream.early.size();
      const std::size_t kept = std::min(bytes.size(), room);
      stream.early += base::as_text(bytes.first(kept));
      stream.early_lost += bytes.size() - kept;
      return true;
    }
    const auto head = http.receive(bytes, at);
    if (!head) continue;
    if (sender == stream.client) {
      handle_request(stream, *head);
      continue;
    }
    const Origin behind{origin.time, origin.offset + (size - bytes.size())};
    if (!handle_response(stream, std::string(*head), http.head_origin(), bytes, behind)) return false;
    if (stream.stage != Stream::Stage::http) return true;
  }
  return true;
}

void WebSocketStreams::handle_request(Stream& stream, std::string_view head) {
  HttpSide& http = stream.half(stream.client).http;
  const Asked asked = what_is_asked(HeadFields(head));
  if (stream.asked.size() == most_asked) stream.asked.erase(stream.asked.begin());
  stream.asked.push_back(asked);
  if (asked == Asked::upgrade) {
    stream.request = head;
    stream.request_origin = http.head_origin();
  }
  http.expect_body(head, true);
}

// `rest` is what is behind it.
bool WebSocketStreams::handle_response(Stream& stream, std::string head, const Origin& origin, base::Bytes rest,
                                       const Origin& behind) {
  const Side server = opposite(stream.client);
  const HeadFields fields(head);
  const int status = fields.status();
  if (status >= 100 && status < 200 && status != 101) return true;
  Asked asked = Asked::other;
  if (!stream.asked.empty()) {
    asked = stream.asked.front();
    stream.asked.erase(stream.asked.begin());
  } else if (fields.upgrades_to_websocket()) {
    asked = Asked::upgrade;  // the request was not captured
  }
  if (status == 101 && asked == Asked::upgrade) {
    stream.response = std::move(head);
    begin_handshake_frames(stream, origin);
    if (!rest.empty()) tell_data(stream, server, behind, rest);
    return true;
  }
  if (status == 101) {
    const bool http2 = fields.has_token("Upgrade", "h2c");
    return tell_unreadable(stream, origin, http2 ? "HTTP/2, cannot be read" : "upgraded to something else",
                           http2 ? census_.http2 : census_.other);
  }
  if (asked == Asked::connect && status >= 200 && status < 300) {  // what is in the tunnel begins anew
    stream.stage = Stream::Stage::unknown;
    for (Stream::Half& half : stream.halves) half.http.restart();
    return rest.empty() || receive_unknown(stream, server, behind, rest);
  }
  stream.half(server).http.expect_body(head, false, asked == Asked::head);
  if (asked != Asked::upgrade) return true;
  stream.request.clear();  // refused
  const std::string early = std::exchange(stream.early, {});
  if (std::exchange(stream.early_lost, 0) > 0) stream.half(stream.client).http.lose();
  return early.empty() || receive_http(stream, stream.client, stream.early_origin, base::as_bytes(early));
}

void WebSocketStreams::begin_handshake_frames(Stream& stream, const Origin& origin) {
  begin_frames(stream, stream.client, origin, true);
  if (!stream.request.empty()) {
    events_.emplace_back(Head{stream.number, ws::Role::client, stream.request_origin, stream.request});
  }
  events_.emplace_back(Head{stream.number, ws::Role::server, origin, stream.response});
  if (!stream.early.empty()) {
    tell_data(stream, stream.client, stream.early_origin, base::as_bytes(stream.early));
  }
  if (stream.early_lost > 0) {
    events_.emplace_back(Hole{stream.number, ws::Role::client, origin, stream.early_lost});
  }
  for (const Stream::Half& half : stream.halves) {
    if (half.ended)
      events_.emplace_back(Ended{stream.number, stream.role(half.ended->sender), half.ended->origin, half.ended->how});
  }
}

void WebSocketStreams::begin_frames(Stream& stream, Side client, const Origin& origin, bool by_handshake) {
  ++census_.websocket;
  stream.stage = Stream::Stage::frames;
  stream.client = client;
  const bool as_opened = client == Side::opener;
  events_.emplace_back(Opened{stream.number, origin.time, as_opened ? stream.opener : stream.other,
                              as_opened ? stream.other : stream.opener, by_handshake});
}

void WebSocketStreams::tell_data(Stream& stream, Side sender, const Origin& origin, base::Bytes bytes) {
  events_.emplace_back(Data{stream.number, stream.role(sender), origin, bytes});
}

bool WebSocketStreams::tell_unreadable(Stream& stream, const Origin& origin, std::string_view what,
                                       std::uint64_t& counter) {
  ++counter;
  events_.emplace_back(Unreadable{stream.number, origin, what});
  return false;
}

}  // namespace wscope::capture
