#include "view/waterfall.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using namespace wscope;
using Lines = std::vector<std::string>;

TEST_CASE("each part begins where the one before ends") {
  CHECK(view::waterfall({.dns = 1ms, .tcp = 2ms, .proxy = 3ms, .tls = 4ms, .upgrade = 10ms}) ==
        Lines{"DNS          1.00 ms |=                   |", "TCP          2.00 ms | ==                 |",
              "proxy        3.00 ms |   ===              |", "TLS          4.00 ms |      ====          |",
              "upgrade     10.00 ms |          ==========|"});
}

TEST_CASE("what there was not has no line") {
  CHECK(view::waterfall({}).empty());
  CHECK(view::waterfall({.tcp = 310us, .upgrade = 1550us}) ==
        Lines{"TCP          0.31 ms |===                 |", "upgrade      1.55 ms |   =================|"});
}

TEST_CASE("the shortest part can be seen, also at the end") {
  CHECK(view::waterfall({.dns = 0ns, .tcp = 60s, .upgrade = 1ns}) ==
        Lines{"DNS          0.00 ms |=                   |", "TCP      60000.00 ms |====================|",
              "upgrade      0.00 ms |                   =|"});
  CHECK(view::waterfall({.tcp = 0ns}) == Lines{"TCP          0.00 ms |=                   |"});
}
