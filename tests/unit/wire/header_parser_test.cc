#include "wire/header_parser.h"

#include <doctest/doctest.h>

#include <string>

#include "wire/frame_writer.h"

using namespace wscope;
using namespace std::string_literals;
using wire::header_size;
using wire::parse_header;

TEST_CASE("the size of a header shows with its second byte") {
  CHECK(header_size({}) == 2);
  CHECK(header_size(base::as_bytes("\x81")) == 2);
  CHECK(header_size(base::as_bytes("\x81\x05")) == 2);
  CHECK(header_size(base::as_bytes("\x81\x85")) == 6);
  CHECK(header_size(base::as_bytes("\x81\x7e")) == 4);
  CHECK(header_size(base::as_bytes("\x81\xff")) == 14);
}

TEST_CASE("a header is read as it was written, legal or not") {
  for (const ws::LengthForm form : {ws::LengthForm::bits_7, ws::LengthForm::bits_16, ws::LengthForm::bits_64}) {
    wire::Header header;
    header.opcode = 11;
    header.fin = false;
    header.rsv = 5;
    header.mask = ws::MaskKey{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    header.length = 99;
    header.form = form;
    std::string bytes;
    wire::append_frame(header, {}, bytes);
    CHECK(header_size(base::as_bytes(bytes)) == bytes.size());
    const wire::Header read = parse_header(base::as_bytes(bytes));
    CHECK(read.opcode == 11);
    CHECK_FALSE(read.fin);
    CHECK(read.rsv == 5);
    CHECK(read.mask == header.mask);
    CHECK(read.length == 99);
    CHECK(read.form == form);
  }
  CHECK(parse_header(base::as_bytes("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff")).length == UINT64_MAX);
}
