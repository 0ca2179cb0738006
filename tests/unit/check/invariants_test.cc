#include "check/invariants.h"

#include <doctest/doctest.h>

#include "fake_server.h"

using namespace wscope;
using check::Invariant;
using check::Invariants;
using check::Role;

namespace {

wire::Frame frame(std::uint8_t opcode, std::string_view payload = "", bool fin = true, ws::Rsv rsv = 0) {
  wire::Frame frame;
  frame.opcode = opcode;
  frame.fin = fin;
  frame.rsv = rsv;
  frame.length = payload.size();
  frame.form = ws::shortest_form(payload.size());
  frame.payload = base::as_bytes(payload);
  return frame;
}

// The one that is broken by these frames of a server; nothing if none is.
std::string broken_by(std::initializer_list<wire::Frame> frames, bool compression = false) {
  Invariants invariants(Role::server);
  if (compression) invariants.allow_compression();
  for (const wire::Frame& one : frames) invariants.receive(one);
  std::string names;
  for (std::size_t i = 0; i < check::invariant_count; ++i) {
    const auto invariant = static_cast<Invariant>(i);
    if (invariants.breach(invariant)) names += std::string(names.empty() ? "" : " ") + std::string(name_of(invariant));
  }
  return names;
}

}  // namespace

TEST_CASE("what keeps to the RFC breaks nothing") {
  CHECK(broken_by({frame(1, "a", false), frame(9, "p"), frame(0, "b"), frame(2, "c"), frame(8, "\x03\xe8")}).empty());
  CHECK(broken_by({frame(1, "a", true, 4)}, true).empty());
  CHECK(broken_by({frame(8)}).empty());
}

TEST_CASE("each is broken by its own frame") {
  wire::Frame masked = frame(1, "a");
  masked.mask.emplace();
  CHECK(broken_by({masked}) == "mask");
  wire::Frame longer = frame(1, "a");
  longer.form = ws::LengthForm::bits_16;
  CHECK(broken_by({longer}) == "length");
  CHECK(broken_by({frame(1, "a", true, 4)}) == "rsv");
  CHECK(broken_by({frame(1, "a", true, 2)}, true) == "rsv");
  CHECK(broken_by({frame(9, "a", true, 4)}, true) == "rsv");
  CHECK(broken_by({frame(3, "a")}) == "opcode");
  CHECK(broken_by({frame(9, std::string(126, 'a'))}) == "control");
  CHECK(broken_by({frame(9, "a", false)}) == "control");
  CHECK(broken_by({frame(0, "a")}) == "fragments");
  CHECK(broken_by({frame(1, "a", false), frame(1, "b")}) == "fragments");
  CHECK(broken_by({frame(8, "\x03\xe8\xff")}) == "utf8");
  CHECK(broken_by({frame(8, "\x03\xed")}) == "close-code");
  CHECK(broken_by({frame(8, "\x03")}) == "close-code");
  CHECK(broken_by({frame(8), frame(1, "a")}) == "after-close");
}

TEST_CASE("a code that is not registered is minor, until there is a worse one") {
  Invariants invariants(Role::server);
  invariants.receive(frame(8, "\x07\xd0"));  // 2000
  REQUIRE(invariants.breach(Invariant::close_code));
  CHECK(invariants.breach(Invariant::close_code)->is_minor);
  invariants.receive(frame(8, std::string_view("\0\0", 2)));
  CHECK(!invariants.breach(Invariant::close_code)->is_minor);
}

TEST_CASE("a client masks") {
  Invariants invariants(Role::client);
  invariants.receive(frame(1, "a"));
  CHECK(invariants.breach(Invariant::mask)->seen == "an unmasked frame of a client");
}

TEST_CASE("texts are UTF-8, what is binary need not be") {
  Invariants invariants(Role::server);
  invariants.receive_message(true, "\xff");
  CHECK(!invariants.breach(Invariant::utf8));
  invariants.receive_message(false, "\xff");
  CHECK(invariants.breach(Invariant::utf8));
}
