#include "cli/connect_arguments.h"

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::chrono_literals;
using cli::AtEof;
using cli::ConnectCommand;

TEST_CASE("a URL alone is connected to, with what is usual") {
  for (const Arguments& arguments : {Arguments{"ws://host:81/x"}, Arguments{"connect", "ws://host:81/x"}}) {
    const ConnectCommand command = connect(arguments);
    CHECK(command.endpoint.url.text() == "ws://host:81/x");
    CHECK(!command.endpoint.embedded);
    CHECK(!command.binary);
    CHECK(command.at_eof == AtEof::wait);
    CHECK(command.silence == 1s);
    CHECK(command.timeouts.connect == 10s);
    CHECK(command.timeouts.handshake == 10s);
    CHECK(command.timeouts.close == 10s);
  }
  CHECK(connect({"echo:"}).endpoint.embedded);
}

TEST_CASE("options of connect") {
  CHECK(connect({"-b", "host"}).binary);
  CHECK(connect({"--binary", "host"}).binary);
  CHECK(!connect({"-t", "host"}).binary);
  CHECK(!connect({"--text", "host"}).binary);
  CHECK(connect({"--eof", "close", "host"}).at_eof == AtEof::close);
  CHECK(connect({"--eof=hold", "host"}).at_eof == AtEof::hold);
  CHECK(connect({"--eof", "wait", "host"}).at_eof == AtEof::wait);
  CHECK(connect({"-w", "2.5", "host"}).silence == 2500ms);
  CHECK(connect({"-w0", "host"}).silence == 0s);
  CHECK(connect({"--wait=7", "host"}).silence == 7s);
  CHECK(connect({"--connect-timeout", "1", "host"}).timeouts.connect == 1s);
  CHECK(connect({"--handshake-timeout", "0.25", "host"}).timeouts.handshake == 250ms);
  CHECK(connect({"--close-timeout=0", "host"}).timeouts.close == 0s);
}

TEST_CASE("waiting for ever is minus one second") {
  CHECK(connect({"-w", "-1", "host"}).silence == cli::for_ever);
  CHECK(connect({"-w-1", "host"}).silence == cli::for_ever);
  CHECK(connect({"--wait", "-1", "host"}).silence == cli::for_ever);
  CHECK(connect({"--wait=-1", "host"}).silence == cli::for_ever);
  CHECK(connect({"host", "-w", "-1"}).silence == cli::for_ever);
}

TEST_CASE("options stand before and behind the URL, and never take it") {
  for (const Arguments& arguments :
       {Arguments{"-b", "--eof", "close", "-w", "3", "host"}, Arguments{"host", "-b", "--eof", "close", "-w", "3"},
        Arguments{"--eof", "close", "host", "-bw3"}, Arguments{"connect", "-w", "3", "--eof=close", "host", "-b"}}) {
    const ConnectCommand command = connect(arguments);
    CHECK(command.endpoint.url.host == "host");
    CHECK(command.binary);
    CHECK(command.at_eof == AtEof::close);
    CHECK(command.silence == 3s);
  }
}

TEST_CASE("two dashes end the options") {
  CHECK(connect({"-b", "--", "host"}).endpoint.url.host == "host");
  CHECK(connect({"--", "-host"}).endpoint.url.host == "-host");
  CHECK(echo({"echo", "--", "8081"}).address.port == 8081);
}

TEST_CASE("messages of the command line replace stdin, unless it is asked for") {
  CHECK(connect({"host"}).reads_stdin);
  CHECK(connect({"host"}).first_messages.empty());
  const ConnectCommand command = connect({"-x", "a", "--execute=b", "host"});
  CHECK(command.first_messages == Arguments{"a", "b"});
  CHECK(!command.reads_stdin);
  CHECK(connect({"-x", "a", "--stdin", "host"}).reads_stdin);
  CHECK(connect({"-b", "-x", "\xff", "host"}).first_messages == Arguments{"\xff"});
  CHECK(complaint({"-x", "\xff", "host"}) == "--execute: not UTF-8");
}

TEST_CASE("a run may end by count or by time") {
  CHECK(!connect({"host"}).count);
  CHECK(connect({"--count", "3", "host"}).count == 3);
  CHECK(connect({"-1", "host"}).count == 1);
  CHECK(connect({"--one", "host"}).count == 1);
  CHECK(complaint({"--count", "0", "host"}) == "--count wants a whole number of at least 1, not \"0\"");
  for (const char* count : {"0", "-3", "x", "99999999999999999999"}) complaint({"--count", count, "host"});
  CHECK(connect({"host"}).timeout == 0s);
  CHECK(connect({"--timeout", "2", "host"}).timeout == 2s);
}

TEST_CASE("permessage-deflate is offered as browsers do, with given parameters, or not at all") {
  CHECK(connect({"host"}).compression == ws::DeflateParameters{.client_max_window_bits = ws::any_window_bits});
  CHECK(connect({"--compress", "server_max_window_bits=10; client_no_context_takeover", "host"}).compression ==
        ws::DeflateParameters{.client_no_context_takeover = true, .server_max_window_bits = 10});
  CHECK(!connect({"--no-compress", "host"}).compression);
  CHECK(complaint({"--compress", "server_max_window_bits", "host"}).find("--compress: ") == 0);
  CHECK(complaint({"--compress", ";", "host"}).find("--compress: ") == 0);
}
