#include "net/watch_set.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "net/fd.h"

using namespace wscope;
using net::WatchSet;

#ifdef __linux__

namespace {

struct Fixture {
  Fixture() { REQUIRE(set.open()); }
  [[nodiscard]] bool polls_readable() const {
    pollfd polled{set.fd(), POLLIN, 0};
    return ::poll(&polled, 1, 0) == 1;
  }
  std::vector<std::pair<std::uint64_t, short>> take(std::size_t most = 8) {
    std::vector<WatchSet::Ready> room(most);
    room.resize(set.find_ready(room));
    std::vector<std::pair<std::uint64_t, short>> found;
    for (const WatchSet::Ready& one : room) found.emplace_back(one.number, one.found);
    return found;
  }

  WatchSet set;
  net::Pipe pipe = net::make_pipe().value();
};

using Found = std::vector<std::pair<std::uint64_t, short>>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a set is readable while one of its descriptors is ready, and says which") {
  REQUIRE(set.add(pipe.read_end.get(), POLLIN, 7));
  CHECK_FALSE(polls_readable());
  CHECK(take().empty());
  REQUIRE(::write(pipe.write_end.get(), "x", 1) == 1);
  for (int i = 0; i < 2; ++i) {
    CHECK(polls_readable());
    CHECK(take() == Found{{7, POLLIN}});
  }
  set.change(pipe.read_end.get(), 0, 8);
  CHECK_FALSE(polls_readable());
  pipe.write_end.reset();
  CHECK(take() == Found{{8, POLLHUP}});
  set.remove(pipe.read_end.get());
  CHECK_FALSE(polls_readable());
}

TEST_CASE_FIXTURE(Fixture, "no more are told than there is room for, and none is passed over for ever") {
  std::vector<net::UniqueFd> ends;
  REQUIRE(::write(pipe.write_end.get(), "x", 1) == 1);
  for (std::uint32_t i = 0; i < 100; ++i) {
    ends.emplace_back(::dup(pipe.read_end.get()));
    REQUIRE(set.add(ends.back().get(), POLLIN, i));
  }
  std::vector<bool> told(100);
  for (int i = 0; i < 100; ++i) {
    const Found found = take(3);
    CHECK(found.size() == 3);
    for (const auto& [number, events] : found) told[number] = true;
  }
  CHECK(told == std::vector<bool>(100, true));
}

TEST_CASE_FIXTURE(Fixture, "what cannot be watched so is refused") {
  CHECK(set.add(pipe.read_end.get(), POLLIN, 1));
  CHECK_FALSE(set.add(pipe.read_end.get(), POLLIN, 2));
  const net::UniqueFd folder(::open("/", O_RDONLY | O_CLOEXEC));
  CHECK_FALSE(set.add(folder.get(), POLLIN, 4));
}

#else

TEST_CASE("there is no set") { CHECK_FALSE(WatchSet().open()); }

#endif
