#include "ws/extension.h"

#include <doctest/doctest.h>

#include <string>

#include "support/split.h"
#include "unit/ws/bytes.h"
#include "unit/ws/custom_extensions.h"
#include "ws/deflate.h"

using namespace wscope;
using namespace wscope::ws;
using namespace wscope::test;

namespace {

constexpr auto no_value = std::nullopt;

struct Wire {
  std::string bytes;
  Rsv rsv = 0;
};

Wire encoded(ExtensionChain& chain, std::string_view payload) {
  Wire wire;
  const auto bytes = chain.encode({}, true, base::as_bytes(payload), wire.rsv);
  REQUIRE(bytes.has_value());
  wire.bytes = base::as_text(*bytes);
  return wire;
}

// What a message of one frame means, its payload coming in pieces.
std::string decoded(ExtensionChain& chain, Pieces pieces, Rsv rsv) {
  std::string data;
  chain.begin_frame({Opcode::text, rsv, true, true});
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    chain.push(pieces[i], i + 1 == pieces.size());
    for (;;) {
      const auto pulled = chain.pull();
      REQUIRE_FALSE(pulled.violation.has_value());
      if (pulled.need_more) break;
      data += base::as_text(pulled.data);
      if (!pulled.message_ends) continue;
      REQUIRE(i + 1 == pieces.size());
      chain.end_message();
      return data;
    }
  }
  return data + " without an end";
}

std::string decoded(ExtensionChain& chain, const Wire& wire) {
  auto bytes = block(wire.bytes);
  const base::MutableBytes piece(bytes);
  return decoded(chain, Pieces(&piece, 1), wire.rsv);
}

const CustomOffer foo("foo", [] { return flip_case(); }, {{"a", "1"}});
const CustomOffer bar("bar", [] { return add_one(); });
const CustomOffer bar_with_rsv2("bar", [] { return add_one(rsv2); });
const CustomOffer continuing("continuing", [] {
  const auto same = [](unsigned byte) { return byte; };
  return std::unique_ptr<Extension>(std::make_unique<MappingExtension>(MappingExtension::Ways{same, same, 0, rsv2}));
});

std::string accepted(const std::vector<ExtensionElement>& requested,
                     const std::vector<const ExtensionOffer*>& supported) {
  const AgreedExtensions agreed = accept_extensions(requested, supported);
  CHECK(agreed.elements.size() == agreed.extensions.size());
  return write_extensions(agreed.elements);
}

}  // namespace

TEST_CASE("a server accepts what it supports, in the client's order") {
  CHECK(accepted({{"bar", {}}, {"other", {}}, {"foo", {}}}, {&foo, &bar}) == "bar, foo; a=1");
  CHECK(accepted({{"other", {}}}, {&foo, &bar}).empty());
  CHECK(accepted({}, {&foo}).empty());
  CHECK(accepted({{"foo", {}}}, {}).empty());
}

TEST_CASE("a server takes the first acceptable offer of each extension") {
  CHECK(accepted({{"foo", {{"no", no_value}}}, {"foo", {}}, {"foo", {}}}, {&foo}) == "foo; a=1");
  CHECK(accepted({{"foo", {{"no", no_value}}}}, {&foo}).empty());
}

TEST_CASE("a server leaves out an extension whose bits are taken") {
  CHECK(accepted({{"foo", {}}, {"bar", {}}}, {&foo, &bar_with_rsv2}) == "foo; a=1");
  CHECK(accepted({{"bar", {}}, {"foo", {}}}, {&foo, &bar_with_rsv2}) == "bar");
  CHECK(accepted({{"foo", {}}, {"bar", {}}, {"bar", {}}}, {&foo, &bar_with_rsv2, &bar}) == "foo; a=1");
  // The same bit on other frames is another bit.
  CHECK(accepted({{"foo", {}}, {"continuing", {}}}, {&foo, &continuing}) == "foo; a=1, continuing");
}

TEST_CASE("a client takes an answer that fits its offers") {
  const auto agreed = confirm_extensions({{"bar", {}}, {"foo", {{"a", "2"}}}}, {&foo, &bar});
  REQUIRE(agreed.ok());
  CHECK(write_extensions(agreed->elements) == "bar, foo; a=2");
  CHECK(agreed->extensions.size() == 2);
  CHECK(confirm_extensions({}, {&foo})->extensions.empty());
}

TEST_CASE("a client tries its offers of one name in turn") {
  const PermessageDeflate strict({.server_no_context_takeover = true});
  const PermessageDeflate lax;
  CHECK(confirm_extensions({{"permessage-deflate", {}}}, {&strict, &lax}).ok());
  CHECK_FALSE(confirm_extensions({{"permessage-deflate", {}}}, {&strict}).ok());
}

