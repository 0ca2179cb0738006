// The opening handshake of one connection as a machine (RFC 6455 section 4): heads in, events out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/buffer.h"
#include "base/random.h"
#include "http/body_decoder.h"
#include "http/head_parser.h"
#include "ws/client_handshake.h"
#include "ws/event.h"
#include "ws/limits.h"
#include "ws/server_handshake.h"

namespace wscope::ws {

/// Lives while a Connection is connecting or rejecting. It writes to the connection's output buffer.
class OpeningHandshake {
 public:
  enum class Stage : std::uint8_t {
    idle,  ///< client: connect() was not called yet
    reading_head,
    awaiting_answer,  ///< server: Request was delivered; accept() or reject() is next
    failing,          ///< server: HandshakeFailed was delivered; reject() may still choose another answer
    reading_body,     ///< client: of a refusal
    writing_body,     ///< server: of a refusal, by reject_data()
    answering,        ///< server: respond() was called, and its answer is on its way
    opened,
    refused,  ///< completely
    failed,
  };

  /// `limits` and `extensions` outlive it.
  OpeningHandshake(Role role, const Limits& limits, const std::vector<const ExtensionOffer*>& extensions);

  [[nodiscard]] Stage stage() const noexcept { return stage_; }
  /// Server: whether it is the owner's turn, and what comes can only be kept.
  [[nodiscard]] bool waits() const noexcept { return stage_ == Stage::awaiting_answer || stage_ == Stage::answering; }

  [[nodiscard]] Status connect(const http::Url& url, const ConnectOptions& options, base::RandomSource& random,
                               base::Buffer& out);
  [[nodiscard]] Status receive_request(http::RequestHead head);
  [[nodiscard]] Status accept(const AcceptOptions& options, base::Buffer& out);
  [[nodiscard]] Status reject(int status, const http::Headers& headers, base::Bytes body, bool finished,
                              base::Buffer& out);
  [[nodiscard]] Status reject_data(base::Bytes data, bool finished, base::Buffer& out);
  [[nodiscard]] Status respond(int status, const http::Headers& headers, base::Bytes body, std::uint64_t rest,
                               base::Buffer& out);
  [[nodiscard]] Status next_request();

  /// Reads from the front of `in`. Once opened, the rest of `in` is frames.
  [[nodiscard]] std::optional<Event> receive(base::MutableBytes& in, base::Buffer& out);
  /// The stream has ended before the handshake was over.
  [[nodiscard]] std::optional<Event> receive_eof();
  [[nodiscard]] Event time_out();

  /// Once opened: what was agreed, to be moved from.
  [[nodiscard]] Agreement& agreement() noexcept { return agreement_; }
  /// Client, once opened or refused: the response.
  [[nodiscard]] const http::ResponseHead& response() const noexcept { return response_; }
  /// Server: whether nothing of the next request has come since one was answered.
  [[nodiscard]] bool between_requests() const noexcept;
  /// Server: what came behind the request before it was answered.
  [[nodiscard]] base::MutableBytes early_bytes() noexcept { return early_.mutable_view(); }

 private:
  [[nodiscard]] std::optional<Event> read_head(base::MutableBytes& in);
  [[nodiscard]] std::optional<Event> on_head();
  [[nodiscard]] std::optional<Event> on_request();
  [[nodiscard]] std::optional<Event> on_response();
  [[nodiscard]] std::optional<Event> read_body(base::MutableBytes& in);
  [[nodiscard]] Event fail(HandshakeFailed::Reason reason, std::string detail);
  [[nodiscard]] Event refuse(Refusal refusal, HandshakeFailed::Reason reason);
  [[nodiscard]] const http::HeadError* head_error(HandshakeFailed::Reason reason) const noexcept;
  void write_refusal(base::Buffer& out);
  [[nodiscard]] bool wants_no_body() const noexcept;
  [[nodiscard]] Status write(const base::Result<std::string>& head, base::Bytes body, base::Buffer& out);

  const Limits& limits_;
  const std::vector<const ExtensionOffer*>& extensions_;
  http::HeadParser parser_;
  Role role_;
  Stage stage_;
  bool chunked_ = false;                   // server: the body of the refusal
  bool has_request_ = false;               // server: request_ was read
  bool goes_on_ = false;                   // server, while answering: there may be another request
  bool answered_one_ = false;              // server: there was one before
  http::ResponseHead response_;            // client
  std::optional<http::BodyDecoder> body_;  // client
  std::uint64_t head_bytes_ = 0;           // of all heads that came; several are interim responses
  std::uint64_t body_bytes_ = 0;           // client
  http::RequestHead request_;              // client: what was sent; server: what was read
  UpgradeRequest upgrade_;                 // server
  Refusal refusal_;                        // server, while failing
  base::Buffer early_;                     // server
  std::string detail_;                     // of a failure
  Agreement agreement_;
};

}  // namespace wscope::ws
