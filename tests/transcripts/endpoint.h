// A ws::Connection with all it needs, whose events and frames can be compared and printed.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/split.h"
#include "ws/connection.h"
#include "ws/deflate.h"
#include "ws/deflate_parameters.h"

namespace wscope::test {

/// When every connection begins.
inline constexpr base::TimePoint start{};

/// Gives the same bytes over and over.
class FixedRandom final : public base::RandomSource {
 public:
  explicit FixedRandom(std::string bytes) : bytes_(std::move(bytes)) {}
  void fill(base::MutableBytes out) noexcept override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(bytes_[next_++ % bytes_.size()]);
  }

 private:
  std::string bytes_;
  std::size_t next_ = 0;
};

/// The masking key of the examples of RFC 6455.
inline constexpr std::string_view example_mask = "\x37\xfa\x21\x3d";

/// The random bytes whose base64 is the key of RFC 6455 section 1.3, the request with that key, and the response.
inline constexpr std::string_view sample_nonce = "the sample nonce";
inline constexpr std::string_view sample_request =
    "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
inline constexpr std::string_view sample_response =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

inline constexpr ws::Role both_roles[] = {ws::Role::client, ws::Role::server};
/// For messages of tests that run for both roles.
[[nodiscard]] constexpr const char* name(ws::Role role) noexcept {
  return role == ws::Role::client ? "client" : "server";
}

/// What happened, or a frame: its name, and its content as the text of a table would have it.
struct Seen {
  std::string kind;
  std::string data{};

  bool operator==(const Seen&) const = default;
};
using Story = std::vector<Seen>;

std::ostream& operator<<(std::ostream& out, const Seen& seen);
std::ostream& operator<<(std::ostream& out, const Story& story);

/// Reads `Text("Hello") Ping(00ff) Close(1000,"bye") FAIL(1002) Closed(1006)`; `pending` is an empty story.
[[nodiscard]] Story read_story(const std::string& text);

/// A Close as Seen has it.
[[nodiscard]] std::string close_text(unsigned code, std::string_view reason);

/// One frame as it is on the wire, unmasked.
struct WireFrame {
  unsigned first_byte = 0;  ///< FIN, RSV, opcode
  bool masked = false;
  std::string payload;
};
/// Takes bytes apart that are whole frames, without any code of the project.
[[nodiscard]] std::vector<WireFrame> read_frames(std::string_view bytes);
/// The control frames in them.
[[nodiscard]] Story control_frames(std::string_view bytes);

/// A frame as `sender` would send it; a client's is masked with example_mask.
[[nodiscard]] std::string make_frame(ws::Role sender, unsigned first_byte, std::string_view payload);

/// An agreement on nothing, or on permessage-deflate with these parameters.
[[nodiscard]] ws::Agreement agreement(const ws::PermessageDeflate& deflate, ws::Role role,
                                      const std::optional<ws::DeflateParameters>& parameters);

[[nodiscard]] constexpr ws::Role other(ws::Role role) noexcept {
  return role == ws::Role::client ? ws::Role::server : ws::Role::client;
}

/// The default options of a role.
[[nodiscard]] ws::Options options_for(ws::Role role);

class Endpoint {
 public:
  /// Begins with the opening handshake.
  explicit Endpoint(ws::Options options, std::string random = std::string(example_mask));
  /// Is open. `deflate` are the parameters of permessage-deflate as they were agreed.
  Endpoint(ws::Options options, const std::optional<ws::DeflateParameters>& deflate);
  Endpoint(ws::Options options, ws::Agreement agreed);
  explicit Endpoint(ws::Role role) : Endpoint(options_for(role), std::nullopt) {}

  /// Each Request that comes is accepted with these options.
  void accepts(ws::AcceptOptions options) { accept_ = std::move(options); }

  [[nodiscard]] ws::Connection& operator*() noexcept { return *connection_; }
  [[nodiscard]] ws::Connection* operator->() noexcept { return connection_.get(); }

  /// Receives bytes as they are, or a frame as the other end would send it, and adds what happens to story().
  void receive(std::string_view bytes);
  void receive(Pieces pieces);
  void receive_frame(unsigned first_byte, std::string_view payload);
  void receive_eof();
  void advance(base::TimePoint now);
  /// That is what time it is when it receives next; nobody has told the connection.
  void wait_until(base::TimePoint now) noexcept { now_ = now; }
  /// Takes events until there are none.
  void drain();

  /// What happened so far. Pieces of a message are one entry, once it is complete; that they keep to
  /// Options::whole_up_to and hold_back_partial is checked.
  [[nodiscard]] const Story& story() const noexcept { return story_; }
  /// The same; the next call begins anew.
  [[nodiscard]] Story take_story() { return std::exchange(story_, {}); }
  /// The data of the message that is not complete.
  [[nodiscard]] const std::string& partial() const noexcept { return partial_; }

  /// Client: sends the request of RFC 6455 section 1.3, given its nonce, or another one, and drops it.
  void connect(const ws::ConnectOptions& options = {});

  /// Takes everything that is to be written.
  std::string take_output();

 private:
  void add(const ws::Event& event);
  void add_message(const ws::Message& message);

  std::unique_ptr<ws::PermessageDeflate> deflate_;
  std::unique_ptr<FixedRandom> random_;
  std::unique_ptr<ws::Connection> connection_;
  base::TimePoint now_ = start;
  std::optional<ws::AcceptOptions> accept_;
  std::uint64_t whole_up_to_;
  bool hold_back_partial_;
  unsigned pieces_ = 0;
  Story story_;
  std::string partial_;
};

/// A client that has sent the request of RFC 6455 section 1.3.
[[nodiscard]] Endpoint asking_client();
/// A server that has received that request and told so.
[[nodiscard]] Endpoint asked_server();
/// A server that waits for a request.
[[nodiscard]] Endpoint accepting_server(const ws::AcceptOptions& options = {});

}  // namespace wscope::test
