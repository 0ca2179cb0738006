#include "decode/statistics.h"

#include <doctest/doctest.h>

#include "decoding.h"

using namespace wscope;
using namespace std::string_literals;

namespace {

decode::Report::Options counting() {
  decode::Report::Options options;
  options.counts = true;
  options.deflate.emplace();
  return options;
}

const std::string input =
    "\x01\x03Hel\x89\x01x\x80\x02lo\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\x82\x05"
    "bytes\x09\x00\x8a\x00\x09\x00"s;

}  // namespace

TEST_CASE("numbers of frames, messages and violations") {
  CHECK(test::decode(decode::InputKind::raw, input, counting()).text ==
        "                      frames    payload bytes        least         most         mean\n"
        "< continuation             1                2            2            2            2\n"
        "< text                     2               10            3            7            5\n"
        "< binary                   1                5            5            5            5\n"
        "< ping                     3                1            0            1            0\n"
        "< pong                     1                0            0            0            0\n"
        "frames                     8               34 bytes on the wire\n"
        "messages                   3  2 text, 1 binary, 1 in fragments, the largest of 7 bytes\n"
        "compressed                 1  7 bytes inflate to 5: 140.0 %\n"
        "violations                 2\n"
        "  RFC 6455 5.5             2  the first at offset 28: ping frame without FIN\n");
}

TEST_CASE("the same for programs") {
  decode::Report::Options options = counting();
  options.form = decode::Report::Form::json;
  CHECK(test::decode(decode::InputKind::raw, "\x89\x01x"s, options).text ==
        "{\"event\":\"stats\",\"time\":\"1970-01-01T00:00:00.000000Z\",\"conn\":0,\"frames\":1,\"bytes\":3,"
        "\"messages\":0,\"text\":0,\"binary\":0,\"fragmented\":0,\"largest\":0,\"compressed\":0,"
        "\"compressed_bytes\":0,\"inflated_bytes\":0,\"opcodes\":[{\"dir\":\"in\",\"opcode\":9,\"frames\":1,"
        "\"bytes\":1,\"least\":1,\"most\":1}],\"violations\":0,\"sections\":[]}\n");
}

TEST_CASE("of nothing there are no rows") {
  CHECK(test::decode(decode::InputKind::raw, "", counting()).text ==
        "frames                     0                0 bytes on the wire\n"
        "messages                   0\n"
        "violations                 0\n");
}
