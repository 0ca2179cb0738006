// What comes of memory that cannot be had, wherever that happens while clients are served.
#include <doctest/doctest.h>

#include <cstdlib>
#include <new>
#include <optional>
#include <string>

#include "app/broadcast.h"
#include "app/echo.h"
#include "serving.h"

namespace {

// Allocations until one fails; 0: none does.
std::size_t countdown = 0;

}  // namespace

void* operator new(std::size_t size) {
  const bool fails = countdown > 0 && --countdown == 0;
  void* const memory = fails ? nullptr : std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace wscope;
using test::run_until;

namespace {

// Turns of the loop, in which the nth allocation fails, until that has happened or all is over. Whether it has.
template <typename Condition>
bool run_short_of_memory(net::Poller& poller, std::size_t nth, Condition over) {
  std::size_t left = nth;  // no allocation of the test's own counts
  bool armed = false;
  const bool ended = run_until(poller, [&] {
    if (std::exchange(armed, true)) left = std::exchange(countdown, 0);
    if (left == 0 || over()) return true;
    countdown = left;
    return false;
  });
  CHECK(ended);
  return left == 0;
}

const std::string long_text(100'000, 'x');

// A client comes, and says something in every way there is. Whether the nth allocation of all that has failed.
bool serve_one(test::Served& served, std::size_t nth) {
  ws::PermessageDeflate deflate;
  test::Owner owner;
  ws::Options options;
  options.extensions = {&deflate};
  options.limits.message = ws::unlimited;
  peer::Peer client(served.loop.context(), served.connect(), std::move(options), owner);
  std::size_t heard = 0;
  owner.on_event = [&](peer::Peer& peer, const ws::Event& event) {
    if (std::holds_alternative<ws::Opened>(event)) {
      ws::Connection& connection = peer.connection();
      static_cast<void>(connection.send_text(long_text, false));
      static_cast<void>(connection.send_ping(peer.now(), base::as_bytes("ping")));
      static_cast<void>(connection.send_continuation(base::as_bytes(long_text), true));
      static_cast<void>(connection.send({.payload = base::as_bytes(long_text), .compress = false}));
    }
    const auto* message = std::get_if<ws::Message>(&event);
    if (message == nullptr || (heard += message->data.size()) < 3 * long_text.size()) return;
    static_cast<void>(peer.connection().close(peer.now()));
  };
  REQUIRE(client.connection().connect(served.url) == ws::Status::ok);
  client.flush();
  const bool failed = run_short_of_memory(served.loop.poller, nth, [&] { return owner.ends > 0; });
  client.abandon();
  CHECK(run_until(served.loop.poller, [&] { return owner.ends > 0; }));
  return failed;
}

}  // namespace

TEST_CASE("memory that cannot be had costs a server one client") {
  app::Loop loop;
  app::Echo echo(loop, {}, {});
  test::Served served(loop, {}, echo);
  test::Visitor other(served);
  std::size_t nth = 1;
  while (serve_one(served, nth)) {
    CAPTURE(nth);
    other.say("still here");
    REQUIRE(other.next().text == "still here");
    REQUIRE(run_until(loop.poller, [&] { return served.server.clients().size() == 1; }));
    REQUIRE(loop.held.held() == 0);
    ++nth;
  }
  CHECK(nth > 20);
}

TEST_CASE("a client that there is no memory to send to is the one that is lost") {
  app::Loop loop;
  app::Broadcast broadcast;
  test::Served served(loop, {.whole = true}, broadcast);
  test::Visitor one(served);
  test::Visitor other(served);
  ws::Piece piece;
  piece.payload = base::as_bytes(long_text);
  piece.compress = false;
  app::Client& lost = *served.server.clients().at(1);
  loop.spare_output.release();
  countdown = 1;
  served.server.send_to(lost, piece);
  REQUIRE(std::exchange(countdown, 0) == 0);
  CHECK(lost.peer().out_of_memory());
  CHECK(one.run_to_end());
  served.server.send_to_all(piece, nullptr);
  CHECK(other.next().text == long_text);
}
