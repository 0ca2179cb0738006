#include "script/mask.h"

#include <doctest/doctest.h>

using namespace wscope;
using script::Mask;

TEST_CASE("a secret is masked as it is, as JSON, percent-encoded and in base64") {
  Mask mask;
  mask.add("a \"b\"");
  CHECK(mask.apply(R"(x a "b" y)") == "x *** y");
  CHECK(mask.apply(R"({"t":"a \"b\""})") == R"({"t":"***"})");
  CHECK(mask.apply("a%20%22b%22") == "***");
  CHECK(mask.apply("YSAiYiI=") == "***");
  CHECK(mask.apply("nothing") == "nothing");
  CHECK(mask.finds(base::as_bytes(R"(.a "b".)")));
  CHECK(!mask.finds(base::as_bytes("a b")));
}

TEST_CASE("a secret that holds another one is masked whole") {
  Mask mask;
  mask.add("key");
  mask.add("keykey1");
  CHECK(mask.apply("keykey1 key keykey") == "*** *** ******");
}

TEST_CASE("a secret of stars ends") {
  Mask mask;
  mask.add("*");
  CHECK(mask.apply("a*b") == "a***b");
}

TEST_CASE("a secret is masked as those write it who escape more than JSON wants") {
  Mask mask;
  mask.add("\u00fc/\U0001f600");
  CHECK(mask.apply(R"("\u00fc/\ud83d\ude00")") == R"("***")");
  CHECK(mask.apply(R"("\u00FC\/\uD83D\uDE00")") == R"("***")");
  CHECK(mask.apply("\u00fc\\/\U0001f600") == "***");
}
