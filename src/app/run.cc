#include "app/run.h"

#include <variant>

#include "app/connect_session.h"
#include "app/outcome.h"
#include "app/serve.h"
#include "app/standard_streams.h"
#include "cli/command_line.h"

namespace wscope::app {
namespace {

Outcome execute(const cli::Command& command) {
  if (const auto* connect = std::get_if<cli::ConnectCommand>(&command)) return connect_and_pipe(*connect);
  if (const auto* echo = std::get_if<cli::EchoCommand>(&command)) return serve(*echo);
  Outcome outcome;
  if (!print_out(std::get<cli::ShowText>(command).text)) {
    outcome.fail({base::ErrorKind::io, "cannot write to the standard output"});
  }
  return outcome;
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  fill_standard_streams();
  const auto command = cli::parse_command_line(arguments);
  Outcome outcome;
  if (command) {
    outcome = execute(*command);
  } else {
    outcome.fail(command.error());
  }
  if (outcome.error()) print_error(describe(*outcome.error()));
  return outcome.status();
}

}  // namespace wscope::app
