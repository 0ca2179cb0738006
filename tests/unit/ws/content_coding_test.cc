#include "ws/content_coding.h"

#include <doctest/doctest.h>

#include <string>

#include <zlib.h>

using namespace wscope;
using ws::undo_content_coding;

namespace {

constexpr int gzip = MAX_WBITS + 16;
constexpr int zlib = MAX_WBITS;
constexpr int raw = -MAX_WBITS;

std::string pack(std::string text, int window_bits) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(text.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::optional<std::string> undo(std::string_view codings, std::string_view body, std::size_t limit = 1000) {
  return undo_content_coding(codings, base::as_bytes(body), limit);
}

const std::string json = R"({"error":"token expired"})";

}  // namespace

TEST_CASE("gzip and both kinds of deflate are undone") {
  CHECK(undo("", json) == json);
  CHECK(undo("identity", json) == json);
  CHECK(undo("gzip", pack(json, gzip)) == json);
  CHECK(undo("X-GZIP", pack(json, gzip)) == json);
  CHECK(undo("deflate", pack(json, zlib)) == json);
  CHECK(undo("deflate", pack(json, raw)) == json);
  CHECK(undo("deflate, gzip", pack(pack(json, zlib), gzip)) == json);
}

TEST_CASE("what is not known is not guessed") {
  CHECK_FALSE(undo("br", json).has_value());
  CHECK_FALSE(undo("gzip, zstd", json).has_value());
  CHECK_FALSE(undo("gzip, gzip, gzip, gzip", json).has_value());
  CHECK_FALSE(undo("gzip;q=1", json).has_value());
}

TEST_CASE("a body that is cut off or broken is read as far as it goes") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += std::to_string(i * 7919) + " ";
  const std::string packed = pack(text, gzip);
  for (const std::size_t size : {packed.size() / 2, packed.size() - 9}) {
    const auto beginning = undo("gzip", packed.substr(0, size), text.size());
    REQUIRE(beginning.has_value());
    CHECK(beginning->size() > 100);
    CHECK(text.starts_with(*beginning));
  }
  CHECK(undo("gzip", "not at all") == "");
  CHECK(undo("deflate", "") == "");
}

TEST_CASE("what inflates to very much is not held") {
  const std::string zeros(10'000'000, 'x');
  const auto beginning = undo("gzip", pack(zeros, gzip), 70'000);
  REQUIRE(beginning.has_value());
  CHECK(beginning->size() == 70'000);
}
