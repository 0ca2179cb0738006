#include "report/listening_lines.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("a server says where it listens") {
  CHECK(report::listening_lines({"ws://[::1]:80/", "::1", 80, ""}) ==
        "Listening on ws://[::1]:80/ (press CTRL+C to quit)\n");
}

TEST_CASE("and how to trust a certificate of its own") {
  CHECK(report::listening_lines({"wss://127.0.0.1:80/", "127.0.0.1", 80, "sha256//x="}) ==
        "Listening on wss://127.0.0.1:80/ (press CTRL+C to quit)\n"
        "The certificate is self-signed: clients trust it with --pin sha256//x=\n");
}

TEST_CASE("and what should be known about who may come") {
  CHECK(report::listening_lines({"ws://0.0.0.0:80/", "0.0.0.0", 80, "", "Everybody may."}) ==
        "Listening on ws://0.0.0.0:80/ (press CTRL+C to quit)\nEverybody may.\n");
}
