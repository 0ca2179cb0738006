#include "cli/generated.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace wscope;

namespace {

std::string complaint(const std::vector<std::string>& words) {
  const auto text = cli::generated(words);
  return text ? "" : text.error().message;
}

}  // namespace

TEST_CASE("each shell has its completion") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const auto text = cli::generated({shell});
    REQUIRE_MESSAGE(text.ok(), shell);
    CHECK(text->find("Completion of wscope for " + shell) != std::string::npos);
    CHECK(text->back() == '\n');
  }
}

TEST_CASE("the manual is whole, in how many pieces it may be stored") {
  const auto text = cli::generated({"man"});
  REQUIRE(text.ok());
  CHECK(text->starts_with(".Dd "));
  CHECK(text->find("\n.Sh EXIT STATUS\n") != std::string::npos);
  CHECK(text->back() == '\n');
}

TEST_CASE("a command that has a manual of its own has it printed") {
  const auto text = cli::generated({"man", "run"});
  REQUIRE(text.ok());
  CHECK(text->find("\n.Dt WSCOPE-RUN 1\n") != std::string::npos);
}

TEST_CASE("what is not there is told with what is") {
  const std::string what = "--generate wants man, with a command if need be, bash, zsh or fish, not ";
  CHECK(complaint({}) == what + "\"\"");
  CHECK(complaint({"tcsh"}) == what + "\"tcsh\"");
  CHECK(complaint({"bash", "run"}) == what + "\"bash run\"");
  CHECK(complaint({"man", "run", "echo"}) == what + "\"man run echo\"");
  const std::string none = complaint({"man", "echo"});
  CHECK(none.starts_with("no manual of its own: echo ("));
  CHECK(none.find("run") != std::string::npos);
}
