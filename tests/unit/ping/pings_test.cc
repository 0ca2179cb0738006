#include "ping/pings.h"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

#include "support/fake_time.h"

using namespace std::chrono_literals;
using namespace wscope;
using ping::Pings;
using Kind = Pings::Answer::Kind;

namespace {

struct Book {
  explicit Book(base::Duration patience = 10s, Pings::Order order = Pings::Order::kept) : pings(patience, order) {}

  void send(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) pings.send(pings.sent() + 1, time.now());
  }
  Kind receive(std::uint64_t key) {
    const Kind kind = pings.receive(key, time.now()).kind;
    if (kind == Kind::unknown) pings.receive_unknown();
    return kind;
  }
  std::size_t lost() {
    std::size_t count = 0;
    while (pings.next_lost(time.now())) ++count;
    return count;
  }

  test::FakeTime time;
  Pings pings;
};

// Each is one of them.
void check_sum(const Pings& pings) {
  CHECK(pings.answered() + pings.skipped() + pings.lost() + pings.open() == pings.sent());
}

}  // namespace

TEST_CASE("an answer takes its time") {
  Book book;
  book.send(1);
  book.time.pass(3ms);
  const auto answer = book.pings.receive(1, book.time.now());
  CHECK(answer.kind == Kind::in_time);
  CHECK(answer.sequence == 1);
  CHECK(answer.round_trip == 3ms);
  CHECK(book.pings.answered() == 1);
}

TEST_CASE("a second answer is a duplicate, one to nothing is counted") {
  Book book;
  book.send(2);
  CHECK(book.receive(1) == Kind::in_time);
  CHECK(book.receive(1) == Kind::duplicate);
  CHECK(book.receive(3) == Kind::unknown);
  book.pings.receive_unknown();
  CHECK(book.pings.duplicates() == 1);
  CHECK(book.pings.unknown() == 2);
  CHECK(book.pings.open() == 1);
}

TEST_CASE("the answer to a later ping skips earlier ones, until theirs come") {
  Book book;
  book.send(4);
  CHECK(book.receive(3) == Kind::in_time);
  CHECK(book.pings.skipped() == 2);
  CHECK(book.pings.open() == 1);
  const auto own = book.pings.receive(1, book.time.now());
  CHECK(own.kind == Kind::in_time);
  CHECK(own.sequence == 1);
  CHECK(book.pings.skipped() == 1);
  CHECK(book.pings.answered() == 2);
  book.time.pass(10s);
  CHECK(book.lost() == 1);  // the fourth: the second one counts as answered
  CHECK(book.pings.skipped() == 1);
  CHECK(book.receive(2) == Kind::late);
  CHECK(book.pings.skipped() == 1);
  CHECK(book.receive(2) == Kind::duplicate);
  check_sum(book.pings);
}

TEST_CASE("where each has a connection of its own, none is skipped") {
  Book book(10s, Pings::Order::none);
  book.send(2);
  CHECK(book.receive(2) == Kind::in_time);
  CHECK(book.pings.skipped() == 0);
  CHECK(book.pings.open() == 1);
}

TEST_CASE("what is not answered in time is lost, and stays that when it is answered late") {
  Book book;
  CHECK_FALSE(book.pings.deadline());
  book.send(1);
  book.time.pass(4s);
  book.send(1);
  CHECK(book.pings.deadline() == book.time.now() + 6s);
  book.time.pass(6s);
  CHECK(book.pings.next_lost(book.time.now()) == 1U);
  CHECK_FALSE(book.pings.next_lost(book.time.now()));
  CHECK(book.pings.deadline() == book.time.now() + 4s);
  const auto late = book.pings.receive(1, book.time.now());
  CHECK(late.kind == Kind::late);
  CHECK(late.round_trip == 10s);
  CHECK(book.pings.lost() == 1);
  CHECK(book.pings.late() == 1);
  CHECK(book.receive(1) == Kind::duplicate);
  CHECK(book.receive(2) == Kind::in_time);
}

TEST_CASE("who waits for ever loses nothing") {
  Book book(0s);
  book.send(1);
  book.time.pass(1000h);
  CHECK(book.lost() == 0);
  CHECK_FALSE(book.pings.deadline());
}

