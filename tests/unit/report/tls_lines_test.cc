#include "report/tls_lines.h"

#include <doctest/doctest.h>

using namespace wscope;
using Lines = std::vector<std::string>;

TEST_CASE("what TLS agreed on is a line, and so is every certificate") {
  const tls::Session session{"TLSv1.3",
                             "AES",
                             "http/1.1",
                             {{"CN=a", "CN=b", {"x", "y"}, "then", "2027"}, {"CN=b", "CN=c", {}, "then", "2030"}},
                             "sha256//z="};
  CHECK(report::describe_tls(session) ==
        Lines{"TLSv1.3, AES, ALPN http/1.1", "certificate CN=a for x, y, issued by CN=b, expires 2027",
              "certificate CN=b, issued by CN=c, expires 2030", "its key is --pin sha256//z="});
}

TEST_CASE("of who shows no certificate there is no pin") {
  CHECK(report::describe_tls({"TLSv1.2", "AES", "", {}, ""}) == Lines{"TLSv1.2, AES, no ALPN"});
}
