#include "cli/command_line.h"

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using cli::parse_command_line;

TEST_CASE("help and version are texts") {
  CHECK(shown({"--version"}).substr(0, 7) == "wscope ");
  CHECK(shown({"-V"}) == shown({"--version"}));
  CHECK(shown({"--help"}).find("wscope echo:") != std::string::npos);
  CHECK(shown({"-h"}) == shown({"--help"}));
  for (const char* option : {"--binary", "--text", "--eof", "--wait", "--connect-timeout", "--close-timeout"}) {
    CHECK(shown({"connect", "--help"}).find(option) != std::string::npos);
  }
  CHECK(shown({"echo", "-h"}).find("[ADDR:]PORT") != std::string::npos);
  CHECK(shown({"listen", "--help"}).find("--echo") != std::string::npos);
  CHECK(shown({"host", "--help"}) == shown({"connect", "--help"}));
}

TEST_CASE("what cannot be understood is a usage error that names it") {
  CHECK(complaint({}) == "no URL");
  CHECK(complaint({"connect"}).find("URL") != std::string::npos);
  CHECK(complaint({"-b"}).find("URL") != std::string::npos);
  CHECK(complaint({"host", "other"}).find("other") != std::string::npos);
  CHECK(complaint({"--nonsense", "host"}).find("--nonsense") != std::string::npos);
  CHECK(complaint({"-z", "host"}).find("-z") != std::string::npos);
  CHECK(complaint({"-b", "-t", "host"}).find("--binary") != std::string::npos);
  CHECK(complaint({"--eof", "sometime", "host"}).find("sometime") != std::string::npos);
  CHECK(complaint({"host", "--eof"}).find("--eof") != std::string::npos);
  CHECK(complaint({"host", "-w"}).find("--wait") != std::string::npos);
  CHECK(complaint({"-w", "1", "-w", "2", "host"}).find("--wait") != std::string::npos);
  CHECK(complaint({""}) == "the URL is empty");
  CHECK(complaint({"ftp://host"}).find("ws://") != std::string::npos);
  CHECK(complaint({"listen", "80"}) == "listen needs --echo");
  CHECK(complaint({"echo", "eighty"}) == "not a port: eighty");
  CHECK(complaint({"echo", "80", "81"}).find("81") != std::string::npos);
  CHECK(complaint({"echo", "-b"}).find("-b") != std::string::npos);
}

TEST_CASE("a secure URL is an error of its own kind") {
  const auto command = parse_command_line({"wss://host"});
  REQUIRE(!command.ok());
  CHECK(command.error().kind == base::ErrorKind::tls);
}

TEST_CASE("credentials are never repeated") {
  for (const Arguments& arguments :
       {Arguments{"host", "ws://me:secret@host"}, Arguments{"echo", "ws://me:secret@host"},
        Arguments{"-w", "me:secret@host", "host"}, Arguments{"--me:secret@host"}, Arguments{"ws://me:secret@host:x"},
        Arguments{"--eof", "ws://me:secret@host", "host"}, Arguments{"host", "--wait=me:secret@host"}}) {
    CHECK(complaint(arguments).find("secret") == std::string::npos);
  }
}
