#include "check/oracle.h"

#include <doctest/doctest.h>

#include "fake_server.h"

using namespace wscope;
using namespace wscope::check;

TEST_CASE("a list has its elements in whichever case") {
  CHECK(lists("keep-alive, Upgrade", "upgrade"));
  CHECK(lists("13", "13"));
  CHECK(lists("8,\t13 ", "13"));
  CHECK(!lists("8, 130", "13"));
  CHECK(!lists("", "13"));
}

TEST_CASE("an echo is there if all has come back in order, with anything between") {
  Heard heard(Role::server);
  heard.receive(base::as_bytes("HTTP/1.1 101 OK\r\n\r\n" + test::frame(1, "hello") + test::frame(1, "a") +
                               test::frame(2, "b") + test::frame(1, "news")),
                {});
  Sent sent;
  CHECK(is_echoed(sent, heard));
  sent.messages = {{false, "a"}, {true, "b"}};
  CHECK(is_echoed(sent, heard));
  sent.messages = {{true, "b"}, {false, "a"}};
  CHECK(!is_echoed(sent, heard));
  sent.messages = {{false, "a"}, {false, "a"}};
  CHECK(!is_echoed(sent, heard));
  sent.messages = {{false, "b"}};
  CHECK(!is_echoed(sent, heard));
}

TEST_CASE("what waits for something stands behind what does not") {
  CHECK(!is_expectation(Verb::ask));
  CHECK(!is_expectation(Verb::unanswered));
  CHECK(is_expectation(Verb::open));
  CHECK(is_expectation(Verb::lives));
}
