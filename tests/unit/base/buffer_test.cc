#include "base/buffer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>

using namespace wscope::base;

namespace {

std::string_view text_of(const Buffer& buffer) { return as_text(buffer.view()); }

bool append(Buffer& buffer, std::string_view text) { return buffer.append(as_bytes(text)); }

}  // namespace

TEST_CASE("a new buffer is empty and holds no memory") {
  Buffer buffer(100);
  CHECK(buffer.empty());
  CHECK(buffer.size() == 0);
  CHECK(buffer.capacity() == 0);
  CHECK(buffer.cap() == 100);
  CHECK(buffer.space() == 100);
  CHECK(buffer.view().empty());
  CHECK(buffer.prepare(0).empty());
  CHECK(buffer.append({}));
  CHECK(buffer.capacity() == 0);
}

TEST_CASE("bytes leave in the order they came") {
  Buffer buffer(100);
  CHECK(append(buffer, "hello "));
  CHECK(append(buffer, "world"));
  CHECK(text_of(buffer) == "hello world");
  buffer.consume(6);
  CHECK(text_of(buffer) == "world");
  CHECK(append(buffer, "!"));
  CHECK(text_of(buffer) == "world!");
  buffer.consume(6);
  CHECK(buffer.empty());
}

TEST_CASE("only the committed part of a prepared room counts") {
  Buffer buffer(100);
  CHECK(append(buffer, "ab"));
  const MutableBytes room = buffer.prepare(10);
  CHECK(room.size() == 10);
  std::fill(room.begin(), room.end(), std::byte{'c'});
  CHECK(text_of(buffer) == "ab");
  buffer.commit(3);
  CHECK(text_of(buffer) == "abccc");
  buffer.commit(0);
  CHECK(buffer.size() == 5);
}

TEST_CASE("contents can be changed in place and cut off at the end") {
  Buffer buffer(100);
  CHECK(append(buffer, "xhello"));
  buffer.consume(1);
  buffer.mutable_view()[0] = std::byte{'j'};
  buffer.truncate(4);
  CHECK(text_of(buffer) == "jell");
  buffer.truncate(0);
  CHECK(buffer.empty());
}

TEST_CASE("what exceeds the cap is refused whole") {
  Buffer buffer(5);
  CHECK(append(buffer, "abc"));
  CHECK_FALSE(append(buffer, "def"));
  CHECK(buffer.prepare(3).empty());
  CHECK(text_of(buffer) == "abc");
  CHECK(append(buffer, "de"));
  CHECK(buffer.space() == 0);
  CHECK_FALSE(append(buffer, "f"));
  buffer.consume(2);
  CHECK(append(buffer, "fg"));
  CHECK(text_of(buffer) == "cdefg");
}

TEST_CASE("a buffer with no cap to speak of refuses what cannot be") {
  Buffer buffer(SIZE_MAX);
  CHECK(append(buffer, "abc"));
  CHECK(buffer.space() == SIZE_MAX - 3);
  CHECK(buffer.prepare(SIZE_MAX - 2).empty());
  CHECK(text_of(buffer) == "abc");
}

TEST_CASE("a buffer whose cap is zero takes nothing") {
  Buffer buffer(0);
  CHECK(buffer.append({}));
  CHECK_FALSE(append(buffer, "a"));
  CHECK(buffer.capacity() == 0);
}

