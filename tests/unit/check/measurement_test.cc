#include "check/measurement.h"

#include <doctest/doctest.h>

#include <charconv>
#include <chrono>
#include <functional>

#include "unit/check/fake_server.h"

using namespace wscope;
using namespace wscope::check;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

/// What is seen of a connection.
struct Seen {
  Verdict verdict = Verdict::pass;
  std::string words{};
  std::string came{};  ///< frames
  bool ended = false;
  base::Duration took{};
};

Seen taken() { return {}; }
Seen closed(std::uint16_t code) {
  return {.verdict = Verdict::info, .words = "closed", .came = test::close_frame(code), .ended = true};
}
Seen dropped() { return {.verdict = Verdict::info, .words = "TCP was closed without a Close", .ended = true}; }

/// The number behind this word of a program; 0: it has none.
std::uint64_t number_behind(std::string_view program, std::string_view word) {
  const std::size_t at = program.find(word);
  std::uint64_t number = 0;
  if (at != std::string_view::npos) {
    std::from_chars(program.data() + at + word.size(), program.data() + program.size(), number);
  }
  return number;
}

using Endpoint = std::function<Seen(std::string_view program)>;

/// Refuses messages that are larger.
Endpoint with_limit(std::uint64_t limit, std::uint16_t code = 1009) {
  return [limit, code](std::string_view program) {
    const std::uint64_t announced = number_behind(program, "len=");
    const std::uint64_t inflated = number_behind(program, "zeros:");
    const std::uint64_t size = std::max({announced, inflated, number_behind(program, "fill:")});
    return size > limit ? closed(code) : taken();
  };
}

class Bench {
 public:
  explicit Bench(Endpoint endpoint) : endpoint_(std::move(endpoint)) { settings.request.target = "/"; }

  Result run(std::string_view id) {
    for (const Case& one : cases_) {
      if (one.id == id) return run(one);
    }
    FAIL("no such case");
    return {};
  }

  Settings settings{};
  std::uint64_t sent = 0;
  std::size_t connections = 0;
  std::vector<std::string> programs{};

 private:
  Result run(const Case& one) {
    REQUIRE(Measurement::is_for(one));
    measurement_.begin(one);
    connections = 0;
    while (const Case* const step = measurement_.next()) {
      REQUIRE(++connections <= Measurement::most_connections);
      REQUIRE(parse_program(step->program).ok());
      CHECK(step->id == one.id);
      programs.push_back(step->program);
      sent += number_behind(step->program, "fill:");
      tell(*step, endpoint_(step->program));
    }
    return measurement_.result();
  }

  void tell(const Case& step, const Seen& seen) {
    Heard heard(Role::server);
    const std::string request = "GET / HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    heard.receive(base::as_bytes(test::upgrade(request) + seen.came), {});
    if (seen.ended) heard.receive_end(false, {});
    Result result;
    result.about = &step;
    result.verdict = seen.verdict;
    result.seen = seen.words;
    result.elapsed = seen.took;
    if (heard.close()) result.close_code = heard.close()->code;
    measurement_.told(result, heard);
  }

  std::vector<Case> cases_ = all_cases();
  Endpoint endpoint_;
  Measurement measurement_{settings};
};

}  // namespace

TEST_CASE("numbers are grouped") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1048576) == "1 048 576");
}

TEST_CASE("a limit is found and told, and what depends on it asks no more") {
  Bench bench(with_limit(mib));
  const Result result = bench.run("limit.message");
  CHECK(result.verdict == Verdict::info);
  CHECK(result.seen == "1 048 576 B (1009, at the header)");
  CHECK(result.measured == mib);
  CHECK(bench.run("limit.too-big-code").verdict == Verdict::pass);
  CHECK(bench.connections == 0);
  CHECK(bench.run("limit.frame").seen == "same");
  CHECK(bench.connections == 1);
  CHECK(bench.run("limit.inflated").seen == "same, counted after inflating");
  CHECK(bench.run("pmdx.limit").verdict == Verdict::info);  // as the endpoint here has it
  CHECK(bench.programs.back() == "compressed text zeros:2097154 | failed 1009");
}

TEST_CASE("without a limit, the most is 16 MiB, and all of the group sends less than 64 MiB") {
  Bench bench([](std::string_view) { return taken(); });
  CHECK(bench.run("limit.message").seen == "none up to 16 777 216 B");
  CHECK(bench.run("limit.frame").seen == "same");
  CHECK(bench.run("limit.inflated").seen == "none up to 16 777 216 B");
  CHECK(bench.run("limit.too-big-code").seen == "no limit of messages was found");
  CHECK(bench.run("limit.fragments").seen == "none up to 65 536");
  CHECK(bench.run("pmdx.limit").verdict == Verdict::skip);
  CHECK(bench.sent < 64 * mib);
}

