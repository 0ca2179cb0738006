// Who is told what happens on connections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

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

/// Hears of everything in its order, and shows of it what the person wants to see.
class ConnectionReporter {
 public:
  /// Whether it wants to see what goes over the wire: head() and frame().
  [[nodiscard]] virtual bool follows_wire() const noexcept = 0;
  /// Whether it wants to know what compressed frames say.
  [[nodiscard]] virtual bool describes_frames() const noexcept = 0;
  /// How many bytes of a frame it wants to see.
  [[nodiscard]] virtual std::size_t dump_size() const noexcept = 0;
  /// Whether pieces of text must end between code points.
  [[nodiscard]] virtual bool needs_code_points() const noexcept = 0;
  /// Whether a server tells it of messages, and does not leave that to its service.
  [[nodiscard]] virtual bool takes_messages() const noexcept = 0;
  /// Whether a server's open() is to have the URL and the headers that the client has asked with.
  [[nodiscard]] virtual bool wants_requests() const noexcept = 0;
  /// Whether it says by itself what was wrong with the end of a server's client.
  [[nodiscard]] virtual bool tells_ends() const noexcept = 0;
  /// Whether more may be reported without piling it up.
  [[nodiscard]] virtual bool has_room() const noexcept = 0;
  /// Prints as much as can be printed now.
  virtual void flush() = 0;

  // --- what happens

  virtual void connecting(ConnectionNumber connection, const std::string& url, const std::string& address) = 0;
  /// What TLS agreed on.
  virtual void tls(ConnectionNumber connection, const tls::Session& session) = 0;
  /// How long the way to an endpoint took.
  virtual void timing(ConnectionNumber connection, const view::Timing& timing) = 0;
  virtual void open(ConnectionNumber connection, const view::OpenView& open) = 0;
  /// A server has not let a client in. What a person is to know of it comes by warn().
  virtual void refused(ConnectionNumber connection, const view::RefusedView& refused) = 0;
  /// A message, whole if takes_messages(); or with its pieces in order.
  virtual void message(ConnectionNumber connection, const ws::Message& message) = 0;
  /// A control frame or a failure; other events are none of its business.
  virtual void event(ConnectionNumber connection, const ws::Event& event) = 0;
  virtual void sent(ConnectionNumber connection, ws::Opcode type, base::Bytes data) = 0;
  /// A message was cut off by the end of the connection, which is told next.
  virtual void incomplete(ConnectionNumber connection, wire::Direction direction, const ws::Incomplete& message) = 0;
  virtual void closed(ConnectionNumber connection, const ws::CloseRecord& record) = 0;

  // --- what goes over the wire

  virtual void head(ConnectionNumber connection, wire::Direction direction, const wire::Head& head) = 0;
  virtual void frame(ConnectionNumber connection, wire::Direction direction, const wire::Frame& frame) = 0;

  // --- for a person

  /// Of interest to those who want to know everything.
  virtual void note(ConnectionNumber connection, const std::string& text) = 0;
  /// Of interest to everybody. 0: it is about the server itself.
  virtual void warn(ConnectionNumber connection, const std::string& text) = 0;

 protected:
  ~ConnectionReporter() = default;
};

}  // namespace wscope::link
