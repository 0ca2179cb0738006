#include "cli/interaction_arguments.h"

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using session::ConnectCommand;
using session::ServeCommand;

TEST_CASE_TEMPLATE("by default colours are a matter of the terminal, and what is typed is kept", Wanted, ConnectCommand,
                   ServeCommand) {
  const session::Interaction interaction = with<Wanted>({}).interaction;
  CHECK(interaction.color == view::ColorChoice::automatic);
  CHECK(interaction.history);
  CHECK(!interaction.shows_control);
  CHECK(!interaction.pretty_json);
  CHECK(interaction.commands.empty());
}

TEST_CASE_TEMPLATE("a person may choose", Wanted, ConnectCommand, ServeCommand) {
  const session::Interaction interaction =
      with<Wanted>({"--color", "never", "--no-history", "-P", "--json-pretty", "--slash", "--commands", "-"})
          .interaction;
  CHECK(interaction.color == view::ColorChoice::never);
  CHECK(!interaction.history);
  CHECK(interaction.shows_control);
  CHECK(interaction.pretty_json);
  CHECK(interaction.commands == "-");
  CHECK(with<Wanted>({"--color=always"}).interaction.color == view::ColorChoice::always);
  CHECK(with<Wanted>({"--color=auto"}).interaction.color == view::ColorChoice::automatic);
}

TEST_CASE_TEMPLATE("colours may be refused as in wscat", Wanted, ConnectCommand, ServeCommand) {
  CHECK(with<Wanted>({"--no-color"}).interaction.color == view::ColorChoice::never);
  CHECK(complaint_with<Wanted>({"--no-color", "--color=always"}) == "--color excludes --no-color");
}

TEST_CASE_TEMPLATE("a choice that there is not is an error", Wanted, ConnectCommand, ServeCommand) {
  CHECK(complaint_with<Wanted>({"--color", "blue"}) == "--color wants auto|always|never, not \"blue\"");
  CHECK(complaint_with<Wanted>({"--commands", ""}) == "--commands: empty");
}
