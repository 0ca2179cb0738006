#include "script/statement_parser.h"

#include <doctest/doctest.h>

#include "unit/script/scripting.h"

using namespace wscope;
using namespace wscope::script;
using test::flaw;
using test::parsed;

namespace {

template <typename Does>
const Does& only(const Script& script, std::size_t index = 1) {
  REQUIRE(script.statements.size() > index);
  return std::get<Does>(script.statements[index].does);
}

}  // namespace

TEST_CASE("a text is the rest of the line behind one blank") {
  const Script script = parsed("connect echo:\nsend   {\"a\": 1} # not a comment ");
  CHECK(only<Send>(script).text.parts().front().text == "  {\"a\": 1} # not a comment");
  CHECK(script.statements[1].place.line == 2);
  CHECK(only<Send>(parsed("connect echo:\nsend")).text.parts().front().text.empty());
  CHECK(only<Send>(parsed("connect echo:\nsend -e a\\n")).what == Send::What::escaped_text);
  CHECK(only<Send>(parsed("connect echo:\nsend <<EOF\na\n b\nEOF")).text.parts().front().text == "a\n b");
  CHECK(only<Send>(parsed("connect echo:\nfragment 3 <<EOF\nabcd\nEOF")).text.parts().front().text == "3 abcd");
  CHECK(!only<Send>(parsed("connect echo:\nsend <<'EOF'\n{{x}}\nEOF")).text.has_names());
}

TEST_CASE("what is no statement is told where, with what may be meant") {
  CHECK(flaw("connect echo:\n  sned x") == "2:3: unknown statement");
  CHECK(flaw("{\"a\":1}") == "1:1: unknown statement (send sends the rest of its line; send <<EOF sends lines)");
  CHECK(flaw("send x") == "1:1: there is no connection by then (connect URL)");
  CHECK(flaw("wait").starts_with("1:5: expected seconds"));
  CHECK(flaw("wait x") == "1:6: expected seconds, not \"x\"");
  CHECK(flaw("wait 1 2") == "1:8: expected nothing more");
  CHECK(flaw("repeat 2\nwait 1") == "1:1: this block has no end");
  CHECK(flaw("repeat -1\nend") == "1:8: expected a number, not \"-1\"");
  CHECK(flaw("end") == "1:1: there is no block to end");
  CHECK(flaw("connect echo:\nall\nsend x\nend") == "3:1: within all there is only expect");
  CHECK(flaw("set 1 x").starts_with("1:5: expected the name of a variable"));
  CHECK(flaw("option fast on") == "1:8: expected within, strict or autopong");
  CHECK(flaw("option strict yes") == "1:15: expected on or off, not \"yes\"");
  CHECK(flaw("wait 1 <<EOF\nEOF").ends_with("<<EOF has no place here"));
  CHECK(flaw("exec") == "1:5: expected a command");
  CHECK(flaw("connect echo:\nbinary 0") == "2:8: wants pairs of hexadecimal digits");
  CHECK(flaw("connect echo:\nclose x").starts_with("2:7: "));
  CHECK(flaw("connect echo:\nfile") == "2:5: expected a file");
  CHECK(flaw("connect echo:\nsend {{x}}") == "2:6: {{x}} stands for nothing (\\{{ stands for {{)");
  CHECK(flaw("connect echo:\nsend {{1}}") == "2:6: there is no group 1");
  CHECK(flaw("connect echo:\nsend {{x") != "none");
}

TEST_CASE("options are read before anything is opened") {
  CHECK(flaw("connect --bogus echo:") == "1:9: unknown option --bogus");
  CHECK(flaw("connect") == "1:8: no URL");
  CHECK(flaw("connect 'echo:").starts_with("1:"));
  CHECK(flaw("connect echo: --reconnect").ends_with("--reconnect has no place in a script"));
  CHECK(flaw("connect -u me echo:").ends_with("there is nobody to ask for a password"));
  CHECK(flaw("listen x").starts_with("1:"));
  const Script script = parsed("connect {{url}} -H 'A: b c' --bearer {{url}}", {}, {"url"});
  CHECK(only<Connect>(script, 0).words.size() == 5);
}

TEST_CASE("connections have names, all of them, or there is one at a time") {
  CHECK(flaw("connect echo: as a\na: send x\nb: send x") == "3:1: there is no connection b by then");
  CHECK(flaw("connect echo: as a\nsend x") == "2:1: which connection? NAME: in front of it says so");
  CHECK(flaw("connect echo:\nconnect echo: as b") == "2:1: a connection before has no name (give each one: as NAME)");
  CHECK(flaw("connect echo: as a\nconnect echo:") == "2:1: connections before have names (give each one: as NAME)");
  CHECK(flaw("connect echo: as a\na: wait 1") == "2:4: wait is not about a connection");
  CHECK(flaw("connect echo: as a\na:") == "2:3: expected a statement behind the name");
  CHECK(flaw("connect echo: as 'a b'").starts_with("1:18: expected a name"));
  const Script script = parsed("connect echo: as a\n a:  send b: x");
  CHECK(script.statements[1].party == "a");
  CHECK(only<Send>(script).text.parts().front().text == "b: x");
  CHECK(script.statements[1].place.column == 6);
}

TEST_CASE("a listener has a name, and gives values") {
  CHECK(flaw("accept") == "1:1: nothing listens by then (listen PORT)");
  CHECK(flaw("listen 0\nlisten 0") == "2:1: there is a listener server already");
  CHECK(flaw("listen 0 as a\nlisten 0 as b\naccept") == "3:1: from which listener? (accept from NAME)");
  CHECK(flaw("listen 0 as a\naccept from b") == "2:8: there is no listener b by then");
  CHECK(flaw("listen 0\naccept soon") == "2:8: expected from NAME, within S or as NAME");
  CHECK(flaw("connect {{server.url}}") != "none");
  const Script script = parsed("listen 0\nconnect {{server.url}} as c\naccept within 2 as s");
  CHECK(only<Accept>(script, 2).from == "server");
  CHECK(only<Accept>(script, 2).as == "s");
  CHECK(only<Accept>(script, 2).within);
}

TEST_CASE("sections are those outside of blocks") {
  const Script script = parsed("## one\nwait 0\n##   two words \nrepeat 2\n## three\nwait 0\nend");
  CHECK(only<Section>(script, 0).name == "one");
  CHECK(only<Section>(script, 2).name == "two words");
  CHECK(only<Repeat>(script, 3).block.size() == 1);
  CHECK(parsed("## \n##\t\n## ").statements.empty());
}
