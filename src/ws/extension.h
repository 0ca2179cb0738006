// The interface of WebSocket extensions (RFC 6455 section 9), and chains of them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ws/extension_header.h"
#include "ws/opcode.h"
#include "ws/violation.h"

namespace wscope::ws {

/// What an extension sees of a data frame or of a piece of one. Control frames bypass extensions.
struct FrameInfo {
  Opcode type = Opcode::text;  ///< of the message: text or binary
  Rsv rsv = 0;                 ///< receiving: the bits of this frame
  bool first = true;           ///< of the message
  bool finished = true;        ///< the last of the message
};

/// One agreed extension at work on one connection.
///
/// Payloads stream through it: neither direction ever needs a whole frame. Views it returns are valid until the next
/// call on it. Without memory, decode() and encode() end in std::bad_alloc; the connection is then of no use.
class Extension {
 public:
  virtual ~Extension() = default;

  struct RsvUse {
    Rsv first = 0;         ///< bits it uses on the first frame of a message
    Rsv continuation = 0;  ///< and on the following ones
  };
  /// The reserved bits that are its own. No two agreed extensions share one. Constant.
  [[nodiscard]] virtual RsvUse rsv_use() const noexcept = 0;

  /// A data frame begins to arrive.
  virtual void begin_frame(const FrameInfo& frame) noexcept = 0;

  struct Decoded {
    base::Bytes data;     ///< perhaps empty
    bool drained = true;  ///< `in` is used up and nothing that it means is held back
    std::optional<Violation> violation;
  };
  /// Takes payload from the front of `in`, and returns what it means: a bounded piece at a time, until drained.
  /// `message_ends`: `in` holds the last bytes of the message (it is empty again in the calls that follow).
  [[nodiscard]] virtual Decoded decode(base::Bytes& in, bool message_ends) = 0;

  /// The message has ended and its data has been used: what need not be kept for the next one can go.
  virtual void end_message() noexcept = 0;

  /// Encodes the payload of one data frame to be sent, setting its own bits in `rsv`. `compress` is false if the sender
  /// asks for this message to be left alone. Nothing is returned if that is not
  /// possible; the connection is then of no use.
  [[nodiscard]] virtual std::optional<base::Bytes> encode(const FrameInfo& frame, bool compress, base::Bytes payload,
                                                          Rsv& rsv) = 0;
};

/// How to ask for an extension and how to answer for it: the configuration, shared by all connections that may use it.
/// It outlives them and is used from one thread.
class ExtensionOffer {
 public:
  virtual ~ExtensionOffer() = default;

  /// The extension's token.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// Client: the parameters of the request.
  [[nodiscard]] virtual ExtensionParameters request() const = 0;

  /// Client: the server accepted with these parameters. An error means that they do not answer this offer; the next
  /// offer of the same name is tried, and if none fits the handshake fails.
  [[nodiscard]] virtual base::Result<std::unique_ptr<Extension>> on_response(
      const ExtensionParameters& parameters) const = 0;

  struct Accepted {
    ExtensionParameters parameters;  ///< of the response
    std::unique_ptr<Extension> extension;
  };
  /// Server: the client offers these parameters. An error declines the offer; the client's next one is tried.
  [[nodiscard]] virtual base::Result<Accepted> on_request(const ExtensionParameters& parameters) const = 0;
};

/// What a handshake agreed on.
struct AgreedExtensions {
  std::vector<ExtensionElement> elements;  ///< as in the response header
  std::vector<std::unique_ptr<Extension>> extensions;
};

/// Server: answers the offers of a request (the elements of all its Sec-WebSocket-Extensions lines, in order) with the
/// first acceptable one of each extension.
[[nodiscard]] AgreedExtensions accept_extensions(const std::vector<ExtensionElement>& requested,
                                                 const std::vector<const ExtensionOffer*>& supported);

/// Client: takes the server's answer; an error of kind http if it names what was not offered, or twice, or with
/// parameters that do not answer the offer.
[[nodiscard]] base::Result<AgreedExtensions> confirm_extensions(const std::vector<ExtensionElement>& accepted,
                                                                const std::vector<const ExtensionOffer*>& offered);

/// The agreed extensions in the order of the response header. What is sent passes through them in that order, what is
/// received in the reverse order (section 9.1: "foo, bar" sends bar(foo(x))).
class ExtensionChain {
 public:
  ExtensionChain() = default;
  explicit ExtensionChain(std::vector<std::unique_ptr<Extension>> extensions);

  [[nodiscard]] bool empty() const noexcept { return stages_.empty(); }
  /// The bits that all of them use together.
  [[nodiscard]] Extension::RsvUse rsv_use() const noexcept;

  void begin_frame(const FrameInfo& frame) noexcept;

  /// Gives the chain the next bytes from the wire, which stay valid until pull() asks for more.
  void push(base::Bytes payload, bool message_ends) noexcept;

  struct Pulled {
    base::Bytes data;
    bool need_more = false;     ///< everything pushed is used up
    bool message_ends = false;  ///< this was the last of the message
    std::optional<Violation> violation;
  };
  /// The next decoded piece, valid until the next call.
  [[nodiscard]] Pulled pull() { return pull(0); }

  void end_message() noexcept;

  /// The payload of one frame through all extensions; valid until the next call.
  [[nodiscard]] std::optional<base::Bytes> encode(const FrameInfo& frame, bool compress, base::Bytes payload, Rsv& rsv);

 private:
  struct Stage {
    std::unique_ptr<Extension> extension;
    base::Bytes input;
    bool input_ends = false;
    bool starved = true;
  };
  [[nodiscard]] Pulled pull(std::size_t stage);

  std::vector<Stage> stages_;
};

}  // namespace wscope::ws
