#include "link/broadcast.h"

#include <doctest/doctest.h>

#include <string>

#include "serving.h"

using namespace wscope;
using test::Visitor;

namespace {

struct Broadcasting {
  link::Loop loop;
  link::Broadcast broadcast;
  test::Served served{loop, {.whole = true}, broadcast};
};

}  // namespace

TEST_CASE("a message goes to all others, and not back") {
  Broadcasting room;
  Visitor one(room.served);
  Visitor two(room.served);
  Visitor three(room.served);
  one.say("from one");
  CHECK(two.next().text == "from one");
  CHECK(three.next().text == "from one");
  two.say("from two");
  CHECK(one.next().text == "from two");
  CHECK(three.next().text == "from two");
}

TEST_CASE("those who have gone are missed by nobody") {
  Broadcasting room;
  Visitor one(room.served);
  Visitor two(room.served);
  {
    Visitor gone(room.served);
    CHECK(gone.close());
  }
  one.say("hello");
  CHECK(two.next().text == "hello");
  CHECK(two.close());
  one.say("to nobody");
  CHECK(one.close());
  CHECK(one.messages.empty());
  CHECK(room.served.run_until_empty());
}

TEST_CASE("a message keeps its type and whether it was compressed") {
  Broadcasting room;
  Visitor one(room.served);
  Visitor two(room.served);
  const std::string payload(1000, 'a');
  for (const ws::Opcode type : {ws::Opcode::text, ws::Opcode::binary}) {
    for (const bool compress : {true, false}) {
      ws::Piece piece;
      piece.opcode = type;
      piece.payload = base::as_bytes(payload);
      piece.compress = compress;
      REQUIRE(one.connection().send(piece) == ws::Status::ok);
      one.peer->flush();
      const auto& heard = two.next();
      CHECK(heard.type == type);
      CHECK((heard.rsv == ws::rsv1) == compress);
      CHECK(heard.text == payload);
    }
  }
}

TEST_CASE("fragments go on as one message, also while others talk") {
  Broadcasting room;
  Visitor one(room.served);
  Visitor two(room.served);
  Visitor three(room.served);
  REQUIRE(one.connection().send_text("frag", false) == ws::Status::ok);
  one.peer->flush();
  two.say("between");
  CHECK(three.next().text == "between");
  REQUIRE(one.connection().send_continuation(base::as_bytes("ments"), true) == ws::Status::ok);
  one.peer->flush();
  CHECK(three.next().text == "fragments");
}
