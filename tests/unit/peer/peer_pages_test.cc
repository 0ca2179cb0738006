// A peer that serves files beside its WebSocket.
#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "owner.h"
#include "secure.h"

using namespace wscope;
using namespace std::chrono_literals;
using Kind = net::IoResult::Kind;

namespace {

constexpr std::size_t file_size = std::size_t{3} << 20;

/// A server that answers each visit with a file, and then goes on.
struct FileServer : test::LoopOfPeers {
  explicit FileServer(peer::Transport transport) {
    std::string path = (std::filesystem::temp_directory_path() / "wscope-XXXXXX").string();
    file.reset(::mkstemp(path.data()));
    REQUIRE(file.valid());
    std::filesystem::remove(path);
    for (std::size_t i = 0; i < file_size / 4; ++i) content += std::to_string(1000 + i % 9000);
    REQUIRE(::write(file.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    owner.on_event = [this](peer::Peer& client, const ws::Event& event) {
      const auto* failed = std::get_if<ws::HandshakeFailed>(&event);
      if (failed == nullptr || failed->status != 426) return;
      sent = 0;
      CHECK(client.respond(200, {}, {}, file_size, 30s) == ws::Status::ok);
    };
    owner.on_progress = [this](peer::Peer& client) {
      if (!client.connection().answering()) return;
      while (sent < file_size) {
        const net::IoResult result = client.send_file(file.get(), sent, file_size - sent);
        if (result.kind != Kind::done) return;
        sent += result.bytes;
      }
      client.next_request();
    };
    ws::Options options;
    options.role = ws::Role::server;
    peer.emplace(context(), std::move(transport), std::move(options), owner);
  }

  test::Owner owner;
  net::UniqueFd file;
  std::string content;
  std::uint64_t sent = 0;
  std::optional<peer::Peer> peer;
};

const std::string get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(file_size) + "\r\n\r\n";

}  // namespace

TEST_CASE("a peer sends files one after the other, and then a WebSocket's frames") {
  auto ends = test::socket_pair();
  net::UniqueFd hand = std::move(ends.second);
  FileServer server(std::move(ends.first));
  test::say(hand, get + get + std::string(test::upgrade_request));
  std::string heard;
  const std::string wanted = head + server.content + head + server.content;
  REQUIRE(test::run_until(server.poller, [&] { return (heard += test::hear(hand)).size() > wanted.size() + 12; }));
  CHECK((heard.substr(0, wanted.size()) == wanted));
  CHECK(heard.substr(wanted.size(), 12) == "HTTP/1.1 101");
  CHECK(server.owner.opened);
}

TEST_CASE("a peer whose client goes in the middle of a file is over") {
  auto ends = test::socket_pair();
  net::UniqueFd hand = std::move(ends.second);
  FileServer server(std::move(ends.first));
  test::say(hand, get);
  REQUIRE(test::run_until(server.poller, [&] { return !test::hear(hand).empty(); }));
  const auto before = std::signal(SIGPIPE, SIG_IGN);  // as the program has it
  hand.reset();
  server.owner.on_progress = [&](peer::Peer& client) {
    if (!client.connection().answering()) return;
    if (client.send_file(server.file.get(), 0, 1000).kind == Kind::failed) client.abandon();
  };
  CHECK(test::run_until(server.poller, [&] { return server.owner.ends > 0; }));
  std::signal(SIGPIPE, before);
}

#ifdef __linux__
TEST_CASE("a file that the system cannot send by itself is read") {
  auto ends = test::socket_pair();
  const net::UniqueFd file(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  REQUIRE(file.valid());
  REQUIRE(net::send_file(ends.first.get(), file.get(), 0, 5).error == EINVAL);
  peer::ReadBlocks blocks;
  peer::Transport transport(std::move(ends.first));
  CHECK(transport.send_file(file.get(), 0, 5, blocks).bytes == 5);
  CHECK(test::hear(ends.second) == "Name:");
  CHECK(transport.send_file(file.get(), 1 << 20, 5, blocks).kind == Kind::end);
}
#endif

TEST_CASE("a file is sent over TLS too") {
  const tls::Context server_context = tls::Context::server({}).value();
  const tls::Context client_context = tls::Context::client({.verify = false}).value();
  auto [fd, other] = test::socket_pair();
  peer::ReadBlocks blocks;
  peer::Transport transport(std::move(fd));
  transport.add_tls(tls::Engine::server(server_context).value(), blocks);
  FileServer server(std::move(transport));
  peer::Transport hand(std::move(other));
  hand.add_tls(test::client_engine(client_context), blocks);
  REQUIRE(test::run_until(server.poller, [&] { return hand.shake_hands().value(); }));
  test::say_all(hand, get);
  std::string heard;
  REQUIRE(test::run_until(server.poller,
                          [&] { return (heard += test::hear_all(hand).text).size() >= head.size() + file_size; }));
  CHECK((heard == head + server.content));
}
