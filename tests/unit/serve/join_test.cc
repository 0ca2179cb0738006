#include "serve/join.h"

#include <deque>

#include "unit/serve/relaying.h"

using namespace wscope;
using Kind = net::IoResult::Kind;

namespace {

// A stream without a descriptor, which takes and gives what the test says.
struct FakeStream final : serve::ByteStream {
  struct State {
    std::deque<std::string> to_read;
    bool ended = false;
    bool broken = false;
    std::size_t takes = SIZE_MAX;
    std::string written;
    std::string ends;
    net::Interest interest{};
    serve::ByteStreamOwner* owner = nullptr;
  };
  explicit FakeStream(State& on) : state(on) {}

  void watch(net::Interest interest, serve::ByteStreamOwner& owner) override {
    state.interest = interest;
    state.owner = &owner;
  }
  net::IoResult receive(base::MutableBytes into) override {
    if (state.broken) return {Kind::failed, 0, ECONNRESET};
    if (state.to_read.empty()) return {state.ended ? Kind::end : Kind::would_block};
    const std::string text = state.to_read.front();
    state.to_read.pop_front();
    std::copy_n(base::as_bytes(text).data(), text.size(), into.data());
    return {Kind::done, text.size()};
  }
  net::IoResult send(base::Bytes from) override {
    if (state.broken) return {Kind::failed, 0, EPIPE};
    const std::size_t taken = std::min(state.takes, from.size());
    if (taken == 0) return {Kind::would_block};
    state.takes -= state.takes == SIZE_MAX ? 0 : taken;
    state.written += base::as_text(from.first(taken));
    return {Kind::done, taken};
  }
  bool failed() const override { return state.broken; }
  void half_close() override { state.ends += "half "; }
  void close() override { state.ends += "closed "; }
  void reset() override { state.ends += "reset "; }

  State& state;
};

// A server whose client is joined with such a stream.
struct JoinService final : link::Service, serve::JoinOwner {
  explicit JoinService(link::Loop& loop) {
    serve::JoinOwner& owner = *this;
    join.emplace(loop, std::make_unique<FakeStream>(stream), serve::Ends::Options{}, owner);
  }
  void begin(link::Server&) override {}
  void prepare(ws::Options& options, link::Delivery) override {
    options.auto_close = false;
    options.whole_up_to = 0;
  }
  void handle_open(link::Client& client) override { join->begin(client); }
  void handle_message(link::Client&, const ws::Message& message) override { join->handle_message(message); }
  void handle_progress(link::Client&) override { join->handle_progress(); }
  void handle_gone(link::Client&) override { join->handle_link_gone(); }
  void handle_join_over() override { over = true; }

  // The stream is ready for what it is watched for.
  void ready() {
    const net::Interest& interest = stream.interest;
    stream.owner->handle_stream({.readable = interest.readable, .writable = interest.writable});
  }

  FakeStream::State stream;
  std::optional<serve::Join> join;
  bool over = false;
};

struct Fixture {
  link::Loop loop;
  JoinService service{loop};
  test::Served served{loop, {}, service};
};

}  // namespace

TEST_CASE("what is read is a binary message, and what comes is written") {
  Fixture on;
  test::Visitor visitor(on.served);
  on.service.stream.to_read = {"abc"};
  on.service.ready();
  const auto& message = visitor.next();
  CHECK(message.type == ws::Opcode::binary);
  CHECK(message.text == "abc");
  visitor.say("one");
  visitor.say("two");
  CHECK(test::run_until(on.loop.poller, [&] { return on.service.stream.written == "onetwo"; }));
  CHECK(on.service.stream.ends.empty());
}

