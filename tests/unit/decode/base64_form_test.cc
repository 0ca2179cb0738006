#include "decode/base64_form.h"

#include <doctest/doctest.h>

#include "decoding.h"

using namespace wscope;
using decode::InputKind;

namespace {

test::Decoded base64(std::string_view input) { return test::decode(InputKind::base64, input); }

}  // namespace

TEST_CASE("base64 is read with white space, without padding, and one behind the other") {
  const std::string hello = test::decode(InputKind::raw, "\x81\x05Hello").text;
  CHECK(base64("gQVIZWxsbw==").text == hello);
  CHECK(base64("gQVI\r\nZWxs\n bw").text == hello);
  CHECK(base64("gQVIZWxsbw==\ngQVIZWxsbw==\n").frames == 2);
  CHECK(base64("iQA=iQA=").frames == 2);
  CHECK(base64("ggP__-8").text == base64("ggP//+8=").text);
}

TEST_CASE("what is wrong with base64 has a place") {
  CHECK(base64("gQVI\nZ*").error == "2:2: \"*\" is not base64");
  CHECK(base64("gQ=V").error == "1:4: \"V\" behind padding that is too short");
  CHECK(base64("gQVI=").error == "1:5: padding that belongs to nothing");
  CHECK(base64("gQVIZ").error == "1:6: the end is missing");
  CHECK(base64("gQVIbw=").error == "1:8: the end is missing");
  CHECK(base64("gR==").error == "1:4: the bits behind the last byte are not zero");
}