TEST_CASE("memory grows geometrically up to the cap and never above it") {
  Buffer buffer(100'000);
  std::size_t growths = 0;
  std::size_t last = 0;
  while (append(buffer, "x")) {
    if (buffer.capacity() == last) continue;
    ++growths;
    last = buffer.capacity();
  }
  CHECK(buffer.size() == 100'000);
  CHECK(buffer.capacity() == 100'000);
  CHECK(growths <= 6);
}

TEST_CASE("one large room is allocated at once") {
  Buffer buffer(1'000'000);
  CHECK(buffer.prepare(300'000).size() == 300'000);
  CHECK(buffer.capacity() == 300'000);
}

TEST_CASE("a queue that stays short stays small however much passes through") {
  Buffer buffer(1'000'000);
  const std::string piece(1000, 'p');
  CHECK(append(buffer, piece));
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(append(buffer, piece));
    buffer.consume(piece.size());
  }
  CHECK(text_of(buffer) == piece);
  CHECK(buffer.capacity() == 4096);
}

TEST_CASE("consuming everything makes the whole block available without moving") {
  Buffer buffer(8192);
  CHECK(append(buffer, std::string(4000, 'a')));
  const std::byte* const block = buffer.view().data();
  buffer.consume(4000);
  CHECK(append(buffer, std::string(4096, 'b')));
  CHECK(buffer.view().data() == block);
  CHECK(buffer.capacity() == 4096);
}

TEST_CASE("a block as large as the cap is never replaced") {
  Buffer buffer(100);
  CHECK(append(buffer, std::string(100, 'a')));
  const std::byte* const block = buffer.view().data();
  buffer.consume(10);
  CHECK(append(buffer, std::string(10, 'b')));
  CHECK(buffer.view().data() == block);
  CHECK(text_of(buffer) == std::string(90, 'a') + std::string(10, 'b'));
}

TEST_CASE("clear keeps the memory, release gives it back") {
  Buffer buffer(100);
  CHECK(append(buffer, "abc"));
  buffer.clear();
  CHECK(buffer.empty());
  CHECK(buffer.capacity() == 100);
  buffer.release();
  CHECK(buffer.capacity() == 0);
  CHECK(append(buffer, "def"));
  CHECK(text_of(buffer) == "def");
}

TEST_CASE("moving takes the contents and leaves an empty buffer with the same cap") {
  Buffer from(100);
  CHECK(append(from, "xabc"));
  from.consume(1);
  Buffer to(std::move(from));
  CHECK(text_of(to) == "abc");
  CHECK(to.cap() == 100);
  CHECK(from.empty());  // NOLINT(bugprone-use-after-move): moved-from is empty by contract
  CHECK(from.capacity() == 0);
  CHECK(append(from, "again"));

  Buffer other(7);
  CHECK(append(other, "lost"));
  other = std::move(to);
  CHECK(text_of(other) == "abc");
  CHECK(other.cap() == 100);
  CHECK(to.empty());  // NOLINT(bugprone-use-after-move)
  CHECK(to.capacity() == 0);
}

TEST_CASE("any sequence of operations behaves like a string with a limit") {
  constexpr std::size_t cap = 20'000;
  std::mt19937 random(1);
  Buffer buffer(cap);
  std::string model;
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t n = random() % (random() % 8 == 0 ? 9'000 : 300);
    switch (random() % 4) {
      case 0:
      case 1: {
        const std::string piece(n, static_cast<char>('a' + i % 26));
        REQUIRE(append(buffer, piece) == (model.size() + n <= cap));
        if (model.size() + n <= cap) model += piece;
        break;
      }
      case 2: {
        const std::size_t some = std::min(n, model.size());
        buffer.consume(some);
        model.erase(0, some);
        break;
      }
      default: {
        const std::size_t left = model.size() - std::min(n / 8, model.size());
        buffer.truncate(left);
        model.resize(left);
        break;
      }
    }
    REQUIRE(text_of(buffer) == model);
    REQUIRE(buffer.space() == cap - model.size());
    REQUIRE(buffer.capacity() <= cap);
  }
}

TEST_CASE("empty buffers exchange their memory as far as both caps allow it") {
  Buffer buffer(10000);
  Buffer spare(5000);
  CHECK(append(buffer, "x"));
  buffer.consume(1);
  const std::size_t capacity = buffer.capacity();
  buffer.swap_memory(spare);
  CHECK(buffer.capacity() == 0);
  CHECK(spare.capacity() == capacity);
  CHECK(append(spare, "hello"));
  CHECK(text_of(spare) == "hello");
  spare.consume(5);
  CHECK(append(buffer, std::string(6000, 'x')));
  buffer.consume(6000);
  buffer.swap_memory(spare);
  CHECK(buffer.capacity() >= 6000);
  CHECK(spare.capacity() == capacity);
}

TEST_CASE("a budget counts the memory that a queue has grown to") {
  wscope::base::Budget budget(1'000'000);
  {
    Buffer buffer(100'000, &budget);
    CHECK(budget.held() == 0);
    for (const std::size_t size : {1U, 4095U, 1U, 10'000U, 60'000U}) {
      const std::uint64_t grown = budget.held() + buffer.growth(size);
      REQUIRE(append(buffer, std::string(size, 'x')));
      CHECK(budget.held() == grown);
      CHECK(budget.held() == buffer.capacity());
    }
    buffer.consume(buffer.size());
    CHECK(budget.held() == buffer.capacity());
    buffer.release();
    CHECK(budget.held() == 0);
    buffer.reserve(5'000);
    CHECK(buffer.capacity() == 5'000);
    CHECK(buffer.growth(5'000) == 0);
    CHECK(budget.held() == 5'000);
    Buffer moved(std::move(buffer));
    CHECK(budget.held() == 5'000);
    Buffer assigned(10, &budget);
    assigned.reserve(10);
    CHECK(budget.held() == 5'010);
    assigned = std::move(moved);
    CHECK(budget.held() == 5'000);
  }
  CHECK(budget.held() == 0);
}

TEST_CASE("memory is reserved up to the cap, and never less than there is") {
  Buffer buffer(10'000);
  REQUIRE(append(buffer, "kept"));
  buffer.reserve(50'000);
  CHECK(buffer.capacity() == 10'000);
  buffer.reserve(5);
  CHECK(buffer.capacity() == 10'000);
  CHECK(text_of(buffer) == "kept");
  CHECK(buffer.growth(9'996) == 0);
  CHECK(buffer.growth(9'997) == 0);  // refused, so it grows by nothing
}

TEST_CASE("memory that is lent without growing is not counted") {
  wscope::base::Budget budget(1'000'000);
  Buffer spare(8192);
  REQUIRE(append(spare, std::string(8000, 'x')));
  spare.clear();
  Buffer buffer(100'000, &budget);
  buffer.swap_memory(spare);
  REQUIRE(append(buffer, "small"));
  CHECK(budget.held() == 0);
  REQUIRE(append(buffer, std::string(10'000, 'x')));
  CHECK(budget.held() == buffer.capacity());
  buffer.clear();
  spare = Buffer(100'000);
  buffer.swap_memory(spare);
  buffer.release();
  CHECK(budget.held() == 0);
}
