#include "cli/interaction_arguments.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/parsing.h"

using namespace wscope;

namespace {

base::Result<session::Interaction> read(const std::vector<std::string>& arguments) {
  CLI::App app;
  cli::TypedInteraction typed;
  cli::add_interaction(app, typed);
  if (const auto parsed = cli::parse(app, arguments); !parsed) return parsed.error();
  return cli::read_interaction(typed);
}

}  // namespace

TEST_CASE("by default colours are a matter of the terminal, and what is typed is kept") {
  const auto interaction = read({});
  REQUIRE(interaction.ok());
  CHECK(interaction->color == report::Color::automatic);
  CHECK(interaction->history);
  CHECK(!interaction->shows_control);
  CHECK(!interaction->pretty_json);
  CHECK(interaction->commands.empty());
}

TEST_CASE("a person may choose") {
  const auto interaction =
      read({"--color", "never", "--no-history", "-P", "--json-pretty", "--slash", "--commands", "-"});
  REQUIRE(interaction.ok());
  CHECK(interaction->color == report::Color::never);
  CHECK(!interaction->history);
  CHECK(interaction->shows_control);
  CHECK(interaction->pretty_json);
  CHECK(interaction->commands == "-");
}

TEST_CASE("colours may be refused as in wscat") {
  CHECK(read({"--no-color"})->color == report::Color::never);
  CHECK(read({"--no-color", "--color=always"}).error().message == "--color excludes --no-color");
}

TEST_CASE("a choice that there is not is an error") {
  CHECK(read({"--color", "blue"}).error().message == "--color wants auto|always|never, not \"blue\"");
  CHECK(!read({"--commands", ""}).ok());
}
