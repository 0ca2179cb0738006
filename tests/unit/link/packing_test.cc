#include "link/packing.h"

#include <doctest/doctest.h>

#include <chrono>

#include "support/fake_time.h"

using namespace wscope;
using namespace std::chrono_literals;

namespace {

/// One end of a connection whose contexts are kept from one message to the next.
struct End {
  explicit End(const ws::PermessageDeflate& deflate) : extension(deflate.agreed(ws::Role::server, {})) {}

  void send() const {
    ws::Rsv rsv = 0;
    CHECK(extension->encode({}, true, base::as_bytes("hello"), rsv).has_value());
  }

  std::unique_ptr<ws::Extension> extension;
};

struct Packed {
  test::FakeTime time;
  net::Poller poller{&time};
  ws::PermessageDeflate deflate;
  link::Packing packing{poller, deflate};
  End end{deflate};

  /// A turn of the loop, so much later.
  void turn_after(base::Duration passed) {
    time.pass(passed);
    CHECK(poller.run_once().ok());
  }
};

}  // namespace

TEST_CASE("what is not used for a while is packed up") {
  Packed packed;
  packed.end.send();
  packed.packing.note_use();
  CHECK(packed.deflate.has_contexts());
  packed.turn_after(5s);  // it was used
  CHECK(packed.deflate.has_contexts());
  packed.end.send();
  packed.packing.note_use();
  packed.turn_after(5s);  // and again
  CHECK(packed.deflate.has_contexts());
  packed.turn_after(5s);
  CHECK_FALSE(packed.deflate.has_contexts());
}

TEST_CASE("what is used again is packed up again") {
  Packed packed;
  for (int i = 0; i < 3; ++i) {
    packed.end.send();
    packed.packing.note_use();
    packed.turn_after(5s);
    packed.turn_after(5s);
    CHECK_FALSE(packed.deflate.has_contexts());
  }
}