TEST_CASE("nobody is sent more than 64 MiB") {
  for (const std::uint64_t limit : {mib - 7, 5 * mib, 9 * mib, 15 * mib}) {
    Bench bench(with_limit(limit));
    CHECK(bench.run("limit.message").verdict == Verdict::info);
    CHECK(bench.run("limit.frame").verdict == Verdict::info);
    CHECK(bench.sent < 64 * mib);
  }
}

TEST_CASE("with --aggressive it goes on to 64 MiB") {
  Bench bench(with_limit(40 * mib));
  bench.settings.aggressive = true;
  const Result result = bench.run("limit.message");
  REQUIRE(result.measured);
  CHECK(*result.measured > 39 * mib);
  CHECK(*result.measured <= 40 * mib);
}

TEST_CASE("a code of its own is worth a warning") {
  Bench bench(with_limit(4096, 1002));
  const Result result = bench.run("limit.too-big-code");
  CHECK(result.verdict == Verdict::warn);
  CHECK(bench.connections > 3);  // the limit was not known
  CHECK(bench.run("limit.message").seen == "4 096 B (1002, at the header)");
}

TEST_CASE("what is refused once it is whole is told, and so is who says nothing") {
  Bench late([](std::string_view program) {
    if (number_behind(program, "len=") > 0) return taken();
    return number_behind(program, "fill:") > 8192 ? dropped() : taken();
  });
  CHECK(late.run("limit.message").seen == "8 192 B (without a Close, after it)");
  CHECK(late.run("limit.too-big-code").verdict == Verdict::warn);
  CHECK(late.run("limit.too-big-code").seen == "TCP was closed without a Close");
}

TEST_CASE("a limit that is counted before inflating is found out") {
  Bench bench([](std::string_view program) { return number_behind(program, "fill:") > mib ? closed(1009) : taken(); });
  const Result result = bench.run("limit.inflated");
  CHECK(result.verdict == Verdict::warn);
  CHECK(result.seen.find("counted before inflating") != std::string::npos);
}

TEST_CASE("a frame may have a limit of its own") {
  Bench bench([](std::string_view program) {
    const std::uint64_t size = number_behind(program, "fill:");
    return size > (program.find("fin=0") != std::string_view::npos ? 65536 : mib) ? closed(1009) : taken();
  });
  const Result result = bench.run("limit.frame");
  CHECK(result.seen == "65 536 to 66 048 B (1009)");
}

TEST_CASE("an application that wants no such message has no limit") {
  Bench bench([](std::string_view) { return closed(4401); });
  CHECK(bench.run("limit.message").verdict == Verdict::skip);
  CHECK(bench.run("limit.frame").verdict == Verdict::skip);
  CHECK(bench.run("limit.inflated").verdict == Verdict::skip);
}

TEST_CASE("who closes at random has no limit") {
  int times = 0;
  Bench bench([&times](std::string_view) { return ++times % 2 == 0 ? closed(1011) : taken(); });
  CHECK(bench.run("limit.message").seen == "unsteady: it refuses what it took before");
  CHECK(bench.run("limit.too-big-code").verdict == Verdict::skip);
}

TEST_CASE("what takes long is not made larger") {
  Bench bench([](std::string_view program) {
    return Seen{.took = number_behind(program, "fill:") >= mib ? seconds(3) : seconds(0)};
  });
  CHECK(bench.run("limit.message").seen == "none up to 1 048 576 B, and larger ones take too long");
}

TEST_CASE("heads and fragments are measured, too") {
  Bench bench([](std::string_view program) {
    if (number_behind(program, "filler ") > 8000) return Seen{.verdict = Verdict::info, .words = "431", .ended = true};
    return number_behind(program, "fill:") > 1000 ? closed(1008) : taken();
  });
  CHECK(bench.run("limit.head").seen.find("closed without an answer") != std::string::npos);
  CHECK(bench.run("limit.fragments").seen.find("(1008)") != std::string::npos);
}

TEST_CASE("silence is measured, and then whether Pings help") {
  Bench bench([](std::string_view program) {
    if (program.starts_with("beats")) return taken();
    return Seen{.verdict = Verdict::info, .words = "6.0 s, closed (1001)", .ended = true, .took = seconds(6)};
  });
  const Result result = bench.run("limit.idle");
  CHECK(result.seen == "6.0 s, closed (1001); our Pings help");
  CHECK(result.measured == 6000);
  CHECK(bench.programs.back() == "beats 6 2000 | ignored");
  Bench patient([](std::string_view) { return Seen{.verdict = Verdict::info, .words = "none in 300 s"}; });
  CHECK(patient.run("limit.idle").seen == "none in 300 s");
  CHECK(patient.programs.back() == "tell-idle 300000");
}

TEST_CASE("each family of addresses is asked") {
  Bench bench([](std::string_view program) {
    if (program.starts_with("way family 4")) return taken();
    return Seen{.verdict = Verdict::fail, .words = "does not: no address"};
  });
  CHECK(bench.run("net.families").seen == "IPv4 answers, IPv6 does not: no address");
}
