#include "serve/datagram_join.h"

#include "unit/serve/relaying.h"

using namespace wscope;
using Kind = net::IoResult::Kind;

namespace {

struct Owner final : serve::DatagramJoinOwner {
  net::IoResult send_datagram(base::Bytes datagram) override {
    if (result.kind == Kind::done) sent.emplace_back(base::as_text(datagram));
    return result;
  }
  void handle_datagram_word(const std::string& text) override { words.push_back(text); }

  net::IoResult result{Kind::done};
  std::vector<std::string> sent;
  std::vector<std::string> words;
};

ws::Message piece(std::string_view text, bool first, bool finished) {
  ws::Message message{};
  message.type = ws::Opcode::binary;
  message.first = first;
  message.finished = finished;
  message.data = base::as_bytes(text);
  return message;
}

}  // namespace

TEST_CASE("a message is a datagram, however it comes") {
  link::Loop loop;
  Owner owner;
  serve::DatagramJoin join(loop, base::Duration::zero(), owner);
  join.handle_message(piece("whole", true, true));
  join.handle_message(piece("", true, true));
  join.handle_message(piece("in ", true, false));
  join.handle_message(piece("pie", false, false));
  join.handle_message(piece("ces", false, true));
  CHECK(owner.sent == std::vector<std::string>{"whole", "", "in pieces"});
  CHECK(owner.words.empty());
}

TEST_CASE("what cannot be a datagram is dropped, told once and counted") {
  link::Loop loop;
  Owner owner;
  serve::DatagramJoin join(loop, base::Duration::zero(), owner);
  const std::string longest(net::longest_datagram, 'x');
  join.handle_message(piece(longest, true, true));
  CHECK(owner.sent.size() == 1);
  join.handle_message(piece(longest + "x", true, true));
  join.handle_message(piece(longest, true, false));
  join.handle_message(piece(longest, false, true));
  owner.result = {Kind::would_block};
  join.handle_message(piece("x", true, true));
  owner.result = {Kind::failed, 0, ECONNREFUSED};
  join.handle_message(piece("x", true, true));
  join.handle_message(piece("x", true, true));
  CHECK(owner.sent.size() == 1);
  CHECK(owner.words == std::vector<std::string>{"a datagram is dropped: it is longer than 65507 bytes",
                                                "datagrams do not arrive: connection refused"});
  join.end();
  CHECK(owner.words.back() == "5 datagrams dropped in all");
}
