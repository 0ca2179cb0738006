#include "decode/decode.h"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "net/file.h"
#include "stand_in.h"

using namespace wscope;
using namespace std::string_literals;
using decode::DecodePlan;

namespace {

struct Result {
  streams::Outcome outcome{};
  std::string printed{};
};

// Of a file with this content.
Result decode_file(const std::string& content, DecodePlan plan = {}) {
  char path[] = "/tmp/wscope-decode-XXXXXX";
  const int fd = ::mkstemp(path);
  REQUIRE(fd >= 0);
  ::close(fd);
  REQUIRE(net::write_regular_file(path, content).ok());
  plan.file = path;
  Result result;
  {
    test::Stdout output;
    auto signals = net::Signals::install({SIGTERM});
    if (signals) result.outcome = decode::decode(plan, *signals);
    static_cast<void>(::write(STDOUT_FILENO, "\n", 1));  // so that there is something
    result.printed = output.read();
  }
  ::unlink(path);
  return result;
}

}  // namespace

TEST_CASE("a file is decoded, and the outcome says what there was") {
  const Result fine = decode_file("8900");
  CHECK(fine.outcome.status() == 0);
  CHECK(fine.printed.starts_with("< PING fin len=0\n"));
  CHECK(decode_file("0900").outcome.status() == 7);
  CHECK(decode_file("8901").outcome.status() == 0);
  DecodePlan strict;
  strict.strict = true;
  CHECK(decode_file("8901", strict).outcome.status() == 7);
  CHECK(decode_file("").outcome.status() == 1);
  CHECK(decode_file("nothing at all!").outcome.status() == 1);
  CHECK(decode_file("HTTP/1.1 200 OK\r\n\r\n").outcome.status() == 1);
}

TEST_CASE("what comes before an error is printed") {
  const Result result = decode_file("8900\n8", {.from = decode::InputKind::hex});
  CHECK(result.outcome.status() == 1);
  REQUIRE(result.outcome.error().has_value());
  CHECK(result.outcome.error()->message.ends_with(": 2:1: a byte has two digits"));
  CHECK(result.printed.starts_with("< PING fin len=0\n"));
}
