#include "http/auth.h"

#include <doctest/doctest.h>

using namespace wscope::http;

TEST_CASE("P12 credentials are written as base64 of their UTF-8") {
  CHECK(write_basic_credentials({"Aladdin", "open sesame"}) == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(write_basic_credentials({"test", "123\xc2\xa3"}) == "Basic dGVzdDoxMjPCow==");
  CHECK(write_basic_credentials({"", ""}) == "Basic Og==");
}

TEST_CASE("P11 credentials are read under any spelling of the scheme") {
  const Credentials aladdin{"Aladdin", "open sesame"};
  CHECK(parse_basic_credentials("basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == aladdin);
  CHECK(parse_basic_credentials("BASIC QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == aladdin);
}

TEST_CASE("what was written is read back, colons in the password included") {
  for (const Credentials& credentials : {Credentials{"", ""}, Credentials{"u", ""}, Credentials{"", "p"},
                                         Credentials{"u", ":p:"}, Credentials{"\xc3\xbc", "\xe2\x82\xac"}}) {
    CHECK(parse_basic_credentials(write_basic_credentials(credentials)) == credentials);
  }
}

TEST_CASE("malformed credentials are refused") {
  for (const char* value : {"", "Basic", "Basic ", "Bearer QTpi", "BasicQTpi", "Basic  QTpi", "Basic QTpi ",
                            "Basic\tQTpi", "Basic QTp", "Basic Q!pi", "Basic QTpi, Basic QTpi", "Basic QUI="}) {
    CAPTURE(value);
    CHECK_FALSE(parse_basic_credentials(value).has_value());
  }
}

TEST_CASE("a challenge quotes its realm") {
  CHECK(write_basic_challenge("echo server") == "Basic realm=\"echo server\", charset=\"UTF-8\"");
  CHECK(write_basic_challenge("a\"b\\c") == "Basic realm=\"a\\\"b\\\\c\", charset=\"UTF-8\"");
}
