// What happens on connections, and who is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "tls/engine.h"
#include "view/json_events.h"
#include "view/waterfall.h"
#include "wire/direction.h"
#include "wire/reader.h"
#include "ws/event.h"

namespace wscope::link {

/// The number of a connection, from one: in a session of all of them, for a server of its clients; a client in a pipe
/// has one.
using ConnectionNumber = std::uint64_t;

// --- what happens. What is referred to lives as long as the call that tells of it.

/// A message: whole if Interests::messages, or else with its pieces in order.
struct Received {
  const ws::Message& message;
};
/// Data was sent.
struct Sent {
  ws::Opcode type;
  base::Bytes data;
  bool finished = true;  ///< it is the end of a message
};
/// A control frame has come, or we failed the connection; other events are nobody's business.
struct Heard {
  const ws::Event& event;
};
/// A connection is being tried.
struct Connecting {
  const std::string& url;
  const std::string& address;
};
/// What TLS agreed on.
struct Secured {
  const tls::Session& session;
};
/// How long the way to an endpoint took.
struct Timed {
  const view::Timing& timing;
};
struct Opened {
  const view::OpenView& open;
};
/// A server has not let a client in. What a person is to know of it comes as Warned.
struct Refused {
  const view::RefusedView& refused;
};
/// A message was cut off by the end of the connection, which is told next.
struct CutOff {
  wire::Direction direction;
  const ws::Incomplete& message;
};
struct Ended {
  const ws::CloseRecord& record;
};
/// What goes over the wire.
struct HeadSeen {
  wire::Direction direction;
  const wire::Head& head;
};
struct FrameSeen {
  wire::Direction direction;
  const wire::Frame& frame;
};
/// A program has begun, has said something on stderr, or has ended.
struct Ran {
  const view::ExecView& exec;
};
/// Of interest to those who want to know everything.
struct Noted {
  const std::string& text;
};
/// Of interest to everybody. Of connection 0: it is about the server itself.
struct Warned {
  const std::string& text;
};

using Happening = std::variant<Received, Sent, Heard, Connecting, Secured, Timed, Opened, Refused, CutOff, Ended,
                               HeadSeen, FrameSeen, Ran, Noted, Warned>;

/// What a report wants to be told, or how. May change, but `messages`, `requests` and `ends` do not.
struct Interests {
  bool wire = false;            ///< HeadSeen and FrameSeen
  bool frame_texts = false;     ///< what compressed frames say
  std::size_t dump_size = 256;  ///< bytes of a frame
  bool code_points = false;     ///< pieces of text must end between code points
  bool messages = false;        ///< a server tells of messages, and does not leave that to its service
  bool refusals = false;        ///< a server's Refused comes for all that it refuses, and nothing is said besides
  bool requests = false;        ///< a server's Opened has the URL and the headers that the client has asked with
  bool ends = false;            ///< it says by itself what was wrong with the end of a server's client
};

/// Hears of everything in its order, and shows of it what somebody wants to see.
class Report {
 public:
  [[nodiscard]] virtual Interests interests() const noexcept = 0;
  /// Whether more may be reported without piling it up.
  [[nodiscard]] virtual bool has_room() const noexcept = 0;
  /// Prints as much as can be printed now.
  virtual void flush() = 0;
  virtual void report(ConnectionNumber connection, const Happening& happening) = 0;

  void note(ConnectionNumber connection, const std::string& text) { report(connection, Noted{text}); }
  void warn(ConnectionNumber connection, const std::string& text) { report(connection, Warned{text}); }

 protected:
  ~Report() = default;
};

}  // namespace wscope::link
