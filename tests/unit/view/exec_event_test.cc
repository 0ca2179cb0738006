#include <doctest/doctest.h>

#include <string>

#include "view/json_events.h"

using namespace wscope;
using State = view::ExecView::State;

TEST_CASE("exec: a program begins, speaks and ends") {
  const auto exec = [](const view::ExecView& view) {
    std::string line;
    view::append_exec({view::WallTime(), 7}, view, line);
    const std::string begin = R"({"event":"exec","time":"1970-01-01T00:00:00.000000Z","conn":7,)";
    REQUIRE(line.starts_with(begin));
    REQUIRE(line.ends_with("}\n"));
    return line.substr(begin.size(), line.size() - begin.size() - 2);
  };
  CHECK(exec({State::start, 42}) == R"("state":"start","pid":42)");
  CHECK(exec({State::errors, 42, base::as_bytes("a \"b\"")}) == R"("state":"stderr","pid":42,"data":"a \"b\"")");
  CHECK(exec({State::errors, 42, base::as_bytes("\xff")}) == R"("state":"stderr","pid":42,"base64":"/w==")");
  CHECK(exec({.state = State::exit, .process = 42, .status = 3}) ==
        R"("state":"exit","pid":42,"status":3,"signal":null)");
  CHECK(exec({.state = State::exit, .process = 42, .signal = "SIGKILL"}) ==
        R"("state":"exit","pid":42,"status":null,"signal":"SIGKILL")");
}
