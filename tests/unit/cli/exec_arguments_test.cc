#include "cli/exec_arguments.h"

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::chrono_literals;
using serve::ExecFormat;
using serve::ExecMode;
using serve::ExecStderr;

namespace {

serve::ExecPlan plan(Arguments arguments) {
  arguments.insert(arguments.begin(), "listen");
  const auto command = served(arguments);
  REQUIRE(command.exec);
  CHECK(command.service == link::ServiceKind::exec);
  return *command.exec;
}

}  // namespace

TEST_CASE("a program is what stands behind --") {
  CHECK(plan({"--", "cat"}).arguments == Arguments{"cat"});
  CHECK(plan({"8080", "--", "a b", "--", "-x", ""}).arguments == Arguments{"a b", "--", "-x", ""});
  CHECK(plan({"--exec", "a | b"}).arguments == Arguments{"/bin/sh", "-c", "a | b"});
  CHECK(served({"listen", "127.0.0.1:81", "--", "cat"}).address.port == 81);
  CHECK(served({"-l", "82", "--", "cat", "-l", "83"}).address.port == 82);
  CHECK_FALSE(served({"listen", "8080"}).exec);
  CHECK(served({"echo", "--", "8080"}).address.port == 8080);
  CHECK(served({"listen", "--subprotocol", "--", "--", "cat"}).exec->arguments == Arguments{"cat"});
}

TEST_CASE("to a client the URL stands before --") {
  const auto command = connect({"ws://a/", "--", "cat", "b"});
  REQUIRE(command.exec);
  CHECK(command.exec->arguments == Arguments{"cat", "b"});
  CHECK_FALSE(command.reads_stdin);
  CHECK(connect({"connect", "-c", "ws://a/", "--", "cat"}).exec);
  CHECK(connect({"connect", "--connect=ws://a/", "--", "cat"}).exec);
  CHECK(connect({"connect", "-o", "http://b", "ws://a/", "--exec", "cat"}).exec);
  const auto url_behind = connect({"connect", "-o", "http://b", "--", "ws://a/"});
  CHECK_FALSE(url_behind.exec);
  CHECK(url_behind.endpoint.url.host == "a");
  CHECK(complaint({"connect", "--", "ws://a/", "cat"}).find("cat") != std::string::npos);
}

TEST_CASE("what a program is run with") {
  const serve::ExecPlan usual = plan({"--", "cat"});
  CHECK(usual.mode == ExecMode::client);
  CHECK(usual.format == ExecFormat::lines);
  CHECK_FALSE(usual.type);
  CHECK(usual.errors == ExecStderr::show);
  CHECK(usual.most == 64);
  CHECK(usual.patience == 5s);
  CHECK_FALSE(usual.terminal);
  CHECK_FALSE(usual.early);
  const serve::ExecPlan all =
      plan({"--exec-format", "nul", "-b", "--exec-stderr", "drop", "--exec-env", "A", "--exec-env", "B=1", "--exec-dir",
            "/x", "--exec-max", "3", "--kill-after", "0.5", "--exec-early=2", "--", "cat"});
  CHECK(all.format == ExecFormat::nul);
  CHECK(all.type == streams::MessageType::binary);
  CHECK(all.errors == ExecStderr::drop);
  CHECK(all.environment == Arguments{"A", "B=1"});
  CHECK(all.folder == "/x");
  CHECK(all.most == 3);
  CHECK(all.patience == 500ms);
  CHECK(all.early == 2s);
  CHECK(plan({"--exec-early", "--", "cat"}).early == 250ms);
  CHECK(plan({"--kill-after", "0", "--", "cat"}).patience == 0s);
  CHECK_FALSE(plan({"--kill-after", "-1", "--", "cat"}).patience);
  CHECK(plan({"--exec-mode", "shared", "--", "cat"}).format == ExecFormat::json);
  CHECK(plan({"--exec-mode", "message", "--", "cat"}).mode == ExecMode::message);
  CHECK(plan({"--pty", "--", "cat"}).terminal == process::WindowSize{24, 80});
  CHECK(plan({"--pty", "--", "cat"}).format == ExecFormat::raw);
  CHECK(plan({"--pty=9999x1", "--exec-format", "json", "-t", "--", "cat"}).terminal == process::WindowSize{9999, 1});
}

