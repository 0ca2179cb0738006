#include "net/io.h"

#include <array>
#include <cerrno>

#include "descriptors.h"

using namespace wscope;
using Kind = net::IoResult::Kind;

TEST_CASE("reading gives what is there, then nothing, then the end") {
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  std::array<std::byte, 8> room;
  CHECK(net::read_some(pipe->read_end.get(), room).kind == Kind::would_block);

  const net::IoResult written = net::write_some(pipe->write_end.get(), base::as_bytes("hello"));
  CHECK(written.kind == Kind::done);
  CHECK(written.bytes == 5);
  const net::IoResult read = net::read_some(pipe->read_end.get(), room);
  CHECK(read.kind == Kind::done);
  CHECK(base::as_text(base::Bytes(room).first(read.bytes)) == "hello");

  pipe->write_end.reset();
  CHECK(net::read_some(pipe->read_end.get(), room).kind == Kind::end);
}

TEST_CASE("a pipe that was found readable is read without waiting for more") {
  const net::Pipe pipe = test::blocking_pipe();
  CHECK(net::write_some(pipe.write_end.get(), base::as_bytes("hi")).bytes == 2);
  REQUIRE(test::wait_for(pipe.read_end.get(), POLLIN));
  std::array<std::byte, 4096> room;
  CHECK(net::read_some(pipe.read_end.get(), room).bytes == 2);
}

TEST_CASE("a failure carries its number") {
  std::array<std::byte, 1> room{};
  const net::IoResult result = net::read_some(-1, room);
  CHECK(result.kind == Kind::failed);
  CHECK(result.error == EBADF);
  CHECK(net::write_some(-1, room).error == EBADF);
}

TEST_CASE("an interrupted attempt is made again") {
  int attempts = 0;
  const net::IoResult result = net::attempt([&]() -> ssize_t {
    errno = EINTR;
    return ++attempts < 3 ? -1 : 7;
  });
  CHECK(attempts == 3);
  CHECK(result.kind == Kind::done);
  CHECK(result.bytes == 7);
}
