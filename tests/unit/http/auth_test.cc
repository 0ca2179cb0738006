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
  CHECK(parse_basic_credentials("Basic  QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == aladdin);
  CHECK(parse_basic_credentials("bAsIc     QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == aladdin);
}

TEST_CASE("what was written is read back, colons in the password included") {
  for (const Credentials& credentials : {Credentials{"", ""}, Credentials{"u", ""}, Credentials{"", "p"},
                                         Credentials{"u", ":p:"}, Credentials{"\xc3\xbc", "\xe2\x82\xac"}}) {
    CHECK(parse_basic_credentials(write_basic_credentials(credentials)) == credentials);
  }
}

TEST_CASE("malformed credentials are refused") {
  for (const char* value : {"", "Basic", "Basic ", "Bearer QTpi", "BasicQTpi", "Basic   ", "Basic QTpi ", "Basic\tQTpi",
                            "Basic QTp", "Basic Q!pi", "Basic QTpi, Basic QTpi", "Basic QUI="}) {
    CAPTURE(value);
    CHECK_FALSE(parse_basic_credentials(value).has_value());
  }
}

TEST_CASE("a challenge quotes its realm") {
  CHECK(write_basic_challenge("echo server") == "Basic realm=\"echo server\", charset=\"UTF-8\"");
  CHECK(write_basic_challenge("a\"b\\c") == "Basic realm=\"a\\\"b\\\\c\", charset=\"UTF-8\"");
}

TEST_CASE("the schemes of challenges are found among their parameters") {
  using Schemes = std::vector<std::string>;
  const auto schemes = [](const Headers& headers) { return challenge_schemes(headers, "WWW-Authenticate"); };
  CHECK(schemes({}).empty());
  CHECK(schemes({{"WWW-Authenticate", "Negotiate"}, {"www-authenticate", "NTLM"}, {"Proxy-Authenticate", "Basic"}}) ==
        Schemes{"Negotiate", "NTLM"});
  CHECK(schemes({{"WWW-Authenticate", "Basic realm=\"a, b\", charset=\"UTF-8\", Bearer error = \"x\\\", Digest \""}}) ==
        Schemes{"Basic", "Bearer"});
  CHECK(schemes({{"WWW-Authenticate", ",, Negotiate YIIa==, basic,Digest a=b , nonce=c"}}) ==
        Schemes{"Negotiate", "basic", "Digest"});
  CHECK(schemes({{"WWW-Authenticate", "Basic"}, {"WWW-Authenticate", "BASIC"}}) == Schemes{"Basic"});
  CHECK(schemes({{"WWW-Authenticate", "\"quoted"}, {"WWW-Authenticate", "a\"b"}, {"WWW-Authenticate", ""}}).empty());
  Headers many;
  for (int i = 0; i < 1000; ++i) many.add("WWW-Authenticate", "s" + std::to_string(i) + std::string(1000, 'x'));
  CHECK(schemes(many).size() == 8);
  CHECK(schemes(many)[0].size() == 40);
}
