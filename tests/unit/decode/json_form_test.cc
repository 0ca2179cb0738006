#include "decode/json_form.h"

#include <doctest/doctest.h>

#include "decoding.h"

using namespace wscope;
using decode::InputKind;
using test::Decoded;

namespace {

Decoded json(std::string_view input, const decode::Report::Options& options = {}) {
  return test::decode(InputKind::json, input, options);
}

}  // namespace

TEST_CASE("frames of events are decoded in their directions and connections") {
  const Decoded decoded = json(R"({"event":"open","conn":1,"extensions":["permessage-deflate"]})"
                               "\n"
                               R"({"event":"text","conn":1,"dir":"in","data":"Hello"})"
                               "\n\n"
                               R"({"event":"frame","conn":1,"dir":"in","length":7,"hex":"c107f248cdc9c90700"})"
                               "\n"
                               R"({"event":"frame","conn":2,"dir":"out","length":0,"hex":"898001020304"})"
                               "\n"
                               R"({"event":"closed","conn":1})");
  CHECK(decoded.error == "");
  CHECK(decoded.frames == 2);
  CHECK(decoded.findings == 0);
  CHECK(decoded.text.find("(deflated, 5 B as text)") != std::string::npos);
  CHECK(decoded.text.find("[2] > PING fin len=0 mask=01020304\n") != std::string::npos);
}

TEST_CASE("of a frame that was cut in a record, the rest is missing") {
  const Decoded decoded = json(R"({"event":"frame","dir":"in","length":300,"hex":"817e012c6161"})");
  CHECK(decoded.frames == 1);
  CHECK(decoded.text.find("298 bytes of it missing") != std::string::npos);
}

TEST_CASE("what we print can be read again") {
  decode::Report::Options options;
  options.form = decode::Report::Form::json;
  const std::string wrong = "\x81\x05Hello\x09\x01x\x88\x01y";
  const Decoded printed = test::decode(InputKind::raw, wrong, options);
  const Decoded again = json(printed.text, options);
  CHECK(again.text == printed.text);
  CHECK(again.findings == 2);
}

TEST_CASE("lines that are no events have a place") {
  CHECK(json("{\"event\":\"open\"}\n{\"event\" 1}").error == "2:10: this is not JSON");
  CHECK(json("[]").error == "1:1: a line that is no object");
  CHECK(json("{\"event\":\"frame\",\"hex\":\"8\"}").error == "1:1: a frame without its bytes as \"hex\"");
  CHECK(json("{\"event\":\"frame\",\"hex\":\"81\"}").error == "1:1: a frame without its header");
  CHECK(json("{\"event\":\"frame\",\"hex\":\"89007878\"}").error == "1:1: a frame that is longer than it says");
  CHECK(json("{\"event\":\"text\",\"data\":\"x\"}").error ==
        "no frames: it has 1 message as they were, not as they came");
}