TEST_CASE("what a stream does not take keeps its connection from being read") {
  Fixture on;
  test::Visitor visitor(on.served);
  on.service.stream.takes = 1000;
  const std::string much(1 << 20, 'x');
  visitor.say(much);
  visitor.say(much);
  test::settle(on.loop.poller);
  CHECK(on.service.stream.written.size() == 1000);
  CHECK(on.service.stream.interest.writable);
  CHECK(on.loop.held.held() <= 256 << 10);
  on.service.stream.takes = SIZE_MAX;
  CHECK(test::run_until(on.loop.poller, [&] {
    if (on.service.stream.interest.writable) on.service.ready();
    return on.service.stream.written.size() == 2 * much.size();
  }));
}

TEST_CASE("what a connection does not take keeps its stream from being read") {
  Fixture on;
  const net::UniqueFd client = on.served.connect_by_hand();
  std::size_t reads = 0;
  for (; on.service.stream.interest.readable && reads < 10'000; ++reads) {
    on.service.stream.to_read = {std::string(64 << 10, 'x')};
    on.service.ready();
    test::turn_at_once(on.loop.poller);
  }
  CHECK(reads < 10'000);  // of which the system holds some
  CHECK(on.loop.held.held() <= 512 << 10);
}

TEST_CASE("the end of a stream, its failure and the ends of its connection are told on") {
  Fixture on;
  SUBCASE("the end") {
    test::Visitor visitor(on.served);
    on.service.stream.ended = true;
    on.service.ready();
    CHECK(visitor.run_to_end());
    CHECK(visitor.controls == std::vector<std::string>{"close 1000 "});
    CHECK(on.service.stream.ends == "closed ");
  }
  SUBCASE("a failure") {
    test::Visitor visitor(on.served);
    on.service.stream.broken = true;
    on.service.ready();
    CHECK(visitor.run_to_end());
    CHECK(visitor.controls == std::vector<std::string>{"close 1011 connection reset"});
    CHECK(on.service.stream.ends == "reset ");
  }
  SUBCASE("a failure while it is written to") {
    test::Visitor visitor(on.served);
    on.service.stream.broken = true;
    visitor.say("x");
    CHECK(visitor.run_to_end());
    CHECK(on.service.stream.ends == "reset ");
  }
  SUBCASE("Close 1000") {
    test::Visitor visitor(on.served);
    CHECK(visitor.connection().close(visitor.peer->now()) == ws::Status::ok);
    visitor.peer->flush();
    CHECK(test::run_until(on.loop.poller, [&] { return on.service.stream.ends == "half "; }));
    on.service.stream.to_read = {"the", " rest"};
    on.service.ready();
    on.service.ready();
    on.service.stream.ended = true;
    on.service.ready();
    CHECK(visitor.run_to_end());
    REQUIRE(visitor.messages.size() == 1);
    CHECK(visitor.messages[0].text == "the rest");
    CHECK(on.service.stream.ends == "half closed ");
  }
  SUBCASE("Close 1001 with bytes that wait") {
    on.service.stream.takes = 1;
    test::Visitor visitor(on.served);
    visitor.say("abc");
    CHECK(visitor.close(ws::close_code::going_away));
    CHECK(on.service.stream.ends.empty());
    CHECK(on.served.run_until_empty());
    on.service.stream.takes = SIZE_MAX;
    on.service.ready();
    CHECK(on.service.stream.written == "abc");
    CHECK(on.service.stream.ends == "closed ");
    CHECK(on.service.over);
  }
  SUBCASE("a loss") {
    { const net::UniqueFd client = on.served.connect_by_hand(); }
    CHECK(on.served.run_until_empty());
    CHECK(on.service.stream.ends == "reset ");
    CHECK(on.service.join->over());
  }
}

TEST_CASE("a stream that fails before there is a connection is over") {
  link::Loop loop;
  JoinService service(loop);
  CHECK(service.stream.interest.hung_up);
  service.stream.owner->handle_stream({.hung_up = true});
  CHECK_FALSE(service.over);  // it may have said something before
  service.stream.broken = true;
  service.stream.owner->handle_stream({.hung_up = true});
  CHECK(service.over);
  CHECK(service.join->stream_failed());
}
