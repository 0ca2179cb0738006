#include "http/head.h"

#include <doctest/doctest.h>

using namespace wscope::http;

TEST_CASE("statuses a handshake meets have their standard phrase") {
  CHECK(reason_phrase(101) == "Switching Protocols");
  CHECK(reason_phrase(400) == "Bad Request");
  CHECK(reason_phrase(414) == "URI Too Long");
  CHECK(reason_phrase(426) == "Upgrade Required");
  CHECK(reason_phrase(431) == "Request Header Fields Too Large");
  CHECK(reason_phrase(503) == "Service Unavailable");
}

TEST_CASE("a status has a phrase exactly if it is registered") {
  int known = 0;
  for (int status = -1; status < 1000; ++status) {
    const bool has_phrase = !reason_phrase(status).empty();
    known += has_phrase ? 1 : 0;
    if (has_phrase) CHECK((status >= 100 && status < 600));
  }
  CHECK(known == 48);
  CHECK(reason_phrase(306).empty());
  CHECK(reason_phrase(418).empty());
  CHECK(reason_phrase(599).empty());
}
