#include "script/parser.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "unit/script/scripting.h"

using namespace wscope;
using namespace wscope::script;
using test::flaw;

TEST_CASE("what a script includes stands in its place, and its paths are of its own folder") {
  const test::Files files = {{"dir/sub/b.ws", "set b 1\ninclude c.ws\n"}, {"dir/sub/c.ws", "echo {{b}}\n"}};
  const Script script = test::parsed("include sub/b.ws\necho {{b}}", files);
  REQUIRE(script.statements.size() == 3);
  CHECK(script.files == std::vector<std::string>{"dir/a.ws", "dir/sub/b.ws", "dir/sub/c.ws"});
  CHECK(place_text(script, script.statements[1], script.statements[1].place) == "dir/sub/c.ws:1:1");
}

TEST_CASE("what is wrong with an included file is told of that") {
  CHECK(flaw("include b.ws") == "dir/b.ws: no such file or directory");
  CHECK(flaw("include b.ws", {{"dir/b.ws", "wait 0\nbogus"}}) == "dir/b.ws:2:1: unknown statement");
  CHECK(flaw("include") == "1:8: expected a file");
  CHECK(flaw("include a.ws", {{"dir/a.ws", "include a.ws"}}) == "1:9: includes are nested more than 16 deep");
}

TEST_CASE("a block that is begun in an included file ends there") {
  CHECK(flaw("include b.ws\nend", {{"dir/b.ws", "repeat 2\nwait 0"}}) == "dir/b.ws:1:1: this block has no end");
  CHECK(flaw("repeat 2\ninclude b.ws\nend", {{"dir/b.ws", "wait 0"}}) == "none");
}

TEST_CASE("paths are those of the script's folder") {
  CHECK(folder_of("a.ws") == "");
  CHECK(folder_of("-") == "");
  CHECK(folder_of("x/y/a.ws") == "x/y/");
  CHECK(path_in("x/", "b") == "x/b");
  CHECK(path_in("x/", "/b") == "/b");
}

TEST_CASE("values of the environment whose names tell of a secret are noted") {
  ::setenv("WSCOPE_TEST_TOKEN", "abc123", 1);
  ::setenv("WSCOPE_TEST_PLAIN", "xyz", 1);
  const Script script = test::parsed("echo {{env.WSCOPE_TEST_TOKEN}} {{env.WSCOPE_TEST_PLAIN}}");
  CHECK(script.secrets == std::vector<std::string>{"abc123"});
  CHECK(flaw("echo {{env.WSCOPE_TEST_UNSET}}") == "1:6: WSCOPE_TEST_UNSET is not set in the environment");
}
