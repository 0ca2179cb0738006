#include "capture/tcp_streams.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "unit/capture/packets.h"

using namespace wscope;
using namespace std::string_literals;
using capture::TcpStreams;
using test::Talk;
using test::Tcp;

namespace {

std::string end_name(capture::End how) {
  switch (how) {
    case capture::End::fin:
      return "fin";
    case capture::End::reset:
      return "reset";
    case capture::End::replaced:
      return "replaced";
    case capture::End::forgotten:
      return "forgotten";
    case capture::End::capture:
      return "capture";
  }
  return {};
}

// What happens as lines: "0 open 10.0.0.1:40000 10.0.0.2:80", "0> hello", "0< hole 5", "0< fin".
class Follower {
 public:
  explicit Follower(const TcpStreams::Limits& limits = {}) : streams_(limits) {}

  void receive(const Tcp& tcp, std::size_t captured = SIZE_MAX) {
    std::string bytes = test::v4(tcp);
    bytes.resize(std::min(bytes.size(), captured));
    capture::Packet packet;
    packet.link_type = 101;
    packet.bytes = base::as_bytes(bytes);
    packet.original_length = static_cast<std::uint32_t>(test::v4(tcp).size());
    const auto found = capture::find_segment(packet);
    REQUIRE(std::holds_alternative<capture::Segment>(found));
    streams_.receive(std::get<capture::Segment>(found), {{}, ++count_});
    take();
  }
  void receive(const std::vector<Tcp>& segments) {
    for (const Tcp& segment : segments) receive(segment);
  }
  void end() {
    streams_.receive_eof({});
    take();
  }
  std::vector<std::string> lines() { return std::exchange(lines_, {}); }
  [[nodiscard]] std::string said(const std::string& prefix) const {
    std::string all;
    for (const std::string& line : lines_) {
      if (line.starts_with(prefix + " ")) all += line.substr(prefix.size() + 1);
    }
    return all;
  }
  TcpStreams& streams() { return streams_; }
  bool ignores = false;

 private:
  void take() {
    while (const auto event = streams_.next_event()) {
      std::visit([this](const auto& e) { add(e); }, *event);
      if (ignores) streams_.ignore(std::visit([](const auto& e) { return e.stream; }, *event));
    }
  }
  static std::string front(std::uint64_t stream, capture::Side sender) {
    return std::to_string(stream) + (sender == capture::Side::opener ? "> " : "< ");
  }
  void add(const capture::StreamOpened& e) {
    lines_.push_back(std::to_string(e.stream) + " open " + to_text(e.opener) + " " + to_text(e.other) +
                     (e.from_its_beginning ? "" : " late"));
  }
  void add(const capture::StreamData& e) {
    lines_.push_back(front(e.stream, e.sender) + std::string(base::as_text(e.bytes)));
  }
  void add(const capture::StreamHole& e) {
    lines_.push_back(front(e.stream, e.sender) + "hole " + std::to_string(e.size));
  }
  void add(const capture::StreamDiffers& e) {
    lines_.push_back(front(e.stream, e.sender) + "differs " + std::to_string(e.size) + " at " +
                     std::to_string(e.origin.offset));
  }
  void add(const capture::StreamEnded& e) { lines_.push_back(front(e.stream, e.sender) + end_name(e.how)); }

  TcpStreams streams_;
  std::uint64_t count_ = 0;
  std::vector<std::string> lines_;
};

using Lines = std::vector<std::string>;

const std::string opened = "0 open 10.0.0.1:40000 10.0.0.2:80";

Follower follow(const Talk& talk) {
  Follower follower;
  follower.receive(talk.segments);
  return follower;
}

}  // namespace

TEST_CASE("a whole conversation") {
  Talk talk;
  talk.opens();
  talk.says("hi");
  talk.answers("there");
  talk.says("", "FA");
  talk.answers("more");
  talk.answers("", "FA");
  talk.says("");
  CHECK(follow(talk).lines() == Lines{opened, "0> hi", "0< there", "0> fin", "0< more", "0< fin"});
}

TEST_CASE("numbers go round, with and without a SYN") {
  Talk talk;
  talk.client = 0xfffffffe;
  talk.server = 0xfffffff0;
  talk.opens();
  talk.says("abcdefgh");
  talk.answers(std::string(40, 'x'));
  talk.says("ij");
  CHECK(follow(talk).said("0>") == "abcdefghij");
}

TEST_CASE("segments that come early wait for those in front of them") {
  Talk talk;
  talk.opens();
  Follower follower = follow(talk);
  follower.lines();
  const Tcp a = talk.from_client("aa");
  const Tcp b = talk.from_client("bb");
  const Tcp c = talk.from_client("cc");
  const Tcp d = talk.from_client("dd", "FA");
  follower.receive({d, b, c});
  CHECK(follower.lines().empty());
  follower.receive(a);
  CHECK(follower.lines() == Lines{"0> aa", "0> bb", "0> cc", "0> dd", "0> fin"});
}

