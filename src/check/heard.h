// What an endpoint has said on one connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "check/case.h"
#include "check/invariants.h"
#include "http/body_decoder.h"
#include "http/head.h"
#include "http/head_parser.h"
#include "wire/reader.h"
#include "ws/deflate_parameters.h"

namespace wscope::check {

struct Message {
  bool binary = false;
  std::string data{};

  bool operator==(const Message&) const = default;
};

struct HeardClose {
  std::optional<std::uint16_t> code{};
  std::string reason{};
  base::TimePoint at{};

  /// "closed (1002 \"bad opcode\")", safe for a terminal
  [[nodiscard]] std::string words() const;
};

/// How the stream has ended.
struct HeardEnd {
  bool reset = false;
  bool unannounced = false;  ///< TLS has not said before that nothing follows
  base::TimePoint at{};
};

struct HeardPing {
  std::string payload{};
  base::TimePoint at{};
};

/// An answer of HTTP.
struct HeardAnswer {
  http::ResponseHead head{};
  std::string head_text{};
  std::string body{};       ///< the first 64 KiB of it
  bool whole = false;       ///< the body has ended as the head says
  bool to_the_end = false;  ///< it goes on until the stream ends
  std::string flaw{};       ///< why it is not HTTP; empty: it is
  base::TimePoint at{};     ///< of the head

  [[nodiscard]] bool is_101() const noexcept { return flaw.empty() && head.status == 101; }
  /// "403 Forbidden", safe for a terminal
  [[nodiscard]] std::string words() const;
};

/// Takes what is read from a connection, from the first byte on. It judges nothing but what Invariants does.
class Heard {
 public:
  /// The role of who says it.
  explicit Heard(Role role);

  void receive(base::Bytes bytes, base::TimePoint now);
  /// `unannounced`: TLS has not said so before.
  void receive_end(bool reset, base::TimePoint now, bool unannounced = false);

  /// A new request is sent to a server that has answered one: what comes is another answer.
  void expect_answer();
  /// Of a client: what its answer agrees on, before its first frame. Of a server, its own answer says it.
  void inflate(const ws::DeflateParameters& agreed);
  /// What it sends from here on is not looked at by the invariants: it was sent what has to fail.
  void end_watch() noexcept { watched_ = false; }

  /// Of a server: the final answer; nothing while there is none.
  [[nodiscard]] const std::optional<HeardAnswer>& answer() const noexcept { return answer_; }
  [[nodiscard]] const std::vector<int>& interim() const noexcept { return interim_; }
  /// Of a client: its request, with its text.
  [[nodiscard]] const std::optional<http::RequestHead>& request() const noexcept { return request_; }
  [[nodiscard]] const std::string& head_text() const noexcept { return head_text_; }

  /// How much of frames has come.
  [[nodiscard]] std::uint64_t behind_head() const noexcept { return behind_head_; }
  /// Of a client: the keys of its frames.
  [[nodiscard]] const std::vector<ws::MaskKey>& masks() const noexcept { return masks_; }

  [[nodiscard]] const std::vector<Message>& messages() const noexcept { return messages_; }
  [[nodiscard]] const std::vector<std::string>& pongs() const noexcept { return pongs_; }
  /// When each of them has come.
  [[nodiscard]] const std::vector<base::TimePoint>& pong_times() const noexcept { return pong_times_; }
  [[nodiscard]] const std::vector<HeardPing>& pings() const noexcept { return pings_; }
  [[nodiscard]] const std::optional<HeardClose>& close() const noexcept { return close_; }
  [[nodiscard]] std::size_t closes() const noexcept { return closes_; }
  [[nodiscard]] const std::optional<HeardEnd>& end() const noexcept { return end_; }
  [[nodiscard]] const Invariants& invariants() const noexcept { return invariants_; }
  /// Something of a message has come that is not whole.
  [[nodiscard]] bool within_message() const noexcept { return message_.has_value(); }

  /// The frames that have come since this was called last, for whoever writes them down.
  [[nodiscard]] std::vector<std::string> take_frames() { return std::exchange(frames_, {}); }

 private:
  enum class Stage : std::uint8_t { head, body, frames, over };

  void receive_head(base::Bytes& in, base::TimePoint now);
  void take_answer(base::TimePoint now);
  void receive_body(base::Bytes& in);
  void take_frame(const wire::Frame& frame, base::TimePoint now);
  void take_data(const wire::Frame& frame);
  void take_close(const wire::Frame& frame, base::TimePoint now);
  void feed_reader(base::Bytes bytes, base::TimePoint now);

  Role role_;
  Stage stage_ = Stage::head;
  wire::Reader reader_;
  http::HeadParser parser_;
  std::string head_text_{};
  std::optional<http::BodyDecoder> body_{};
  std::optional<HeardAnswer> answer_{};
  std::vector<int> interim_{};
  std::optional<http::RequestHead> request_{};
  std::optional<Message> message_{};  // under way
  bool compressed_ = false;           // that message
  bool garbled_ = false;              // and it could not be inflated
  std::vector<Message> messages_{};
  std::vector<std::string> pongs_{};
  std::vector<base::TimePoint> pong_times_{};
  std::vector<HeardPing> pings_{};
  std::optional<HeardClose> close_{};
  std::size_t closes_ = 0;
  std::optional<HeardEnd> end_{};
  Invariants invariants_;
  bool watched_ = true;
  std::uint64_t behind_head_ = 0;
  std::vector<ws::MaskKey> masks_{};
  std::vector<std::string> frames_{};
};

}  // namespace wscope::check
