#include "decode/har_form.h"

#include <doctest/doctest.h>

#include <string>

#include "decoding.h"

using namespace wscope;
using decode::InputKind;
using test::Decoded;

namespace {

using Form = decode::Report::Form;

const std::string heads = R"("request":{"method":"GET","url":"ws://x/chat","headers":[{"name":"Host","value":"x"}]},)"
                          R"("response":{"status":101,"statusText":"S","headers":[]})";

std::string har(const std::string& messages, const std::string& more = {}) {
  return R"({"log":{"entries":[{"_resourceType":"fetch"},{"_webSocketMessages":[)" + messages + "]," + heads + "}" +
         more + "]}}";
}

const std::string two = R"({"type":"send","time":1664899871.5,"opcode":1,"data":"h\u001b"},)"
                        R"({"type":"receive","time":1664899872,"opcode":2,"data":"AAEC"})";

Decoded decode_har(const std::string& file, Form form = Form::dump, const decode::DecodePlan& plan = {}) {
  decode::Report::Options options;
  options.form = form;
  options.counts = plan.counts;
  return test::decode(InputKind::har, file, options, plan);
}

bool has(const Decoded& decoded, const std::string& text) {
  CAPTURE(decoded.text);
  return decoded.text.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("messages of a connection, behind its heads") {
  const Decoded decoded = decode_har(har(two));
  CHECK(decoded.error == "");
  CHECK(decoded.findings == 0);
  CHECK(decoded.text.starts_with("ws://x/chat\n> GET /chat HTTP/1.1\n> Host: x\n>\n< HTTP/1.1 101 S\n"));
  CHECK(has(decoded, "> TEXT fin len=2\n"));
  CHECK(has(decoded, "\"h\\x1b\"\n"));
  CHECK(has(decoded, "< BINARY fin len=3\n"));
  CHECK(has(decoded, "00 01 02"));
}

TEST_CASE("messages as events") {
  const Decoded decoded = decode_har(har(two), Form::json);
  CHECK(has(decoded, R"({"event":"text","time":"2022-10-04T16:11:11.500000Z","conn":1,"dir":"out","data":"h\u001b"})"));
  CHECK(has(decoded, R"("dir":"in","base64":"AAEC"})"));
  CHECK(has(decoded, R"("event":"head")"));
  const Decoded control =
      decode_har(har(R"({"type":"send","opcode":9,"data":"eA=="},{"type":"receive","opcode":10,"data":""},)"
                     R"({"type":"send","opcode":8,"data":"A+g="},{"type":"send","opcode":8,"data":""})"),
                 Form::json);
  CHECK(has(control, R"("event":"ping")"));
  CHECK(has(control, R"("event":"pong")"));
  CHECK(has(control, R"("code":1000)"));
}

TEST_CASE("several connections are numbered, and one can be chosen") {
  const std::string file = har(two, R"(,{"_webSocketMessages":[{"type":"send","opcode":1,"data":"second"}]})");
  const Decoded all = decode_har(file);
  CHECK(all.frames == 3);
  CHECK(has(all, "[2] "));
  const Decoded second = decode_har(file, Form::dump, {.stream = 2});
  CHECK(second.frames == 1);
  CHECK(has(second, "second"));
}

TEST_CASE("what is odd is said, and what is no WebSocket") {
  CHECK(has(decode_har(har(R"({"type":"send","opcode":2,"data":"?"})")), "this is no base64, and shown as it is\n"));
  CHECK(has(decode_har(har(R"({"type":"error","data":"a\u0007b"})")), "error: a\\x07b\n"));
  CHECK(decode_har(R"({"log":{"entries":[{"_resourceType":"fetch"}]}})").error == "no WebSocket in it: 1 other entry");
  CHECK(decode_har(R"({"log":{"entries":[]}})").error == "no WebSocket in it: 0 other entries");
  CHECK(decode_har(har(two).substr(0, 300)).error == "byte 300: the JSON text ends too early");
}

TEST_CASE("numbers instead of messages") {
  const Decoded decoded = decode_har(har(two), Form::dump, {.counts = true});
  CHECK(has(decoded, "> text"));
  CHECK_FALSE(has(decoded, "GET"));
}
