#include "script/values.h"

#include <doctest/doctest.h>

#include <chrono>

#include "cli/command_line.h"

using namespace wscope;
using namespace wscope::script;
using namespace std::chrono_literals;

namespace {

template <typename Value>
std::string error_of(const base::Result<Value>& result) {
  return result ? "none" : result.error().message;
}

}  // namespace

TEST_CASE("seconds, numbers and switches are read whole") {
  CHECK(*read_seconds("1.5") == 1500ms);
  CHECK(*read_seconds("0") == 0s);
  for (const char* const wrong : {"", "x", "1s", "-1", "inf", "nan", "1e300", " 1"}) CHECK(!read_seconds(wrong));
  CHECK(*read_count("12") == 12);
  for (const char* const wrong : {"", "-1", "1.5", "99999999999999999999"}) CHECK(!read_count(wrong));
  CHECK(*read_switch("on"));
  CHECK(!*read_switch("off"));
  CHECK(error_of(read_switch("maybe")) == "expected on or off, not \"maybe\"");
}

TEST_CASE("arguments of kinds are codes, ranges or words") {
  CHECK(read_argument(Kind::close, "1000..1003")->most == 1003);
  CHECK(read_argument(Kind::refused, "403")->least == 403);
  CHECK(read_argument(Kind::open, "chat")->text == "chat");
  CHECK(read_argument(Kind::error, "tls")->text == "tls");
  CHECK(!read_argument(Kind::error, "usage"));
  CHECK(!read_argument(Kind::close, "1000.."));
}

TEST_CASE("paths of options are those of the script") {
  const auto socket = read_plan({"connect", "ws://h/", "--unix-socket=s"}, "dir/", cli::in_session);
  REQUIRE(socket);
  CHECK(std::get<link::ConnectPlan>(*socket).route.unix_socket == "dir/s");
  CHECK(error_of(read_plan({"connect", "ws://h/", "--bearer", "@token"}, "dir/", cli::in_session)).find("dir/token") !=
        std::string::npos);
  CHECK(error_of(read_plan({"connect", "--help"}, "", cli::in_session)) == "--help is for a person");
}

TEST_CASE("what is sent is read as the commands that send have it") {
  std::string storage;
  const auto read = [&](Send::What what, const std::string& text) { return read_instruction(what, text, "", storage); };
  CHECK(std::get<ws::Piece>(*read(Send::What::text, "a")).opcode == ws::Opcode::text);
  CHECK(base::as_text(std::get<ws::Piece>(*read(Send::What::escaped_text, "a\\n")).payload) == "a\n");
  CHECK(base::as_text(std::get<ws::Piece>(*read(Send::What::binary, "6162")).payload) == "ab");
  CHECK(base::as_text(std::get<wire::SendPing>(*read(Send::What::ping, "hi")).payload) == "hi");
  CHECK(std::get<wire::SendClose>(*read(Send::What::close, "1001 bye")).reason == "bye");
  CHECK(std::get<wire::SendFrame>(*read(Send::What::frame, "text fin=0 x")).header.fin == false);
  CHECK(std::get<wire::SendBytes>(*read(Send::What::raw, "8100")).bytes.size() == 2);
  CHECK(std::get<wire::SendFragments>(*read(Send::What::fragment, "2 abc")).size == 2);
  CHECK(error_of(read(Send::What::raw, "")) == "wants bytes");
  CHECK(error_of(read(Send::What::text, "\xff")) == "not UTF-8");
  CHECK(error_of(read(Send::What::file, "/nowhere/at/all")).starts_with("/nowhere/at/all: "));
}
