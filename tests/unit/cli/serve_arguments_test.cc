#include "cli/serve_arguments.h"

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::chrono_literals;
using cli::EchoCommand;

TEST_CASE("a server has its address and timeouts") {
  CHECK(echo({"echo"}).address.host.empty());
  CHECK(echo({"echo"}).address.port == 8080);
  CHECK(echo({"echo", "0"}).address.port == 0);
  CHECK(echo({"echo", "0.0.0.0:81"}).address.host == "0.0.0.0");
  CHECK(echo({"echo", ":82"}).address.port == 82);
  CHECK(echo({"listen", "--echo", "83"}).address.port == 83);
  CHECK(echo({"listen", "83", "--echo"}).address.port == 83);
  CHECK(echo({"echo", "--handshake-timeout", "3", "--close-timeout", "4"}).timeouts.handshake == 3s);
  CHECK(echo({"echo", "--handshake-timeout", "3", "--close-timeout", "4"}).timeouts.close == 4s);
}
