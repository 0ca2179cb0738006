// A server in the loop of a test, and clients of it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "link/server.h"
#include "unit/peer/owner.h"
#include "wire/reader.h"

namespace wscope::test {

/// The port is one that is free.
struct Served {
  Served(link::Loop& on, link::Server::Options options, link::Service& service, link::Report* reporter = nullptr)
      : loop(on), server(loop, std::move(options), service, reporter) {
    REQUIRE(server.listen({.host = "", .port = 0}).ok());
    url = server.url();
  }

  [[nodiscard]] net::UniqueFd connect() const {
    auto socket = net::start_connect(net::SocketAddress::from_numeric(url.host, url.port).value());
    REQUIRE(socket.ok());
    REQUIRE(wait_for(socket->get(), POLLOUT));
    return std::move(*socket);
  }
  /// A client made by hand that the server has accepted.
  [[nodiscard]] net::UniqueFd connect_and_say(std::string_view bytes) {
    const link::ConnectionNumber before = latest();
    net::UniqueFd socket = connect();
    say(socket, bytes);
    REQUIRE(run_until(loop.poller, [&] { return latest() > before; }));
    return socket;
  }
  /// One that is let in and hears nothing unless the test reads it.
  [[nodiscard]] net::UniqueFd connect_by_hand() {
    net::UniqueFd socket = connect_and_say(upgrade_request);
    std::string heard;
    REQUIRE(run_until(loop.poller, [&] { return (heard += hear(socket)).find("\r\n\r\n") != std::string::npos; }));
    CHECK(heard.substr(0, 12) == "HTTP/1.1 101");
    return socket;
  }
  /// What the server answers until it closes its half.
  [[nodiscard]] std::string answer_to(std::string_view request) {
    const net::UniqueFd socket = connect();
    say(socket, request);
    std::string text;
    std::vector<std::byte> room(65'536);
    CHECK(run_until(loop.poller, [&] {
      net::IoResult result;
      while ((result = net::receive(socket.get(), room)).kind == net::IoResult::Kind::done) {
        text += base::as_text(base::Bytes(room).first(result.bytes));
      }
      return result.kind == net::IoResult::Kind::end;
    }));
    return text;
  }
  /// The highest number of a client.
  [[nodiscard]] link::ConnectionNumber latest() const {
    link::ConnectionNumber highest = 0;
    for (const auto& [number, client] : server.clients()) highest = std::max(highest, number);
    return highest;
  }
  /// Turns the loop, and does what is to be done in each turn.
  template <typename Done>
  bool turn_until(Done&& done) {
    return run_until(loop.poller, [&] {
      if (each_turn) each_turn();
      return done();
    });
  }
  bool run_until_empty() {
    return turn_until([&] { return server.clients().empty(); });
  }

  std::function<void()> each_turn;
  link::Loop& loop;
  link::Server server;
  http::Url url;
};

/// A WebSocket client of it.
struct Visitor {
  struct Heard {
    ws::Opcode type;
    ws::Rsv rsv;
    std::string text;
  };

  explicit Visitor(Served& where, std::string target = "/", const ws::ConnectOptions& request = {}) : served(where) {
    ws::Options options;
    options.limits.message = ws::unlimited;
    options.extensions = {&deflate};
    peer = std::make_unique<peer::Peer>(served.loop.context(), served.connect(), std::move(options), owner);
    owner.on_event = [this](peer::Peer&, const ws::Event& event) { note(event); };
    http::Url url = served.url;
    url.target = std::move(target);
    REQUIRE(connection().connect(url, request) == ws::Status::ok);
    peer->flush();
    REQUIRE(served.turn_until([&] { return owner.opened || owner.closed > 0; }));
  }

  [[nodiscard]] ws::Connection& connection() const { return peer->connection(); }
  void say(std::string_view text) const {
    CHECK(connection().send_text(text) == ws::Status::ok);
    peer->flush();
  }
  /// The next message, after what was sent is on its way.
  const Heard& next() {
    peer->flush();
    REQUIRE(served.turn_until([&] { return messages.size() > taken; }));
    return messages[taken++];
  }
  bool run_to_end() {
    return served.turn_until([&] { return owner.ends > 0; });
  }
  bool close(ws::CloseCode code = ws::close_code::normal) {
    CHECK(connection().close(peer->now(), code) == ws::Status::ok);
    peer->flush();
    return run_to_end();
  }

  Served& served;
  ws::PermessageDeflate deflate;
  Owner owner;
  http::ResponseHead answer;  // of the handshake
  std::vector<Heard> messages;
  std::vector<std::string> controls;  // received, in words
  std::size_t taken = 0;
  std::unique_ptr<peer::Peer> peer;

 private:
  void note(const ws::Event& event) {
    if (const auto* opened = std::get_if<ws::Opened>(&event)) answer = *opened->head;
    if (const auto* rejected = std::get_if<ws::Rejected>(&event)) answer = *rejected->head;
    if (const auto* message = std::get_if<ws::Message>(&event)) {
      messages.push_back({message->type, message->rsv, std::string(message->text())});
    }
    const bool control = std::holds_alternative<ws::Ping>(event) || std::holds_alternative<ws::Pong>(event) ||
                         std::holds_alternative<ws::CloseReceived>(event);
    if (control) controls.push_back(in_words(event));
  }
};

/// A service that notes what it is told.
struct Notes final : link::Service {
  void begin(link::Server&) override { ++begins; }
  void handle_open(link::Client& client) override { note("open", client); }
  void handle_message(link::Client& client, const ws::Message& message) override {
    note("message", client);
    if (message.finished) lines.back() += " " + (message.first ? std::string(message.text()) : "(the end)");
  }
  void handle_progress(link::Client&) override { ++progress; }
  void handle_gone(link::Client& client) override {
    CHECK(server->clients().count(client.number()) == 0);
    note("gone", client);
  }
  void note(const std::string& what, const link::Client& client) {
    lines.push_back(what + " " + std::to_string(client.number()));
  }

  link::Server* server = nullptr;
  std::vector<std::string> lines;
  int begins = 0;
  int progress = 0;
};

/// A frame that a client made by hand has received.
struct HeardFrame {
  ws::Opcode opcode;
  bool fin;
  std::string payload;
};

/// The frames in what was heard behind the handshake.
inline std::vector<HeardFrame> frames_in(std::string_view heard) {
  wire::Reader reader(SIZE_MAX);
  static_cast<void>(reader.receive(base::as_bytes("HTTP/1.1 101 x\r\n\r\n")));
  REQUIRE(reader.next_event().has_value());
  std::vector<HeardFrame> frames;
  for (base::Bytes rest = base::as_bytes(heard); !rest.empty();) {
    rest = rest.subspan(reader.receive(rest));
    const auto event = reader.next_event();
    if (!event) continue;
    const auto& frame = std::get<wire::Frame>(*event);
    frames.push_back({static_cast<ws::Opcode>(frame.opcode), frame.fin, std::string(base::as_text(frame.payload))});
  }
  return frames;
}

}  // namespace wscope::test
