#include "repl/aliases.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("a name stands for a line, and what is behind it goes behind that") {
  repl::Aliases aliases;
  CHECK(aliases.set("hi", "/send hello,").ok());
  CHECK(aliases.set("a-b_c.1", "text").ok());
  CHECK(aliases.expand("/hi") == "/send hello,");
  CHECK(aliases.expand("/hi  you  there ") == "/send hello, you  there ");
  CHECK(aliases.expand("/a-b_c.1") == "text");
  for (const char* line : {"hi", "//hi", "/hi2", "/", "", "/ hi"}) CHECK(aliases.expand(line) == line);
}

TEST_CASE("a name may stand for another one, and not for ever") {
  repl::Aliases aliases;
  CHECK(aliases.set("one", "/two 1").ok());
  CHECK(aliases.set("two", "/send 2").ok());
  CHECK(aliases.expand("/one 0") == "/send 2 1 0");
  CHECK(aliases.set("two", "/one").ok());
  CHECK(aliases.expand("/one").starts_with("/"));
}

TEST_CASE("names are listed and forgotten") {
  repl::Aliases aliases;
  CHECK(aliases.describe().empty());
  CHECK(aliases.set("b", "/send \x1b").ok());
  CHECK(aliases.set("a", "x").ok());
  CHECK(aliases.describe() == "  /a x\n  /b /send \\x1b\n");
  CHECK(aliases.remove("b"));
  CHECK_FALSE(aliases.remove("b"));
  CHECK(aliases.describe() == "  /a x\n");
}

TEST_CASE("what is a command, or no name, is no alias") {
  repl::Aliases aliases;
  CHECK(aliases.set("help", "x").error().message == "/help is a command");
  CHECK(aliases.set("exit", "x").error().message == "/exit is a command");
  CHECK(aliases.set("hel", "x").ok());
  for (const char* name : {"", "a b", "ä", "/a"}) CHECK_FALSE(aliases.set(name, "x").ok());
}
