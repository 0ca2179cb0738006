// Messages that a reader hands out at once.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "unit/ws/bytes.h"
#include "ws/message_reader.h"

using namespace wscope;
using namespace wscope::ws;
using test::frame;
using test::masked_frame;
using namespace std::literals;

namespace {

// What a reader takes from the front of `input` by receive_run() with room for `most`, or by receive_whole(), and what
// is left then.
struct Taken {
  std::vector<std::string> messages;
  std::size_t left;

  friend bool operator==(const Taken&, const Taken&) = default;
};

Taken take_whole(Role role, std::string_view input, std::size_t most) {
  ExtensionChain chain;
  MessageReader reader(role, {}, {}, chain);
  auto block = test::block(input);
  base::MutableBytes in(block);
  std::vector<Message> room(std::max<std::size_t>(most, 1));
  const auto receive = [&] {
    return most > 0 ? reader.receive_run(in, room) : std::size_t{reader.receive_whole(in, room.front())};
  };
  Taken taken;
  while (const std::size_t count = receive()) {
    for (std::size_t i = 0; i < count; ++i) {
      CHECK((room[i].first && room[i].frame_finished && room[i].finished));
      taken.messages.push_back(std::string(name(room[i].type)) + " " + std::string(base::as_text(room[i].data)));
    }
  }
  taken.left = in.size();
  return taken;
}

}  // namespace

TEST_CASE("a run of whole messages is what they are one by one, and ends before anything else") {
  for (const Role role : {Role::client, Role::server}) {
    const auto make = role == Role::client ? frame : masked_frame;
    std::string input;
    for (std::size_t size = 0; size < 300; size += 7) {
      input += make(size % 2 == 0 ? 0x81 : 0x82, std::string(size, static_cast<char>('a' + size % 26)));
    }
    for (const std::string& next : {""s, make(0x89, "ping"), make(0x01, "a fragment"), make(0x81, "\xff is not UTF-8"),
                                    make(0xc1, "RSV1"), make(0x83, "opcode"), make(0x81, "cut off").substr(0, 5)}) {
      const std::string all = next.empty() ? input : input + next + make(0x81, "behind it");
      const Taken one_by_one = take_whole(role, all, 0);
      CHECK(one_by_one.messages.size() == 43);
      CHECK(one_by_one.left == all.size() - input.size());
      for (const std::size_t most : {1U, 2U, 32U, 100U}) CHECK(take_whole(role, all, most) == one_by_one);
    }
  }
}

TEST_CASE("a run of messages is not longer than is enough") {
  const std::string message(MessageReader::enough_bytes - 1, 'x');
  const std::string input = frame(0x81, message) + frame(0x81, "") + frame(0x81, message) + frame(0x81, "last");
  ExtensionChain chain;
  MessageReader reader(Role::client, {}, {}, chain);
  auto block = test::block(input);
  base::MutableBytes in(block);
  std::array<Message, 8> room;
  CHECK(reader.receive_run(in, room) == 3);
  CHECK(reader.receive_run(in, room) == 1);
  CHECK(room.front().text() == "last");
}
