#include "serve/byte_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "unit/serve/relaying.h"

using namespace wscope;

namespace {

struct Owner final : serve::ByteStreamOwner {
  void handle_stream(net::Readiness found) override { readiness = found; }
  void handle_reader_gone() override {}
  std::optional<net::Readiness> readiness;
};

}  // namespace

TEST_CASE("a socket is a stream whose owner hears of what it is watched for") {
  link::Loop loop;
  auto [ours, theirs] = test::socket_pair();
  serve::SocketStream stream(loop.poller, std::move(ours));
  Owner owner;
  stream.watch({}, owner);
  test::say(theirs, "abc");
  test::settle(loop.poller);
  CHECK_FALSE(owner.readiness);
  stream.watch({.readable = true}, owner);
  REQUIRE(test::run_until(loop.poller, [&] { return owner.readiness.has_value(); }));
  CHECK(owner.readiness->readable);
  std::byte room[8];
  CHECK(stream.receive(room).bytes == 3);
  CHECK(stream.receive(room).kind == net::IoResult::Kind::would_block);
  CHECK(stream.send(base::as_bytes("back")).bytes == 4);
  CHECK(test::hear(theirs) == "back");
  stream.half_close();
  CHECK(test::end_of(theirs, loop) == "end");
  CHECK_FALSE(stream.failed());
  stream.close();
}

TEST_CASE("a socket may be closed or reset") {
  link::Loop loop;
  const test::RawTarget target;
  for (const bool resets : {false, true}) {
    auto socket = net::start_connect(net::local_address(target.listener.get()));
    REQUIRE(socket.ok());
    serve::SocketStream stream(loop.poller, std::move(socket).value());
    const net::UniqueFd other = target.accept(loop);
    resets ? stream.reset() : stream.close();
    CHECK(test::end_of(other, loop) == (resets ? "reset" : "end"));
  }
}

TEST_CASE("what is written to a socket does not wait for more, and one that is silent is asked for") {
  link::Loop loop;
  const test::RawTarget target;
  auto socket = net::start_connect(net::local_address(target.listener.get()));
  REQUIRE(socket.ok());
  const int fd = socket.value().get();
  const serve::SocketStream stream(loop.poller, std::move(socket).value());
  const auto option = [fd](int level, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    REQUIRE(::getsockopt(fd, level, name, &value, &size) == 0);
    return value;
  };
  CHECK(option(IPPROTO_TCP, TCP_NODELAY) != 0);
  CHECK(option(SOL_SOCKET, SO_KEEPALIVE) != 0);
}

TEST_CASE("a socket that was reset has failed though nobody reads it") {
  link::Loop loop;
  const test::RawTarget target;
  auto socket = net::start_connect(net::local_address(target.listener.get()));
  REQUIRE(socket.ok());
  serve::SocketStream stream(loop.poller, std::move(socket).value());
  Owner owner;
  stream.watch({.hung_up = true}, owner);
  net::abort_connection(target.accept(loop));
  REQUIRE(test::run_until(loop.poller, [&] { return owner.readiness && owner.readiness->hung_up; }));
  stream.watch({}, owner);
  CHECK(stream.failed());
}
