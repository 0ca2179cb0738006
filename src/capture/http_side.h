// One side of an HTTP/1.1 conversation, as far as it takes to find an upgrade in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "capture/tcp_direction.h"
#include "http/body_decoder.h"
#include "wire/reader.h"

namespace wscope::capture {

/// What a stream, or a part of it, begins with.
enum class Beginning : unsigned char { not_yet, request, response, tls, http2, other };
[[nodiscard]] Beginning classify(std::string_view front) noexcept;

/// What of a head matters here. Read leniently: the two sides have agreed that it is one.
class HeadFields {
 public:
  /// A head with its line ends, which outlives it.
  explicit HeadFields(std::string_view head) noexcept : head_(head) {}

  /// Of a request, as it is written.
  [[nodiscard]] std::string_view method() const noexcept { return head_.substr(0, head_.find(' ')); }
  /// Of a response; 0 if it is none.
  [[nodiscard]] int status() const noexcept;
  /// Whether one of the fields of that name, which are lists of tokens, has this one.
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const noexcept;
  /// The value of the first field of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
  /// Whether somebody wants a WebSocket, or grants it.
  [[nodiscard]] bool upgrades_to_websocket() const noexcept { return has_token("Upgrade", "websocket"); }

 private:
  std::string_view head_;
};

/// Finds the heads that one side sends, and skips the bodies:
///
///     while (!bytes.empty()) {
///       if (const auto head = side.receive(bytes, origin)) ...   // and expect() what is behind it
///     }
class HttpSide {
 public:
  /// Takes bytes from the front of `in`, which were captured at `origin`, up to the end of the next head, and returns
  /// it: valid until the next call. What is lost() is taken until a piece begins with a head.
  [[nodiscard]] std::optional<std::string_view> receive(base::Bytes& in, const Origin& origin);
  /// Where the head began.
  [[nodiscard]] const Origin& head_origin() const noexcept { return head_origin_; }

  /// Behind the head there is a body as it says, then another head. Of a response, `bodiless` if its request was HEAD.
  void expect_body(std::string_view head, bool of_request, bool bodiless = false);

  /// What comes next begins anew.
  void restart() noexcept;
  /// Something lacks: nobody knows where the next head is.
  void lose() noexcept { lost_ = true; }
  [[nodiscard]] bool lost() const noexcept { return lost_; }

 private:
  [[nodiscard]] bool skip_body(base::Bytes& in);

  std::optional<wire::Reader> heads_{std::in_place, std::size_t{0}};  // there always is one
  bool in_head_ = false;
  bool lost_ = false;
  Origin head_origin_;
  std::unique_ptr<http::BodyDecoder> body_;
};

}  // namespace wscope::capture
