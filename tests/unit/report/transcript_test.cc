#include "report/transcript.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;
using report::Entry;
using report::Transcript;
using wire::Direction;

namespace {

Entry& add(Transcript& transcript, std::string_view payload, Entry entry = {.connection = 1}) {
  return transcript.add(std::move(entry), base::as_bytes(payload));
}

bool any(const Entry&) { return true; }

}  // namespace

TEST_CASE("entries are numbered in one sequence, and found by their numbers") {
  Transcript transcript;
  CHECK(transcript.find(1) == nullptr);
  CHECK(transcript.latest(any) == nullptr);
  CHECK(add(transcript, "one").number == 1);
  CHECK(add(transcript, "two", {.connection = 2}).number == 2);
  CHECK(transcript.find(0) == nullptr);
  CHECK(transcript.find(1)->payload == "one");
  CHECK(transcript.find(2)->payload == "two");
  CHECK(transcript.find(3) == nullptr);
  CHECK(transcript.latest(any)->number == 2);
  const auto of_one = [](const Entry& entry) { return entry.connection == 1; };
  CHECK(transcript.latest(of_one)->number == 1);
  add(transcript, "three");
  const auto two = transcript.latest(2, any);
  REQUIRE(two.size() == 2);
  CHECK(two[0]->number == 2);
  CHECK(two[1]->number == 3);
  CHECK(transcript.latest(9, of_one).size() == 2);
}

TEST_CASE("the oldest go when it is full, and that is known once") {
  Transcript transcript;
  const std::string much(10'000'000, 'x');
  for (int i = 0; i < 6; ++i) add(transcript, much);
  CHECK_FALSE(transcript.take_overflow());
  CHECK(transcript.entries().size() == 6);
  add(transcript, much);
  CHECK(transcript.take_overflow());
  CHECK_FALSE(transcript.take_overflow());
  CHECK(transcript.entries().size() == 6);
  CHECK(transcript.find(1) == nullptr);
  CHECK(transcript.is_gone(1));
  CHECK_FALSE(transcript.is_gone(2));
  CHECK_FALSE(transcript.is_gone(8));
  CHECK_FALSE(transcript.is_gone(0));
  CHECK(transcript.find(7)->payload == much);
  for (int i = 0; i < 1'000'000; ++i) add(transcript, "");
  CHECK_FALSE(transcript.take_overflow());
  CHECK(transcript.entries().size() * sizeof(Entry) <= Transcript::most_bytes);
}

TEST_CASE("of a very long message the beginning is kept, and its size") {
  Transcript transcript;
  CHECK(add(transcript, std::string(Transcript::longest_whole, 'x')).complete());
  const Entry& longer = add(transcript, std::string(Transcript::longest_whole + 1, 'x'));
  CHECK_FALSE(longer.complete());
  CHECK(longer.size == Transcript::longest_whole + 1);
  CHECK(longer.payload.size() == Transcript::beginning);
}

TEST_CASE("a message that is sent in pieces is one") {
  Transcript transcript;
  transcript.go_on(1, base::as_bytes("nothing"));
  add(transcript, "one ", {.connection = 1, .direction = Direction::out});
  add(transcript, "other", {.connection = 2, .direction = Direction::out});
  add(transcript, "came", {.connection = 1});
  add(transcript, "", {.connection = 1, .direction = Direction::out, .opcode = ws::Opcode::ping});
  transcript.go_on(1, base::as_bytes("two"));
  CHECK(transcript.find(1)->payload == "one two");
  CHECK(transcript.find(1)->complete());
  const std::string much(Transcript::longest_whole, 'x');
  transcript.go_on(1, base::as_bytes(much));
  transcript.go_on(1, base::as_bytes("more"));
  CHECK_FALSE(transcript.find(1)->complete());
  CHECK(transcript.find(1)->size == 7 + much.size() + 4);
}

TEST_CASE("a Pong answers its Ping and those before it") {
  Transcript transcript;
  const auto ping = [&](link::ConnectionNumber connection, std::string_view payload) {
    add(transcript, payload,
        {.connection = connection, .direction = Direction::out, .opcode = ws::Opcode::ping, .unanswered = true});
  };
  ping(1, "a");
  ping(2, "b");
  ping(1, "b");
  ping(1, "c");
  transcript.answer_pings(1, base::as_bytes("b"));
  CHECK_FALSE(transcript.find(1)->unanswered);
  CHECK(transcript.find(2)->unanswered);
  CHECK_FALSE(transcript.find(3)->unanswered);
  CHECK(transcript.find(4)->unanswered);
}
