#include "link/connection_options.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "unit/ws/bytes.h"
#include "ws/deflate.h"

using namespace wscope;
using namespace std::chrono_literals;
using link::Delivery;

namespace {

ws::Options options(Delivery delivery, const link::SizeLimits& limits = {}) {
  return link::connection_options(ws::Role::server, delivery, limits, {});
}

link::SizeLimits message_limit(std::uint64_t bytes) {
  link::SizeLimits limits;
  limits.message = bytes;
  return limits;
}

}  // namespace

TEST_CASE("the role and the timeouts are those that are asked for") {
  link::Timeouts timeouts;
  timeouts.connect = 1s;
  timeouts.handshake = 2s;
  timeouts.close = 3s;
  timeouts.ping_interval = 4s;
  timeouts.ping_timeout = 5s;
  for (const ws::Role role : {ws::Role::client, ws::Role::server}) {
    const ws::Options made = link::connection_options(role, Delivery::streamed, {}, timeouts);
    CHECK(made.role == role);
    CHECK(made.open_timeout == 2s);
    CHECK(made.close_timeout == 3s);
    CHECK(made.ping_interval == 4s);
    CHECK(made.ping_timeout == 5s);
    CHECK(made.extensions.empty());
  }
}

TEST_CASE("messages that are streamed come as they arrive and may have any size") {
  const ws::Options made = options(Delivery::streamed);
  CHECK(made.whole_up_to == 0);
  CHECK(made.limits.message == ws::unlimited);
  CHECK(made.limits.output >= std::size_t{4} << 20);
  CHECK(options(Delivery::streamed, message_limit(5)).limits.message == 5);
  CHECK(options(Delivery::streamed, message_limit(5)).whole_up_to == 0);
}

TEST_CASE("messages that come whole are limited") {
  for (const link::SizeLimits& limits : {link::SizeLimits(), message_limit(5)}) {
    const std::uint64_t longest = limits.message.value_or(std::uint64_t{16} << 20);
    CHECK(link::longest_held(limits) == longest);
    const ws::Options made = options(Delivery::whole, limits);
    CHECK(made.limits.message == longest);
    CHECK(made.whole_up_to == longest);
  }
}

TEST_CASE("frames and heads are limited if that is asked for") {
  const ws::Options usual = options(Delivery::whole);
  CHECK(usual.limits.frame == ws::unlimited);
  CHECK(usual.limits.head.head_bytes == http::HeadLimits().head_bytes);
  link::SizeLimits limits;
  limits.frame = 7;
  limits.head = 1000;
  const ws::Options made = options(Delivery::streamed, limits);
  CHECK(made.limits.frame == 7);
  CHECK(made.limits.head.head_bytes == 1000);
}

TEST_CASE("a message that was held can be sent on, also where compression might make it longer") {
  const std::uint64_t longest = std::uint64_t{48} << 20;
  const ws::PermessageDeflate deflate;
  test::FixedRandom random;
  for (const bool compression : {false, true}) {
    CAPTURE(compression);
    ws::Agreement agreed;
    if (compression) agreed.extensions.extensions.push_back(deflate.agreed(ws::Role::server, {}));
    ws::Connection connection(options(Delivery::whole, message_limit(longest)), random, {}, std::move(agreed));
    const std::string message(longest, 'x');
    ws::Piece piece;
    piece.payload = base::as_bytes(message);
    piece.compress = false;
    piece.known_utf8 = true;
    CHECK(connection.send(piece) == ws::Status::ok);
  }
}

TEST_CASE("there is no size so large that nothing could be sent") {
  const ws::Options made = options(Delivery::whole, message_limit(UINT64_MAX));
  CHECK(made.limits.message == UINT64_MAX);
  CHECK(made.limits.output > std::size_t{1} << 40);
}