TEST_CASE("the first of equal ones is answered first") {
  Book book;
  for (int i = 0; i < 3; ++i) book.pings.send(7, book.time.now());
  CHECK(book.pings.receive(7, book.time.now()).sequence == 1);
  book.time.pass(10s);
  CHECK(book.lost() == 2);
  book.pings.send(7, book.time.now());
  CHECK(book.pings.receive(7, book.time.now()).sequence == 4);
  CHECK(book.receive(7) == Kind::late);
  CHECK(book.receive(7) == Kind::late);
  CHECK(book.receive(7) == Kind::duplicate);
  book.pings.send(7, book.time.now());
  CHECK(book.receive(7) == Kind::in_time);
  check_sum(book.pings);
}

TEST_CASE("when nothing will come any more, what is open is lost") {
  Book book;
  book.send(3);
  CHECK(book.receive(2) == Kind::in_time);
  CHECK(book.pings.next_abandoned() == 3U);
  CHECK_FALSE(book.pings.next_abandoned());
  CHECK(book.pings.lost() == 1);
  CHECK(book.pings.skipped() == 1);
}

TEST_CASE("one may fail") {
  Book book(10s, Pings::Order::none);
  book.send(2);
  CHECK(book.pings.lose(1));
  CHECK_FALSE(book.pings.lose(1));
  CHECK_FALSE(book.pings.lose(3));
  CHECK(book.receive(2) == Kind::in_time);
  CHECK_FALSE(book.pings.lose(2));
  CHECK(book.pings.lost() == 1);
}

TEST_CASE("a million of them are forgotten but for the latest") {
  Book book;
  for (int i = 0; i < 1000000; ++i) {
    book.send(1);
    if (book.receive(book.pings.sent()) != Kind::in_time) FAIL("not answered");
  }
  CHECK(book.receive(1000000) == Kind::duplicate);
  CHECK(book.receive(1000000 - Pings::remembered + 1) == Kind::duplicate);
  CHECK(book.receive(1000000 - Pings::remembered) == Kind::unknown);
}

TEST_CASE("one that waits for ever keeps no others from being sent") {
  Book book(0s);
  book.send(1);
  for (std::size_t i = 0; i < 2 * Pings::most_open; ++i) {
    if (!book.pings.has_room()) FAIL("no room");
    book.send(1);
    static_cast<void>(book.receive(book.pings.sent()));
  }
  CHECK(book.pings.skipped() == 1);
}

TEST_CASE("who is never answered is sent no more than it can be known of") {
  Book book;
  while (book.pings.has_room()) book.send(1);
  CHECK(book.pings.open() == Pings::most_open);
  CHECK(book.receive(1) == Kind::in_time);
  CHECK(book.pings.has_room());
}

// Whatever comes, each ping is exactly one of open, answered, skipped and lost, and the time for that is bounded.
TEST_CASE("a hostile peer makes no ping two") {
  std::mt19937 random(16);
  for (const std::uint64_t keys : {std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{1} << 20}) {
    for (const auto order : {Pings::Order::kept, Pings::Order::none}) {
      Book book(1s, order);
      std::uint64_t received = 0;
      for (int i = 0; i < 200000; ++i) {
        switch (random() % 4) {
          case 0:
            if (book.pings.has_room()) book.pings.send(book.pings.sent() % keys, book.time.now());
            break;
          case 1:
            book.time.pass(std::chrono::milliseconds(random() % 4));
            static_cast<void>(book.lost());
            break;
          default:
            static_cast<void>(book.receive(random() % (book.pings.sent() % keys + 2)));
            ++received;
        }
      }
      check_sum(book.pings);
      const Pings& pings = book.pings;
      CHECK(pings.answered() + pings.duplicates() + pings.late() + pings.unknown() == received);
      while (book.pings.next_abandoned()) {
      }
      CHECK(pings.open() == 0);
    }
  }
}

TEST_CASE("a flood of equal answers is told in no time") {
  Book book;
  for (std::size_t i = 0; i < Pings::most_open; ++i) book.pings.send(7, book.time.now());
  for (int i = 0; i < 1000000; ++i) static_cast<void>(book.receive(7));
  CHECK(book.pings.answered() == Pings::most_open);
  CHECK(book.pings.duplicates() == 1000000 - Pings::most_open);
}