TEST_CASE("a client refuses an answer that does not fit") {
  const struct {
    std::vector<ExtensionElement> accepted;
    std::vector<const ExtensionOffer*> offered;
    std::string_view message;
  } rows[] = {
      {{{"other", {}}}, {&foo}, "the server accepted an extension that was not offered: other"},
      {{{"Foo", {}}}, {&foo}, "the server accepted an extension that was not offered: Foo"},
      {{{"foo", {}}}, {}, "the server accepted an extension that was not offered: foo"},
      {{{"foo", {}}, {"foo", {}}}, {&foo, &foo}, "the server accepted an extension twice: foo"},
      {{{"foo", {{"no", no_value}}}}, {&foo}, "no"},
      {{{"foo", {}}, {"bar", {}}}, {&foo, &bar_with_rsv2}, "the server accepted extensions that exclude each other"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    const auto agreed = confirm_extensions(row.accepted, row.offered);
    REQUIRE_FALSE(agreed.ok());
    CHECK(agreed.error().kind == base::ErrorKind::http);
    CHECK(agreed.error().message == row.message);
  }
}

TEST_CASE("an empty chain uses no bits and changes nothing") {
  ExtensionChain chain;
  CHECK(chain.empty());
  CHECK(chain.rsv_use().first == 0);
  CHECK(encoded(chain, "same").bytes == "same");
}

TEST_CASE("a chain uses the bits of all its extensions") {
  const auto chain = chain_of(flip_case(), add_one());
  CHECK_FALSE(chain.empty());
  CHECK(chain.rsv_use().first == (rsv2 | rsv3));
  CHECK(chain.rsv_use().continuation == 0);
}

TEST_CASE("foo, bar sends bar(foo(x)) and receives in reverse") {
  ExtensionChain foo_bar = chain_of(flip_case(), add_one());
  ExtensionChain bar_foo = chain_of(add_one(), flip_case());
  // A byte that both orders change differently: 0x1f ^ 0x20 + 1 is 0x40, 0x1f + 1 ^ 0x20 is 0x00.
  CHECK(hex(encoded(foo_bar, "\x1f").bytes) == "40");
  CHECK(hex(encoded(bar_foo, "\x1f").bytes) == "00");
  CHECK(encoded(foo_bar, "x").rsv == (rsv2 | rsv3));
  const std::string text = "A longer text, of more bytes than one step decodes.";
  for (ExtensionChain* chain : {&foo_bar, &bar_foo}) CHECK(decoded(*chain, encoded(*chain, text)) == text);
}

TEST_CASE("permessage-deflate works between two others") {
  const PermessageDeflate offer;
  const auto deflate = [&](Role role) { return offer.agreed(role, {}); };
  ExtensionChain client = chain_of(flip_case(), deflate(Role::client), add_one());
  ExtensionChain server = chain_of(flip_case(), deflate(Role::server), add_one());
  ExtensionChain alone = chain_of(deflate(Role::client));

  const std::string text(3000, 'a');
  const Wire wire = encoded(client, text);
  CHECK(wire.rsv == (rsv1 | rsv2 | rsv3));
  std::string expected = encoded(alone, std::string(3000, 'A')).bytes;
  for (char& byte : expected) byte = static_cast<char>(byte + 1);
  CHECK(hex(wire.bytes) == hex(expected));

  for_each_split(wire.bytes, [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    ExtensionChain fresh = chain_of(flip_case(), deflate(Role::server), add_one());
    CHECK(decoded(fresh, pieces, wire.rsv) == text);
  });
  // With context takeover, more than one message.
  CHECK(decoded(server, wire) == text);
  CHECK(decoded(server, encoded(client, "second")) == "second");
  CHECK(decoded(server, encoded(client, "")).empty());
}

TEST_CASE("a step that holds something back is asked until it is drained") {
  ExtensionChain chain = chain_of(std::make_unique<DoublingExtension>());
  CHECK(encoded(chain, "aabbcc").bytes == "abc");
  for_each_split("abcdef", [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    CHECK(decoded(chain, pieces, 0) == "aabbccddeeff");
  });
  CHECK(decoded(chain, Wire{}).empty());

  ExtensionChain twice = chain_of(std::make_unique<DoublingExtension>(), std::make_unique<DoublingExtension>());
  for_each_split("ab", [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    CHECK(decoded(twice, pieces, 0) == "aaaabbbb");
  });
}

TEST_CASE("what an extension cannot decode or encode, the chain cannot") {
  for (const bool nearest_to_wire : {true, false}) {
    ExtensionChain chain = nearest_to_wire ? chain_of(flip_case(), std::make_unique<BrokenExtension>())
                                           : chain_of(std::make_unique<BrokenExtension>(), flip_case());
    chain.begin_frame({});
    auto bytes = block("x");
    chain.push(bytes, true);
    CHECK(chain.pull().violation == Violation::extension_failed);
    Rsv rsv = 0;
    CHECK_FALSE(chain.encode({}, true, {}, rsv).has_value());
  }
}

TEST_CASE("a message that is not to be compressed passes") {
  ExtensionChain chain = chain_of(flip_case(), add_one());
  Rsv rsv = 0;
  const auto bytes = chain.encode({}, false, base::as_bytes("plain"), rsv);
  REQUIRE(bytes.has_value());
  CHECK(base::as_text(*bytes) == "plain");
  CHECK(rsv == 0);
  CHECK(decoded(chain, {"plain", 0}) == "plain");
}
