// A test as the owner of Peers, and a WebSocket connection whose other end is driven by hand.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/random.h"
#include "peer/peer.h"
#include "support/turns.h"
#include "unit/net/descriptors.h"
#include "unit/ws/bytes.h"
#include "unit/ws/connection_machine.h"

namespace wscope::test {

/// Notes what it hears and does what the test wants then. Accepts every client, as a server.
struct Owner final : peer::PeerOwner {
  void handle_message(peer::Peer& peer, const ws::Message& message) override {
    CHECK(ends == 0);
    received.emplace_back(message.text());
    if (on_event) on_event(peer, message);
  }
  void handle_messages(peer::Peer& peer, std::span<const ws::Message> messages) override {
    longest_run = std::max(longest_run, messages.size());
    PeerOwner::handle_messages(peer, messages);
  }
  void handle_event(peer::Peer& peer, const ws::Event& event) override {
    CHECK(ends == 0);
    CHECK(!std::holds_alternative<ws::Message>(event));
    if (const auto* failed = std::get_if<ws::HandshakeFailed>(&event)) failure = failed->reason;
    if (std::holds_alternative<ws::Request>(event)) CHECK(peer.connection().accept(peer.now()) == ws::Status::ok);
    if (std::holds_alternative<ws::Opened>(event)) opened = true;
    if (std::holds_alternative<ws::Closed>(event)) ++closed;
    if (on_event) on_event(peer, event);
  }
  void handle_progress(peer::Peer& peer) override {
    CHECK(ends == 0);
    ++progress;
    if (on_progress) on_progress(peer);
  }
  void handle_end(peer::Peer& peer) override {
    CHECK(closed == 1);
    ++ends;
    if (on_end) on_end(peer);
  }

  std::vector<std::string> received;
  std::size_t longest_run = 0;
  std::optional<ws::HandshakeFailed::Reason> failure;
  bool opened = false;
  int progress = 0;
  int closed = 0;
  int ends = 0;
  std::function<void(peer::Peer&, const ws::Event&)> on_event;
  std::function<void(peer::Peer&)> on_progress;
  std::function<void(peer::Peer&)> on_end;
};

/// The size of the head or of the short frame that `bytes` begin with.
inline std::size_t first_unit(std::string_view bytes) {
  if (bytes[0] == 'G' || bytes[0] == 'H') return bytes.find("\r\n\r\n") + 4;
  const auto second = static_cast<unsigned char>(bytes[1]);
  return 2U + (second & 127U) + (second > 127 ? 4 : 0);
}

/// Keeps what it is shown, and lets one unit after the other through, or up to `step` bytes at once.
struct Watcher final : peer::WireObserver {
  explicit Watcher(peer::Peer& peer, std::size_t step_size = 0) : step(step_size) { peer.observe(*this); }

  std::size_t handle_received(base::Bytes bytes) override {
    REQUIRE(!bytes.empty());
    const std::string_view text = base::as_text(bytes);
    const std::string_view passed = text.substr(0, step > 0 ? step : first_unit(text));
    received += passed;
    told.push_back("in " + name(passed));
    return passed.size();
  }
  void handle_sent(base::Bytes bytes) override {
    REQUIRE(!bytes.empty());
    sent += base::as_text(bytes);
    told.push_back("out " + name(base::as_text(bytes)));
  }
  /// Notes also what the owner is told.
  void watch(Owner& owner) {
    owner.on_event = [this](peer::Peer&, const ws::Event& event) { told.push_back(in_words(event)); };
  }
  static std::string name(std::string_view unit) { return hex(unit.substr(0, 1)); }

  std::size_t step;
  std::string received;
  std::string sent;
  Strings told;
};

inline std::pair<net::UniqueFd, net::UniqueFd> socket_pair() {
  auto ends = blocking_socket_pair();
  REQUIRE(net::make_private(ends.first.get()));
  REQUIRE(net::make_private(ends.second.get()));
  return ends;
}

inline std::pair<net::UniqueFd, net::UniqueFd> tcp_pair() {
  const net::UniqueFd listener = listen_anywhere();
  Connection connection = connect_to(listener.get());
  return {std::move(connection.server), std::move(connection.client)};
}

/// What peers run on.
struct LoopOfPeers {
  explicit LoopOfPeers(const base::TimeSource* time = nullptr) : poller(time) {}

  net::Poller poller;
  base::SystemRandom random;
  peer::ReadBlocks blocks;
  base::Buffer spare_output{std::size_t{512} << 10};

  [[nodiscard]] peer::PeerContext context() noexcept { return {poller, random, blocks, spare_output}; }
};

/// The request of a client made by hand.
inline constexpr std::string_view upgrade_request =
    "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/// Sends bytes as they are.
inline void say(const net::UniqueFd& hand, std::string_view bytes) {
  REQUIRE(net::send(hand.get(), base::as_bytes(bytes)).bytes == bytes.size());
}

/// All that has come so far.
[[nodiscard]] inline std::string hear(const net::UniqueFd& hand) {
  std::string text;
  std::vector<std::byte> room(65'536);
  for (;;) {
    const net::IoResult result = net::receive(hand.get(), room);
    if (result.kind != net::IoResult::Kind::done) return text;
    text += base::as_text(base::Bytes(room).first(result.bytes));
  }
}

/// A Peer that is a server, and a client made by hand.
struct ServerByHand : LoopOfPeers {
  explicit ServerByHand(std::pair<net::UniqueFd, net::UniqueFd> ends = socket_pair(), ws::Options options = {})
      : hand(std::move(ends.second)) {
    options.role = ws::Role::server;
    peer = std::make_unique<peer::Peer>(context(), std::move(ends.first), std::move(options), owner);
  }

  void say(std::string_view bytes) const { test::say(hand, bytes); }
  void open() {
    say(upgrade_request);
    REQUIRE(run_until(poller, [&] { return owner.opened; }));
    CHECK(hear().substr(0, 12) == "HTTP/1.1 101");
  }
  [[nodiscard]] std::string hear() const { return test::hear(hand); }
  /// All that comes while the loop turns, until `done()`.
  template <typename Done>
  std::string hear_until(Done&& done) {
    std::string text;
    CHECK(run_until(poller, [&] {
      text += hear();
      return done();
    }));
    return text + hear();
  }
  bool run_to_end() {
    return run_until(poller, [&] { return owner.ends > 0; });
  }
  /// Sends until the peer's output waits to be written.
  std::string fill(std::size_t at_least = 0) {
    const std::string message(50'000, 'x');
    std::string frames;
    while (peer->has_room() || peer->connection().output().size() < at_least) {
      REQUIRE(peer->connection().send_text(message) == ws::Status::ok);
      frames += frame(0x81, message);
      peer->flush();
    }
    return frames;
  }

  Owner owner;
  net::UniqueFd hand;
  std::unique_ptr<peer::Peer> peer;
};

inline std::string text_frame(std::string_view text) { return masked_frame(0x81, text); }
inline std::string close_frame() { return masked_frame(0x88, "\x03\xe8"); }

}  // namespace wscope::test
