#include "report/write_out.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>

#include "counted_run.h"

using namespace wscope;
using namespace std::chrono_literals;
using report::WriteOut;

namespace {

struct Fixture : test::CountedRun {
  std::string filled(std::string_view format, int status = 0, std::string error = "") {
    const auto read = WriteOut::parse(format);
    REQUIRE(read.ok());
    return read->fill_in({figures, "ws://host/", status, std::move(error)}).for_stderr;
  }
};

std::string complaint(std::string_view format) {
  const auto read = WriteOut::parse(format);
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().kind == base::ErrorKind::usage);
  return read.error().message;
}

}  // namespace

TEST_CASE("text stands for itself, with a few escapes") {
  Fixture fixture;
  CHECK(fixture.filled("").empty());
  CHECK(fixture.filled("a {b} ü\\n\\r\\t%%") == "a {b} ü\n\r\t%");
  CHECK(complaint("\\x") == "\\ is for \\n, \\r and \\t");
  CHECK(complaint("a\\") == "\\ is for \\n, \\r and \\t");
  CHECK(complaint("100%") == "% is for %{NAME} and %%");
  CHECK(complaint("%x") == "% is for %{NAME} and %%");
  CHECK(complaint("%{url") == "a %{ without its }");
  CHECK(complaint("%{size}") == "there is no %{size}");
  CHECK(complaint("%{}") == "there is no %{}");
}

TEST_CASE("variables say how it went") {
  Fixture fixture;
  fixture.open();
  fixture.send("hello");
  fixture.send("fra", false);
  fixture.send("gment");
  fixture.time.pass(500ms);
  fixture.receive("one", false);
  fixture.receive("two");
  fixture.time.pass(1s);
  fixture.close({ws::CloseCode{4000}, "bye"});
  CHECK(fixture.filled("%{url} %{http_code} %{remote_ip} %{exitcode} %{errormsg}", 9, "closed") ==
        "ws://host/ 101 127.0.0.1 9 closed");
  CHECK(fixture.filled("%{time_namelookup} %{time_connect} %{time_appconnect} %{time_open}") ==
        "0.250000 0.450000 0.750000 1.000000");
  CHECK(fixture.filled("%{time_starttransfer} %{time_total}") == "1.500000 2.500000");
  CHECK(fixture.filled("%{subprotocol} %{close_code} %{close_reason}") == "chat 4000 bye");
  CHECK(fixture.filled("%{messages_in} %{messages_out} %{bytes_in} %{bytes_out}") == "1 2 6 13");
  CHECK(fixture.figures.summary() == "sent 2 messages, 13 B; received 1, 6 B; 1.50 s");
}

TEST_CASE("what there was not is empty, or nought") {
  Fixture fixture;
  CHECK(fixture.filled("%{http_code} %{time_open} %{close_code}.%{close_reason}.%{subprotocol}.") ==
        "000 0.000000 ...");
  CHECK(fixture.figures.summary() == "sent 0 messages, 0 B; received 0, 0 B; 0.00 s");
}

TEST_CASE("the other side has an address once it has answered") {
  for (const auto& [address, ip] : {std::pair("127.0.0.1:80", "127.0.0.1"), std::pair("[::1]:80", "::1"),
                                    std::pair("[fe80::1%lo]:80", "fe80::1%lo"), std::pair("/a:b/socket", "")}) {
    Fixture fixture;
    fixture.figures.report(1, link::Connecting{"ws://host/", address});
    CHECK(fixture.filled("%{remote_ip}").empty());
    fixture.figures.report(1, link::Timed{view::Timing()});
    CHECK(fixture.filled("%{remote_ip}") == ip);
  }
}

TEST_CASE("JSON has all of them") {
  Fixture fixture;
  CHECK(fixture.filled("%{json}", 4, "no \"way\"") ==
        R"({"url":"ws://host/","http_code":0,"remote_ip":"","exitcode":4,"errormsg":"no \"way\"",)"
        R"("time_namelookup":0.000000,"time_connect":0.000000,"time_appconnect":0.000000,"time_open":0.000000,)"
        R"("time_starttransfer":0.000000,"time_total":0.000000,"subprotocol":"","close_code":null,)"
        R"("close_reason":"","messages_in":0,"messages_out":0,"bytes_in":0,"bytes_out":0})");
  fixture.close({ws::close_code::normal, ""});
  CHECK(fixture.filled("%{json}").find(R"("close_code":1000,)") != std::string::npos);
}

TEST_CASE("what stands behind a switch is for stdout") {
  const Fixture fixture;
  const auto text = WriteOut::parse("a%{stdout}b%{exitcode}")->fill_in({fixture.figures, "", 3, ""});
  CHECK(text.for_stderr == "a");
  CHECK(text.for_stdout == "b3");
}

TEST_CASE("a refusal has its status, and another one after a loss counts on") {
  Fixture fixture;
  http::ResponseHead head;
  head.status = 403;
  const ws::Event rejected = ws::Rejected{&head};
  fixture.figures.report(1, link::Heard{rejected});
  CHECK(fixture.filled("%{http_code}") == "403");
  fixture.open();
  fixture.send("a");
  fixture.close({ws::close_code::going_away, ""});
  fixture.open();
  fixture.send("b");
  CHECK(fixture.filled("%{http_code} %{messages_out} %{close_code} %{time_open}") == "101 2  1.000000");
  fixture.time.pass(1h);
  CHECK(fixture.figures.summary() == "sent 2 messages, 2 B; received 0, 0 B; 3601.00 s");
}
