#include "serve/relay.h"

#include "unit/serve/folders.h"
#include "unit/serve/relaying.h"

using namespace wscope;

TEST_CASE("a path leads to its own target, and no other path anywhere") {
  test::Relayed relayed({"/a=echo:", "/b=unix:/nowhere"});
  test::Visitor visitor(*relayed.served, "/a?x=y");
  CHECK(visitor.owner.opened);
  CHECK(relayed.status_of("/") == 404);
  CHECK(relayed.status_of("/a/") == 404);
  CHECK(relayed.status_of("/b") == 502);
}

TEST_CASE("a token leads to its target, behind the paths") {
  const test::Folder folder;
  folder.write("tokens", "one: unix:/nowhere\n");
  test::Relayed relayed({"/a=echo:"}, folder.at("tokens"));
  REQUIRE(relayed.relay->load().ok());
  CHECK(relayed.status_of("/?token=one") == 502);
  CHECK(relayed.status_of("/one") == 502);
  CHECK(relayed.status_of("/?token=two") == 404);
  CHECK(relayed.status_of("/") == 404);
}

TEST_CASE("a client that leaves while its target is looked for is forgotten") {
  const test::RawTarget target;
  test::Relayed relayed({target.name()});
  {
    const net::UniqueFd client = relayed.served->connect_and_say(test::upgrade_request);
    net::abort_connection(target.accept(relayed.loop));
  }
  CHECK(relayed.served->run_until_empty());
  CHECK(test::run_until(relayed.loop.poller, [&] { return relayed.relay->idle(); }));
}
