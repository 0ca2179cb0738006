// The options about the end of a run.
#include <cstdint>
#include <limits>

#include "arguments.h"
#include "cli/connect_arguments.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::chrono_literals;
using session::AtEof;
using session::ConnectCommand;

TEST_CASE("what follows the end of the input") {
  CHECK(connect({"--eof", "close", "host"}).at_eof == AtEof::close);
  CHECK(connect({"--eof=hold", "host"}).at_eof == AtEof::hold);
  CHECK(connect({"--eof", "wait", "host"}).at_eof == AtEof::wait);
  for (const char* text : {"", "sometime", "Close", "wait|close|hold", "-1"}) {
    CHECK(complaint({"--eof", text, "host"}) == std::string("--eof wants wait|close|hold, not \"") + text + "\"");
  }
}

TEST_CASE("what follows the end of the input may be asked for, also if it is the usual") {
  CHECK(!connect({"host"}).at_eof_given);
  CHECK(!connect({"--count", "3", "--timeout", "1", "host"}).at_eof_given);
  CHECK(connect({"--eof", "wait", "host"}).at_eof_given);
  CHECK(connect({"-w", "1", "host"}).at_eof_given);
}

TEST_CASE("the silence to wait for") {
  CHECK(connect({"-w", "2.5", "host"}).silence == 2500ms);
  CHECK(connect({"-w0", "host"}).silence == 0s);
  CHECK(connect({"--wait=7", "host"}).silence == 7s);
  for (const char* text : {"", "x", "-2", "-1.0", "-1s", "1s", "nan", "0x1"}) {
    CHECK(complaint({"-w", text, "host"}) == std::string("--wait wants a number of seconds, not \"") + text + "\"");
  }
  CHECK(complaint({"host", "-w"}).find("--wait") == 0);
  CHECK(complaint({"-w", "1", "-w", "2", "host"}).find("--wait") == 0);
}

TEST_CASE("waiting for ever is minus one second") {
  CHECK(connect({"-w", "-1", "host"}).silence == session::for_ever);
  CHECK(connect({"-w-1", "host"}).silence == session::for_ever);
  CHECK(connect({"--wait", "-1", "host"}).silence == session::for_ever);
  CHECK(connect({"--wait=-1", "host"}).silence == session::for_ever);
  CHECK(connect({"host", "-w", "-1"}).silence == session::for_ever);
  CHECK(!connect({"host", "-w", "-1"}).count);
}

TEST_CASE("a run may end by count") {
  CHECK(connect({"--count", "3", "host"}).count == 3);
  CHECK(connect({"--count=18446744073709551615", "host"}).count == std::numeric_limits<std::uint64_t>::max());
  CHECK(connect({"-1", "host"}).count == 1);
  CHECK(connect({"--one", "host"}).count == 1);
  CHECK(connect({"-b1", "host"}).count == 1);
  for (const char* text : {"", " ", "0", "-3", "x", "1.5", "1K", "18446744073709551616", "99999999999999999999"}) {
    CHECK(complaint({"--count", text, "host"}) ==
          std::string("--count wants a whole number of at least 1, not \"") + text + "\"");
  }
  CHECK(complaint({"-1", "--count", "3", "host"}) == "--count excludes --one");
  CHECK(complaint({"--count", "1", "--count", "1", "host"}).find("--count") == 0);
}

TEST_CASE("a run may end with a message that matches") {
  CHECK(connect({"host"}).until.empty());
  const ConnectCommand either = connect({"--until", "a", "--count", "3", "--until=b", "host"});
  REQUIRE(either.until.size() == 2);
  CHECK(either.until[1].text() == "b");
  CHECK(either.count == 3);
}

TEST_CASE("a run may end by time") {
  CHECK(connect({"--timeout", "2", "host"}).timeout == 2s);
  CHECK(connect({"--timeout=0.5", "host"}).timeout == 500ms);
  CHECK(connect({"--timeout", "0", "host"}).timeout == 0s);
  for (const char* text : {"", "-1", "soon"}) {
    CHECK(complaint({"--timeout", text, "host"}) ==
          std::string("--timeout wants a number of seconds, not \"") + text + "\"");
  }
}

TEST_CASE_TEMPLATE("a run may have a length", Wanted, ConnectCommand, session::ServeCommand) {
  CHECK(with<Wanted>({}).for_time == 0s);
  CHECK(with<Wanted>({"--for", "2.5"}).for_time == 2500ms);
  CHECK(with<Wanted>({"--for=0"}).for_time == 0s);
  for (const char* text : {"", "-1", "a while"}) {
    CHECK(complaint_with<Wanted>({"--for", text}) ==
          std::string("--for wants a number of seconds, not \"") + text + "\"");
  }
}
