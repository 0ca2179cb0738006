#include "tls/streams.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

using namespace wscope;
using tls::Streams;

namespace {

struct Fixture {
  Streams streams{};
  tls::BioMethodPointer method = tls::make_stream_method();
  tls::BioPointer bio = tls::make_stream_bio(method.get(), streams);
};

}  // namespace

TEST_CASE("reading takes from the front of the input, which shrinks") {
  Fixture fixture;
  fixture.streams.input = base::as_bytes("hello");
  std::array<char, 8> room{};
  CHECK(BIO_read(fixture.bio.get(), room.data(), 2) == 2);
  CHECK(base::as_text(fixture.streams.input) == "llo");
  CHECK(BIO_read(fixture.bio.get(), room.data() + 2, 6) == 3);
  CHECK(std::string(room.data()) == "hello");
  CHECK(fixture.streams.input.empty());
}

TEST_CASE("reading nothing is to be tried again") {
  Fixture fixture;
  std::array<char, 8> room{};
  CHECK(BIO_read(fixture.bio.get(), room.data(), 8) <= 0);
  CHECK(BIO_should_retry(fixture.bio.get()));
  CHECK(BIO_should_read(fixture.bio.get()));
  fixture.streams.input = base::as_bytes("x");
  CHECK(BIO_read(fixture.bio.get(), room.data(), 8) == 1);
  CHECK_FALSE(BIO_should_retry(fixture.bio.get()));
}

TEST_CASE("writing appends to the output") {
  Fixture fixture;
  CHECK(BIO_write(fixture.bio.get(), "he", 2) == 2);
  CHECK(BIO_write(fixture.bio.get(), "llo", 3) == 3);
  CHECK(base::as_text(fixture.streams.output.view()) == "hello");
  CHECK(BIO_flush(fixture.bio.get()) == 1);
}

TEST_CASE("writing fails for good when the output is full") {
  Fixture fixture;
  const std::vector<char> all(Streams::output_cap, 'x');
  CHECK(BIO_write(fixture.bio.get(), all.data(), static_cast<int>(all.size())) == static_cast<int>(all.size()));
  CHECK(BIO_write(fixture.bio.get(), "x", 1) <= 0);
  CHECK_FALSE(BIO_should_retry(fixture.bio.get()));
  CHECK(fixture.streams.output.size() == Streams::output_cap);
}