TEST_CASE("what comes again is passed over, and named where it differs: the first bytes count") {
  Talk talk;
  talk.opens();
  Follower follower = follow(talk);
  const Tcp a = talk.from_client("abcd");
  const Tcp b = talk.from_client("efgh");
  Tcp both = a;
  both.payload = "abcdefghij";
  Tcp other = a;
  other.payload = "aXcdeYg";
  Tcp inside = a;
  inside.sequence += 2;
  inside.payload = "cZ";
  follower.receive({a, a, b, both, other, inside});
  CHECK(follower.lines() == Lines{opened, "0> abcd", "0> efgh", "0> ij", "0> differs 2 at 8", "0> differs 1 at 9"});
}

TEST_CASE("what waits is compared, too, and is not replaced") {
  Talk talk;
  talk.opens();
  Follower follower = follow(talk);
  follower.lines();
  const std::uint32_t begin = talk.client;
  const auto at = [&](std::uint32_t offset, const std::string& payload) {
    talk.client = begin + offset;
    return talk.from_client(payload);
  };
  follower.receive(at(4, "EF"));
  follower.receive(at(8, "IJ"));
  follower.receive(at(3, "deXghiYkl"));
  CHECK(follower.lines() == Lines{"0> differs 4 at 6"});  // eX is not EF, and iY is not IJ
  follower.receive(at(0, "abcZ"));
  CHECK(follower.lines() == Lines{"0> differs 1 at 7", "0> abc", "0> d", "0> EF", "0> gh", "0> IJ", "0> kl"});
}

TEST_CASE("a probe of a connection that is kept alive says nothing") {
  Talk talk;
  talk.opens();
  Follower follower = follow(talk);
  follower.lines();
  const Tcp hello = talk.from_client("hello");
  Tcp probe = hello;
  probe.sequence += 4;
  probe.payload = "?"s;
  follower.receive({hello, probe});
  CHECK(follower.lines() == Lines{"0> hello"});
}

TEST_CASE("a hole is named once the other side has what is behind it") {
  Talk talk;
  talk.opens();
  Follower follower = follow(talk);
  follower.lines();
  follower.receive(talk.from_client("one"));
  (void)talk.from_client("lost");
  const Tcp three = talk.from_client("three");
  follower.receive(three);
  CHECK(follower.lines() == Lines{"0> one"});
  Tcp ack = talk.from_server("");
  ack.acknowledgment = three.sequence - 4;  // not yet
  follower.receive(ack);
  CHECK(follower.lines().empty());
  ack.acknowledgment = three.sequence;
  follower.receive(ack);
  CHECK(follower.lines() == Lines{"0> hole 4", "0> three"});
}

TEST_CASE("a hole without anything behind it is named as well") {
  Talk talk;
  talk.opens();
  Follower follower = follow(talk);
  follower.lines();
  (void)talk.from_client("lost");
  follower.receive(talk.from_server("answer"));
  CHECK(follower.lines() == Lines{"0> hole 4", "0< answer"});
}

TEST_CASE("one byte more that is acknowledged is a FIN that was not captured, until there is more") {
  Talk talk;
  talk.opens();
  Follower follower = follow(talk);
  follower.lines();
  follower.receive(talk.from_client("x"));
  (void)talk.from_client("", "FA");
  follower.receive(talk.from_server("bye"));
  follower.end();
  CHECK(follower.lines() == Lines{"0> x", "0< bye", "0> capture", "0< capture"});
  Follower byte;
  Talk other;
  other.opens();
  byte.receive(other.segments);
  byte.lines();
  (void)other.from_client("?");
  byte.receive({other.from_server("a"), other.from_client("b"), other.from_server("c")});
  CHECK(byte.lines() == Lines{"0< a", "0> hole 1", "0> b", "0< c"});
}

TEST_CASE("a hole in front of a FIN, and at the end of the capture") {
  Talk talk;
  talk.opens();
  Follower follower = follow(talk);
  follower.lines();
  (void)talk.from_client("lost");
  follower.receive(talk.from_client("", "FA"));
  (void)talk.from_server("12345");
  follower.receive(talk.from_server("x"));
  CHECK(follower.lines() == Lines{"0> hole 4", "0> fin"});
  follower.end();
  CHECK(follower.lines() == Lines{"0< hole 5", "0< x", "0< capture"});
}

TEST_CASE("what was not captured of a packet is a hole") {
  Talk talk;
  talk.opens();
  Follower follower = follow(talk);
  follower.lines();
  follower.receive(talk.from_client("headpayload"), 44);
  follower.receive(talk.from_client("behind"));
  CHECK(follower.lines() == Lines{"0> head"});
  follower.receive(talk.from_server(""));
  CHECK(follower.lines() == Lines{"0> hole 7", "0> behind"});
  follower.receive(talk.from_client("endpayload"), 43);
  follower.end();
  CHECK(follower.lines() == Lines{"0> end", "0> hole 7", "0> capture", "0< capture"});
}

