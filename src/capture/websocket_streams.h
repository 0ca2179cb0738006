// WebSocket in TCP streams: which of them it is, and what is on its wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "capture/http_side.h"
#include "capture/tcp_streams.h"
#include "ws/extension.h"

namespace wscope::capture {

/// A WebSocket connection was found: by its opening handshake, or, of a stream that was chosen, by its first frame,
/// whose MASK bit tells who the client is.
struct Opened {
  StreamNumber stream = 0;
  WallTime time{};  ///< of the 101, or of the first frame
  Endpoint client;
  Endpoint server;
  bool by_handshake = false;  ///< its heads follow: first the request, unless that was not captured, then the 101
};
/// A head of the opening handshake, with its line ends and the empty line; of more than 64 KiB its beginning.
struct Head {
  StreamNumber stream = 0;
  ws::Role sender = ws::Role::client;
  Origin origin;
  std::string_view text;
};
/// The next bytes of frames.
struct Data {
  StreamNumber stream = 0;
  ws::Role sender = ws::Role::client;
  Origin origin;
  base::Bytes bytes;
};
/// So many bytes of frames follow that were not captured. What follows is what was sent behind them.
struct Hole {
  StreamNumber stream = 0;
  ws::Role sender = ws::Role::client;
  Origin origin;
  std::uint64_t size = 0;
};
/// So many bytes of frames were captured again with other values; the first ones count.
struct Differs {
  StreamNumber stream = 0;
  ws::Role sender = ws::Role::client;
  Origin origin;
  std::uint64_t size = 0;
};
/// A direction has ended, once for each.
struct Ended {
  StreamNumber stream = 0;
  ws::Role sender = ws::Role::client;
  Origin origin;
  End how = End::fin;
};
/// A stream that cannot be read: "TLS, cannot be read".
struct Unreadable {
  StreamNumber stream = 0;
  Origin origin;
  std::string_view what;  ///< static storage
};
using Event = std::variant<Opened, Head, Data, Hole, Differs, Ended, Unreadable>;

/// What a person chose. What is chosen and has no opening handshake is taken for frames from its first byte on.
struct Selection {
  std::optional<std::uint16_t> port{};   ///< only streams of which one side has it
  std::optional<StreamNumber> stream{};  ///< only this one
};

/// How many streams there were, by what they are.
struct StreamCensus {
  std::uint64_t websocket = 0;
  std::uint64_t http = 0;
  std::uint64_t tls = 0;
  std::uint64_t http2 = 0;
  std::uint64_t other = 0;  ///< of those that had data
};

/// Takes what TcpStreams tells. A stream is WebSocket by an upgrade and its 101; what was said before on it, also
/// through a proxy's CONNECT, is skipped. What the client says before it has the answer waits, up to 64 KiB.
class WebSocketStreams {
 public:
  explicit WebSocketStreams(const Selection& selection);
  WebSocketStreams(const WebSocketStreams&) = delete;
  WebSocketStreams& operator=(const WebSocketStreams&) = delete;
  ~WebSocketStreams();

  /// What comes next of some stream. No event waits to be taken. False: of that stream nothing more is wanted.
  bool receive(const StreamEvent& event);
  /// What is there to be said. Valid until the next call of receive(), and as long as what was given to it.
  [[nodiscard]] std::optional<Event> next_event() noexcept;

  [[nodiscard]] const StreamCensus& census() const noexcept { return census_; }

 private:
  struct Stream;

  // Each says whether more of the stream is wanted.
  bool open(const StreamOpened& opened);
  bool receive(Stream& stream, const StreamData& data);
  void receive(Stream& stream, const StreamHole& hole);
  bool receive(Stream& stream, const StreamEnded& ended);
  bool receive_unknown(Stream& stream, Side sender, const Origin& origin, base::Bytes bytes);
  bool receive_frames(Stream& stream, Side sender, const Origin& origin, base::Bytes bytes);
  bool receive_http(Stream& stream, Side sender, const Origin& origin, base::Bytes bytes);
  void handle_request(Stream& stream, std::string_view head);
  bool handle_response(Stream& stream, std::string head, const Origin& origin, base::Bytes rest, const Origin& behind);
  void begin_handshake_frames(Stream& stream, const Origin& origin);
  void begin_frames(Stream& stream, Side client, const Origin& origin, bool by_handshake);
  void tell_data(Stream& stream, Side sender, const Origin& origin, base::Bytes bytes);
  bool tell_unreadable(Stream& stream, const Origin& origin, std::string_view what, std::uint64_t& counter);

  Selection selection_;
  std::unordered_map<StreamNumber, std::unique_ptr<Stream>> streams_;
  std::vector<std::unique_ptr<Stream>> over_;  // events have views of what they hold
  std::vector<Event> events_;
  std::size_t taken_ = 0;
  StreamCensus census_;
};

}  // namespace wscope::capture
