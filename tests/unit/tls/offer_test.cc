#include "tls/offer.h"

#include "conversation.h"

using namespace wscope;

namespace {

const test::World& world() {
  static const test::World made;
  return made;
}

}  // namespace

TEST_CASE("a protocol that is offered besides does not change what a server of ours chooses") {
  auto client = tls::Context::client(world().client_options());
  const tls::Context server = world().server();
  REQUIRE(client.ok());
  tls::make_offer(*client, {.only = {}, .protocols = {"h2", "http/1.1"}});
  test::Conversation conversation(*client, server);
  conversation.run();
  REQUIRE(conversation.open());
  CHECK(conversation.client.session().protocol == "http/1.1");
}

TEST_CASE("an old version is refused by a server of ours") {
  const tls::Context server = world().server();
  for (const auto version : {tls::OldVersion::tls_1_0, tls::OldVersion::tls_1_1}) {
    auto client = tls::Context::client(world().client_options());
    REQUIRE(client.ok());
    tls::make_offer(*client, {.only = version, .protocols = {}});
    test::Conversation conversation(*client, server);
    conversation.run();
    CHECK_FALSE(conversation.open());
  }
}
