#include "cli/forward_arguments.h"

#include "arguments.h"

using namespace std::chrono_literals;
using namespace wscope;
using namespace wscope::test;
using From = serve::ForwardPlan::From;

namespace {

session::ForwardCommand forward(const Arguments& options) {
  return parse<session::ForwardCommand>(line_of("forward", options));
}

std::string complaint_of(const Arguments& options) { return complaint(line_of("forward", options)); }

}  // namespace

TEST_CASE("what is forwarded is a port, a Unix socket, datagrams or stdin and stdout") {
  CHECK(forward({"5432", "host"}).forward.address.port == 5432);
  CHECK(forward({"unix:/a", "host", "--unix-mode", "660"}).forward.address.unix_mode == 0660);
  const auto datagrams = forward({"udp:[::1]:53", "host", "--idle", "3", "--max-clients", "5"});
  CHECK(datagrams.forward.from == From::datagrams);
  CHECK(datagrams.forward.address.host == "::1");
  CHECK(datagrams.forward.idle == 3s);
  CHECK(datagrams.forward.max_clients == 5U);
  CHECK(forward({"-", "host"}).forward.from == From::stdio);
}

TEST_CASE("a forward ends as it is told") {
  CHECK(forward({"-", "host"}).forward.after_end == serve::AfterEnd::wait);
  CHECK(forward({"-", "host", "--eof", "close"}).forward.after_end == serve::AfterEnd::close);
  CHECK(forward({"-", "host", "--eof", "hold"}).forward.after_end == serve::AfterEnd::hold);
  CHECK(forward({"-", "host", "-w", "5"}).forward.silence == 5s);
}

TEST_CASE("bytes that are forwarded are compressed only if that is asked for") {
  CHECK_FALSE(forward({"-", "host"}).compression);
  CHECK(forward({"-", "host", "--compress", "server_no_context_takeover"}).compression);
  CHECK(forward({"-", "host", "-H", "Sec-WebSocket-Extensions: permessage-deflate"}).compression);
}

TEST_CASE("what cannot be forwarded is said") {
  CHECK(complaint_of({"5432"}) == "forward wants two places: from where, and the URL");
  CHECK(complaint_of({"udp:unix:/a", "host"}) == "udp: has a port behind it");
  CHECK(complaint_of({"5432", "host", "--unix-mode", "660"}) == "--unix-mode is for unix:PATH");
}
