#include "cli/parsing.h"

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;

TEST_CASE("what is no number of seconds is a usage error") {
  for (const char* text : {"x", "1s", "-2", "-1.0", "inf", "nan", "1e10", " 1", "0x1"}) {
    CHECK(complaint({std::string("--wait=") + text, "host"}).find("--wait") != std::string::npos);
    CHECK(complaint({std::string("--connect-timeout=") + text, "host"}).find("--connect-timeout") != std::string::npos);
  }
  CHECK(complaint({"-w", "", "host"}) == "--wait wants a number of seconds, not \"\"");
  CHECK(complaint({"--close-timeout", "soon", "host"}) == "--close-timeout wants a number of seconds, not \"soon\"");
  CHECK(complaint({"--handshake-timeout", "-1", "host"}).find("--handshake-timeout") != std::string::npos);
  CHECK(complaint({"echo", "--close-timeout", "soon"}).find("--close-timeout") != std::string::npos);
}
