#include "link/echoing.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "link/connection_options.h"
#include "link/loop.h"

using namespace wscope;

namespace {

link::SizeLimits up_to(std::uint64_t message) {
  link::SizeLimits limits;
  limits.message = message;
  return limits;
}

ws::Options options(const link::SizeLimits& limits) {
  ws::Options made = link::connection_options(ws::Role::client, link::Delivery::streamed, limits, {});
  link::prepare_for_echo(made, limits);
  return made;
}

}  // namespace

TEST_CASE("a message goes back as what it is") {
  link::Loop loop;
  const ws::Connection connection(ws::Options{}, loop.random, base::TimePoint());
  ws::Message message;
  message.type = ws::Opcode::binary;
  message.data = base::as_bytes("data");
  message.finished = true;
  const ws::Piece plain = link::echo_of(message, connection);
  CHECK(plain.opcode == ws::Opcode::binary);
  CHECK(base::as_text(plain.payload) == "data");
  CHECK(plain.finished);
  CHECK_FALSE(plain.compress);
  message.type = ws::Opcode::text;
  message.finished = false;
  message.rsv = ws::rsv1;
  const ws::Piece piece = link::echo_of(message, connection);
  CHECK(piece.opcode == ws::Opcode::text);
  CHECK_FALSE(piece.finished);
  CHECK(piece.compress);
}

TEST_CASE("what only tells the end of a frame does not go back") {
  ws::Message message;
  for (const bool finished : {false, true}) {
    message.finished = finished;
    message.data = {};
    CHECK(link::is_echoed(message) == finished);
    message.data = base::as_bytes("data");
    CHECK(link::is_echoed(message));
  }
}

TEST_CASE("messages that may be held come whole, and longer ones in pieces unless they are forbidden") {
  const ws::Options usual = options({});
  CHECK(usual.whole_up_to == streams::longest_held_message);
  CHECK(usual.limits.message == ws::unlimited);
  const ws::Options limited = options(up_to(1000));
  CHECK(limited.whole_up_to == 1000);
  CHECK(limited.limits.message == 1000);
}

TEST_CASE("as many answers may wait as may be held, and one more has room then") {
  for (const std::uint64_t held : {std::uint64_t{1000}, streams::longest_held_message}) {
    CHECK(options(up_to(held)).limits.output >= 2 * held + held / 8 + 1024);
  }
  CHECK(options(up_to(UINT64_MAX)).limits.output >= SIZE_MAX / 2);
}