TEST_CASE("more than may wait is not waited for") {
  TcpStreams::Limits limits;
  limits.early = 1000;
  Follower follower(limits);
  Talk talk;
  talk.opens();
  follower.receive(talk.segments);
  follower.lines();
  (void)talk.from_client("lost");
  follower.receive(talk.from_client(std::string(600, 'a')));
  CHECK(follower.lines().empty());
  follower.receive(talk.from_client(std::string(600, 'b')));
  CHECK(follower.lines() == Lines{"0> hole 4", "0> " + std::string(600, 'a'), "0> " + std::string(600, 'b')});
  limits.early = 1 << 20;
  limits.all_early = 1000;
  Follower all(limits);
  Talk other;
  other.opens();
  all.receive(other.segments);
  all.lines();
  (void)other.from_client("lost");
  all.receive(other.from_client(std::string(1200, 'a')));
  CHECK(all.lines().empty());
  all.receive(other.from_client("b"));
  CHECK(all.lines().size() == 3);
}

TEST_CASE("a new SYN is a new stream, the same SYN is not") {
  Talk talk;
  talk.opens();
  talk.segments.push_back(talk.segments[0]);
  talk.says("one");
  talk.client = 777'000;
  talk.server = 888'000;
  talk.opens();
  talk.says("two");
  CHECK(follow(talk).lines() ==
        Lines{opened, "0> one", "0> replaced", "0< replaced", "1" + opened.substr(1), "1> two"});
}

TEST_CASE("a capture that begins in the middle") {
  Talk talk;
  talk.answers("late");
  talk.says("hm");
  Follower follower = follow(talk);
  CHECK(follower.lines() == Lines{"0 open 10.0.0.2:80 10.0.0.1:40000 late", "0> late", "0< hm"});
  Talk answered;
  answered.answers("", "SA");
  answered.says("hi");
  CHECK(follow(answered).lines() == Lines{opened, "0> hi"});
}

TEST_CASE("a reset ends both directions, and what comes late opens nothing") {
  Talk talk;
  talk.opens();
  talk.says("hi");
  talk.answers("", "RA");
  talk.says("late");
  Follower follower = follow(talk);
  follower.end();
  CHECK(follower.lines() == Lines{opened, "0> hi", "0> reset", "0< reset"});
  Talk closed;
  closed.opens();
  closed.closes();
  closed.says("late");
  closed.answers("late");
  CHECK(follow(closed).lines() == Lines{opened, "0> fin", "0< fin"});
}

TEST_CASE("of a stream that is ignored nothing more is told, but its next one is") {
  Talk talk;
  talk.opens();
  Follower follower;
  follower.ignores = true;
  follower.receive(talk.segments);
  follower.receive({talk.from_client("x"), talk.from_server("y"), talk.from_client("", "RA")});
  CHECK(follower.lines() == Lines{opened});
  talk.client += 1000;
  follower.receive(talk.from_client("", "S"));
  CHECK(follower.lines() == Lines{"1" + opened.substr(1)});
  follower.end();
  CHECK(follower.lines().empty());
}

TEST_CASE("millions of streams take the memory of a few") {
  TcpStreams::Limits limits;
  limits.streams = 100;
  Follower follower(limits);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    Talk talk;
    talk.client_port = static_cast<std::uint16_t>(i);
    talk.server_port = static_cast<std::uint16_t>(i >> 12);
    talk.opens();
    talk.says("x");
    follower.receive(talk.segments);
    REQUIRE(follower.lines().size() <= 4);
  }
  CHECK(follower.streams().stream_count() == 20'000);
  follower.end();
  CHECK(follower.lines().size() == 200);
}

TEST_CASE("however segments are mixed, cut and repeated, the same comes out") {
  std::mt19937 random(7);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += static_cast<char>('a' + below(26));
    Talk talk;
    talk.client = static_cast<std::uint32_t>(random());
    talk.opens();
    Follower follower;
    follower.receive(talk.segments);
    const std::uint32_t begin = talk.client;
    std::vector<Tcp> segments;
    for (std::size_t at = 0; at < text.size();) {  // overlapping ones
      const std::size_t size = 1 + below(200);
      const std::size_t back = std::min(at, below(50));
      talk.client = begin + static_cast<std::uint32_t>(at - back);
      segments.push_back(talk.from_client(text.substr(at - back, size + back)));
      at += size;
    }
    segments.back().flags = "FA";
    for (std::size_t i = below(segments.size()); i-- > 0;) segments.push_back(segments[below(segments.size())]);
    std::shuffle(segments.begin(), segments.end(), random);
    follower.receive(segments);
    REQUIRE(follower.said("0>") == text + "fin");
  }
}