TEST_CASE("what does not go together with a program") {
  const struct {
    Arguments arguments;
    std::string words;
  } rows[] = {
      {{"--echo"}, "--echo excludes --exec"},
      {{"--broadcast"}, "--broadcast excludes --exec"},
      {{"--every", "1", "x"}, "--every excludes --exec"},
      {{"--reply", "a=b"}, "--reply excludes --exec"},
      {{"--pick", ".a"}, "--pick excludes --exec"},
      {{"--eof", "hold"}, "--eof excludes --exec"},
      {{"--out", "hex"}, "--exec-format"},
      {{"--slow", "close"}, "--slow says nothing"},
      {{"--exec", "b"}, "--exec excludes -- PROGRAM"},
      {{"--pty=24"}, "--pty wants ROWSxCOLS"},
      {{"--pty=24x"}, "--pty wants ROWSxCOLS"},
      {{"--pty=10000x80"}, "--pty wants ROWSxCOLS"},
      {{"--pty=+24x80"}, "--pty wants ROWSxCOLS"},
      {{"--pty", "--exec-stderr", "drop"}, "--exec-stderr excludes --pty"},
      {{"--pty", "--exec-mode", "message"}, "a process a connection"},
      {{"--pty", "--exec-format", "nul"}, "raw or json"},
      {{"--exec-mode", "message", "--exec-format", "raw"}, "--exec-mode message"},
      {{"--exec-mode", "message", "--exec-early"}, "--exec-early"},
      {{"--exec-mode", "shared", "--exec-max", "2"}, "--exec-max"},
      {{"--exec-mode", "shared", "--exec-format", "lines"}, "--exec-format json"},
      {{"--exec-stderr", "send", "--exec-format", "raw"}, "--exec-stderr send"},
      {{"--exec-stderr", "send", "-b"}, "--exec-stderr send"},
      {{"--exec-format", "json", "-t"}, "says its type"},
      {{"--exec-format", "base64", "-t"}, "base64 is binary"},
      {{"--exec-max", "0"}, "--exec-max"},
      {{"--kill-after", "-2"}, "--kill-after"},
  };
  for (const auto& row : rows) {
    Arguments arguments = {"listen"};
    arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
    arguments.insert(arguments.end(), {"--", "cat"});
    const std::string said = complaint(arguments);
    CHECK_MESSAGE(said.find(row.words) != std::string::npos, said);
  }
  for (const Arguments& alone : {Arguments{"--exec-mode", "client"},
                                 {"--exec-format", "raw"},
                                 {"--pty"},
                                 {"--exec-stderr", "show"},
                                 {"--exec-env", "A"},
                                 {"--exec-dir", "x"},
                                 {"--exec-max", "1"},
                                 {"--kill-after", "1"},
                                 {"--exec-early"}}) {
    Arguments arguments = {"listen"};
    arguments.insert(arguments.end(), alone.begin(), alone.end());
    CHECK(complaint(arguments).find(alone.front() + " wants a program") != std::string::npos);
  }
  CHECK(complaint({"listen", "--"}).find("no program") != std::string::npos);
  CHECK(complaint({"listen", "--", ""}).find("no program") != std::string::npos);
}

TEST_CASE("what does not go together with a client's program") {
  for (const Arguments& wrong : {Arguments{"-x", "a"},
                                 {"--expect", "a"},
                                 {"--count", "1"},
                                 {"--until", "a"},
                                 {"--no-stdin"},
                                 {"--stdin"},
                                 {"--eof", "close"},
                                 {"-w", "1"},
                                 {"--select", "a"},
                                 {"--in", "raw"},
                                 {"-0"},
                                 {"--stay"},
                                 {"--exec-mode", "shared"},
                                 {"--exec-max", "2"}}) {
    Arguments arguments = {"connect", "ws://a/"};
    arguments.insert(arguments.end(), wrong.begin(), wrong.end());
    arguments.insert(arguments.end(), {"--", "cat"});
    CAPTURE(wrong.front());
    CHECK_FALSE(complaint(arguments).empty());
  }
  CHECK(connect({"ws://a/", "--json", "--for", "1", "--timeout", "2", "--reconnect", "--", "cat"}).exec);
}
