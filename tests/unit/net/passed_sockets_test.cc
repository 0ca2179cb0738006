#include "net/passed_sockets.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

#include "descriptors.h"

using namespace wscope;

namespace {

base::Result<int> take(const std::string& process, const std::string& count) {
  REQUIRE(::setenv("LISTEN_PID", process.c_str(), 1) == 0);
  REQUIRE(::setenv("LISTEN_FDS", count.c_str(), 1) == 0);
  auto taken = net::take_passed_sockets();
  ::unsetenv("LISTEN_PID");
  if (std::getenv("LISTEN_FDS") == nullptr) return taken;
  ::unsetenv("LISTEN_FDS");
  CHECK(taken.ok());
  return taken.ok() ? -*taken - 1 : taken;  // it was left
}

std::string refusal(int fd) {
  const auto socket = net::adopt_passed_socket(fd);
  REQUIRE(!socket.ok());
  CHECK(socket.error().kind == base::ErrorKind::io);
  return socket.error().message.substr(socket.error().message.find(std::to_string(fd)));
}

}  // namespace

TEST_CASE("sockets are passed to the process that is named") {
  const std::string us = std::to_string(::getpid());
  CHECK(net::take_passed_sockets().value() == 0);
  CHECK(take(us, "2").value() == 2);
  CHECK(take(us, "0").value() == 0);
  CHECK(take(std::to_string(::getppid()), "2").value() == -1);
  CHECK(take("", "2").value() == -1);
  for (const char* count : {"", "-1", "x", "99999"}) CHECK(!take(us, count).ok());
}

TEST_CASE("what was passed has to be a stream socket that listens") {
  net::UniqueFd listening = test::listen_anywhere();
  const int fd = listening.release();
  const auto adopted = net::adopt_passed_socket(fd);
  REQUIRE(adopted.ok());
  CHECK(adopted->get() == fd);
  CHECK(test::is_private(fd));
  const net::UniqueFd datagrams(::socket(AF_UNIX, SOCK_DGRAM, 0));
  CHECK(refusal(datagrams.get()).ends_with(" is not a stream socket"));
  const net::UniqueFd idle(::socket(AF_INET, SOCK_STREAM, 0));
  CHECK(refusal(idle.get()).ends_with(" does not listen"));
  CHECK(refusal(1'000'000).ends_with(": bad file descriptor"));
}
