#include "net/error.h"

#include <doctest/doctest.h>

#include <cerrno>

#include <netdb.h>

using namespace wscope;

TEST_CASE("an error number reads as the end of a sentence") {
  CHECK(net::error_text(ECONNREFUSED) == "connection refused");
  CHECK(net::error_text(EIO) == "input/output error");
  CHECK(net::system_error("127.0.0.1:80", EADDRINUSE).message == "127.0.0.1:80: address already in use");
  CHECK(net::system_error("x", EPERM).kind == base::ErrorKind::io);
  CHECK(net::system_error("x", EPERM, base::ErrorKind::connect).kind == base::ErrorKind::connect);
}

TEST_CASE("a failed lookup is told in its own words or in the system's") {
  CHECK_FALSE(net::lookup_error_text(EAI_AGAIN, 0).empty());
  CHECK(net::lookup_error_text(EAI_AGAIN, 0) != net::lookup_error_text(EAI_NONAME, 0));
  CHECK(net::lookup_error_text(EAI_SYSTEM, ENOMEM) == net::error_text(ENOMEM));
}
