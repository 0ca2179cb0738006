// What a Connection has to tell.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/clock.h"
#include "http/head.h"
#include "http/head_parser.h"
#include "ws/close_code.h"
#include "ws/opcode.h"
#include "ws/violation.h"

namespace wscope::ws {

// All views and pointers in events are valid until the next non-const call on the connection.

/// Server: a valid request to upgrade has come. Answer with accept() or reject().
struct Request {
  const http::RequestHead* head = nullptr;
  std::span<const std::string> subprotocols;  ///< as the client offers them, in its order of preference
};

/// The connection is open.
struct Opened {
  const http::ResponseHead* head = nullptr;  ///< client: the 101; server: null
  std::string_view subprotocol;              ///< empty: none
  std::string_view extensions;               ///< as in the response header; empty: none
};

/// Client: the server refuses. RejectData follows.
struct Rejected {
  const http::ResponseHead* head = nullptr;
};

/// Client: a piece of the body of a refusal.
struct RejectData {
  base::Bytes data;
  bool finished = false;
};

/// The opening handshake failed because of what the peer sent or did not send.
struct HandshakeFailed {
  enum class Reason : std::uint8_t {
    not_http,      ///< the bytes are not an HTTP/1.x head, or end within one
    bad_request,   ///< server: a request that is not a proper upgrade; `status` says how
    bad_response,  ///< client: a 101 that does not keep to RFC 6455 section 4.1
    bad_body,      ///< client: the body of a refusal is broken or too long
    stream_ended,  ///< the stream ended first
    timed_out,     ///< Options::open_timeout
  };
  Reason reason = Reason::not_http;
  std::string_view detail;  ///< for a person
  /// Server: the status of the answer, which is written with the next call of next_event() unless reject() was called
  /// before; 0 if there is nothing to answer.
  int status = 0;
  /// Server: the request, if it was readable; null otherwise.
  const http::RequestHead* head = nullptr;
  const http::ResponseHead* response = nullptr;  ///< client, bad_response: the answer
  const http::HeadError* error = nullptr;        ///< not_http: what is wrong with the head
};

/// A text or binary message, or a piece of one (Options::whole_up_to).
struct Message {
  Opcode type = Opcode::text;
  Rsv rsv = 0;  ///< of its first frame: rsv1 means that permessage-deflate compressed it
  bool first = true;
  bool frame_finished = true;
  bool finished = true;
  base::Bytes data;  ///< UTF-8 for text (a piece may end inside a code point, see Options::hold_back_partial)

  [[nodiscard]] std::string_view text() const noexcept { return base::as_text(data); }
};

struct Ping {
  base::Bytes payload;
};

struct Pong {
  base::Bytes payload;
  std::optional<base::Duration> round_trip{};  ///< if it answers a Ping of ours
  bool keepalive = false;                      ///< and that was one of Options::ping_interval
};

/// The peer's Close frame.
struct CloseReceived {
  CloseCode code;  ///< 1005: the frame was empty
  std::string_view reason;
};

/// We failed the connection because the peer broke the protocol. Not a Close of the peer's.
struct Failed {
  Violation violation{};
  CloseCode code;           ///< that answers it
  std::string_view detail;  ///< for a person; static
  Evidence evidence{};
  std::string_view reason{};  ///< of the peer's Close, if that is what is wrong; any bytes
  bool said = true;           ///< our Close frame says so; otherwise we had sent one before
};

/// A message whose end has never come.
struct Incomplete {
  Opcode type = Opcode::text;
  std::uint64_t length = 0;  ///< of what there was of it, extensions undone
};

/// The connection is over: the stream has ended, or we have waited long enough for its end. Exactly once, last of all.
struct Closed {
  const CloseRecord* record = nullptr;
  bool timed_out = false;                 ///< the end of the stream did not come in time
  std::optional<Incomplete> receiving{};  ///< unless we failed the connection
  std::optional<Incomplete> sending{};    ///< ours
};

using Event = std::variant<Request, Opened, Rejected, RejectData, HandshakeFailed, Message, Ping, Pong, CloseReceived,
                           Failed, Closed>;

}  // namespace wscope::ws
