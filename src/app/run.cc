#include "app/run.h"

#include <csignal>
#include <variant>

#include "app/connect_session.h"
#include "app/outcome.h"
#include "app/serve.h"
#include "app/standard_streams.h"
#include "cli/command_line.h"

namespace wscope::app {
namespace {

Outcome failure(base::Error error) {
  Outcome outcome;
  outcome.fail(std::move(error));
  return outcome;
}

Outcome show(const cli::ShowText& command) {
  if (print_out(command.text)) return {};
  return failure({base::ErrorKind::io, "cannot write to the standard output"});
}

Outcome execute(const cli::Command& command) {
  if (const auto* text = std::get_if<cli::ShowText>(&command)) return show(*text);
  auto signals = net::Signals::install({SIGINT, SIGTERM});
  if (!signals) return failure(std::move(signals).error());
  Loop loop;
  if (const auto* echo = std::get_if<cli::EchoCommand>(&command)) return serve(loop, *signals, *echo);
  return connect_and_pipe(loop, *signals, std::get<cli::ConnectCommand>(command));
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  fill_standard_streams();
  const auto command = cli::parse_command_line(arguments);
  const Outcome outcome = command ? execute(*command) : failure(command.error());
  if (outcome.error()) print_error(describe(*outcome.error()));
  return outcome.status();
}

}  // namespace wscope::app
