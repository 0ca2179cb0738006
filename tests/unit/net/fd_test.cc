#include "net/fd.h"

#include <cerrno>

#include <sys/resource.h>

#include "descriptors.h"

using namespace wscope;
using net::UniqueFd;

TEST_CASE("a descriptor is closed at the end of its owner's life") {
  const int fd = ::dup(0);
  {
    const UniqueFd owner(fd);
    CHECK(owner.valid());
    CHECK(owner.get() == fd);
    CHECK(test::is_open(fd));
  }
  CHECK_FALSE(test::is_open(fd));
}

TEST_CASE("an owner of nothing closes nothing") {
  UniqueFd none;
  CHECK_FALSE(none.valid());
  CHECK(none.get() == -1);
  CHECK(none.release() == -1);
}

TEST_CASE("a moved or released descriptor stays open") {
  const int fd = ::dup(0);
  UniqueFd first(fd);
  UniqueFd second(std::move(first));
  CHECK(second.get() == fd);
  UniqueFd third(::dup(0));
  const int replaced = third.get();
  third = std::move(second);
  CHECK_FALSE(test::is_open(replaced));
  CHECK(third.release() == fd);
  CHECK_FALSE(third.valid());
  CHECK(test::is_open(fd));
  third.reset(fd);
}

TEST_CASE("closing leaves errno alone") {
  UniqueFd bad(999'999);
  errno = ENOENT;
  bad.reset();
  CHECK(errno == ENOENT);
}

TEST_CASE("a pipe carries bytes, blocks nobody and is not inherited") {
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  CHECK(test::is_private(pipe->read_end.get()));
  CHECK(test::is_private(pipe->write_end.get()));
  CHECK(::write(pipe->write_end.get(), "x", 1) == 1);
  char letter = 0;
  CHECK(::read(pipe->read_end.get(), &letter, 1) == 1);
  CHECK(letter == 'x');
  CHECK(::read(pipe->read_end.get(), &letter, 1) == -1);
}

TEST_CASE("a pipe can be made to hold more, and what is none stays as it is") {
  const net::Pipe pipe = test::blocking_pipe();
  REQUIRE(::write(pipe.write_end.get(), "x", 1) == 1);
  net::widen_pipe(pipe.read_end.get());
#ifdef F_GETPIPE_SZ
  CHECK(::fcntl(pipe.write_end.get(), F_GETPIPE_SZ) == 1 << 20);
#endif
  char letter = 0;
  CHECK(::read(pipe.read_end.get(), &letter, 1) == 1);
  CHECK(letter == 'x');
  net::widen_pipe(test::blocking_socket_pair().first.get());
  net::widen_pipe(-1);
}

TEST_CASE("what is not open cannot be made private") { CHECK_FALSE(net::make_private(-1)); }

TEST_CASE("without descriptors there is no pipe") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 3;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const auto pipe = net::make_pipe();
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE_FALSE(pipe.ok());
  CHECK(pipe.error().kind == base::ErrorKind::io);
  CHECK(pipe.error().message == "pipe: too many open files");
}
