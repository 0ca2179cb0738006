#include "app/run.h"

#include <algorithm>
#include <csignal>
#include <initializer_list>
#include <iterator>
#include <new>
#include <variant>

#include <unistd.h>

#include "check/run.h"
#include "cli/command_line.h"
#include "cli/option_table.h"
#include "decode/decode.h"
#include "decode/encode.h"
#include "link/connection_options.h"
#include "net/file.h"
#include "repl/prompts.h"
#include "report/reporter.h"
#include "script/run.h"
#include "session/connect_front.h"
#include "session/exec_front.h"
#include "session/forward_front.h"
#include "session/ping_front.h"
#include "session/pipe_front.h"
#include "session/repl_front.h"
#include "session/script_front.h"
#include "session/serve_front.h"
#include "streams/outcome.h"
#include "streams/standard_streams.h"

namespace wscope::app {
namespace {

streams::Outcome failure(base::Error error) {
  streams::Outcome outcome;
  outcome.fail(std::move(error));
  return outcome;
}

// Before there is a session that would tell.
streams::Outcome early_failure(const cli::Command& command, base::Error error) {
  report::report_early(*session::reporting_of(command), error);
  return failure(std::move(error));
}

streams::Outcome show(const cli::ShowText& command) {
  if (streams::print_out(command.text)) return {};
  return failure({base::ErrorKind::io, "cannot write to the standard output"});
}

streams::Outcome interrupted(int signal) {
  streams::Outcome outcome;
  outcome.end(streams::exit_status_of_signal(signal));
  return outcome;
}

session::ReplStart start_of(cli::Command& command) {
  if (auto* server = std::get_if<session::ServeCommand>(&command)) return std::move(*server);
  if (auto* client = std::get_if<session::ConnectCommand>(&command)) return std::move(*client);
  return std::get<session::UnconnectedCommand>(command);
}

std::uint64_t memory_for(const cli::Command& command) noexcept {
  if (const auto* server = std::get_if<session::ServeCommand>(&command)) return link::most_held_of(server->limits);
  if (const auto* client = std::get_if<session::ConnectCommand>(&command)) return link::most_held_of(client->limits);
  if (const auto* client = std::get_if<session::ForwardCommand>(&command)) return link::most_held_of(client->limits);
  if (const auto* client = std::get_if<session::PingCommand>(&command)) return link::most_held_of(client->limits);
  return link::most_held;
}

// Nothing to connect to, and nobody who could say it.
bool lacks_url(const cli::Command& command) {
  const auto* unconnected = std::get_if<session::UnconnectedCommand>(&command);
  return unconnected != nullptr && unconnected->interaction.commands.empty() && !session::wants_repl(command);
}

// Somebody who types stops a program, and changes the window.
base::Result<net::Signals> install_signals(const cli::Command& command, bool interactive, bool scripted) {
  if (interactive) return net::Signals::install(session::repl_signals);
  const auto* server = std::get_if<session::ServeCommand>(&command);
  const auto* client = std::get_if<session::ConnectCommand>(&command);
  const bool has_programs =
      client != nullptr ? client->exec.has_value() : server != nullptr && server->exec.has_value();
  if (has_programs) return net::Signals::install(session::program_signals);
  const bool reads_stdin =
      client != nullptr ? client->reads_stdin : server != nullptr && server->service == link::ServiceKind::pipe;
  const bool typed = reads_stdin && !scripted && streams::TypedInput::is_typed();
  return typed ? net::Signals::install(session::typed_signals) : net::Signals::install({SIGINT, SIGTERM});
}

// What `run` makes of these signals.
template <typename Run>
streams::Outcome with_signals(std::initializer_list<int> numbers, const Run& run) {
  auto signals = net::Signals::install(numbers);
  return signals ? run(*signals) : failure(std::move(signals).error());
}

// The same, once the person was asked for the passwords that `plan` lacks.
template <typename Plan, typename Run>
streams::Outcome with_secrets(std::initializer_list<int> numbers, Plan& plan, const Run& run) {
  return with_signals(numbers, [&plan, &run](net::Signals& signals) {
    auto asked = repl::ask_what_is_missing(plan, signals);
    if (!asked) return failure(std::move(asked).error());
    return *asked ? interrupted(**asked) : run(signals);
  });
}

streams::Outcome forward(link::Loop& loop, session::ForwardCommand& command) {
  return with_secrets(session::forward_signals, command,
                      [&](net::Signals& signals) { return session::forward(loop, signals, command); });
}

streams::Outcome ping(link::Loop& loop, session::PingCommand& command) {
  return with_secrets(session::ping_signals, command,
                      [&](net::Signals& signals) { return session::ping(loop, signals, command); });
}

// A run takes signals of its own, those of programs too.
streams::Outcome check(link::Loop& loop, check::CheckPlan& plan) {
  const streams::Outcome asked =
      with_secrets({SIGINT, SIGTERM}, plan, [](net::Signals&) { return streams::Outcome(); });
  return asked.decided() ? asked : check::run_check(loop, plan);
}

streams::Outcome decode_input(const decode::DecodePlan& plan) {
  return with_signals({SIGINT, SIGTERM}, [&](net::Signals& signals) { return decode::decode(plan, signals); });
}

streams::Outcome encode_items(link::Loop& loop, const decode::EncodePlan& plan) {
  return with_signals({SIGINT, SIGTERM},
                      [&](net::Signals& signals) { return decode::encode(plan, loop.random, signals); });
}

streams::Outcome execute(link::Loop& loop, cli::Command& command) {
  if (const auto* text = std::get_if<cli::ShowText>(&command)) return show(*text);
  if (auto* plan = std::get_if<script::RunPlan>(&command)) {
    return script::run_scripts(loop, std::move(*plan), cli::in_session);
  }
  if (auto* plan = std::get_if<check::CheckPlan>(&command)) return check(loop, *plan);
  if (auto* plan = std::get_if<session::ForwardCommand>(&command)) return forward(loop, *plan);
  if (auto* plan = std::get_if<session::PingCommand>(&command)) return ping(loop, *plan);
  if (const auto* plan = std::get_if<decode::DecodePlan>(&command)) return decode_input(*plan);
  if (const auto* plan = std::get_if<decode::EncodePlan>(&command)) return encode_items(loop, *plan);
  const session::Interaction* interaction = session::interaction_of(command);
  const bool scripted = interaction != nullptr && !interaction->commands.empty();
  const bool interactive = !scripted && session::wants_repl(command);
  if (interaction != nullptr && interaction->stays && !interactive) {
    return early_failure(command, base::usage_error("--stay is for a person at a terminal"));
  }
  auto signals = install_signals(command, interactive, scripted);
  if (!signals) return early_failure(command, std::move(signals).error());
  auto* server = std::get_if<session::ServeCommand>(&command);
  auto* client = std::get_if<session::ConnectCommand>(&command);
  base::Result<std::optional<int>> asked = std::optional<int>();
  if (server != nullptr) asked = repl::ask_what_is_missing(*server, *signals);
  if (client != nullptr) asked = repl::ask_what_is_missing(*client, *signals);
  if (!asked) return early_failure(command, asked.error());
  if (*asked) return interrupted(**asked);
  if (interactive) return session::run_repl(loop, *signals, start_of(command), cli::in_session);
  if (scripted) return session::run_script(loop, *signals, start_of(command), cli::in_session.read);
  if (server != nullptr) return session::serve(loop, *signals, *server);
  return client->exec ? session::connect_and_exec(loop, *signals, *client)
                      : session::connect_and_pipe(loop, *signals, *client);
}

// So early, there is only the wish for JSON.
bool wish_for_json(const std::vector<std::string>& arguments) {
  constexpr cli::OptionName in_one_word[] = {"--json", "--out=json", "--format=json", "--report=json"};
  constexpr cli::OptionName in_two_words[] = {"--out", "--format", "--report"};
  std::string before;
  for (const std::string& argument : arguments) {
    if (argument == "--") return false;  // what follows is a program's
    const auto is_argument = [&argument](cli::OptionName name) { return argument == name.text(); };
    if (std::any_of(std::begin(in_one_word), std::end(in_one_word), is_argument)) return true;
    const auto is_before = [&before](cli::OptionName name) { return before == name.text(); };
    if (argument == "json" && std::any_of(std::begin(in_two_words), std::end(in_two_words), is_before)) return true;
    before = argument;
  }
  return false;
}

void report_usage_error(const base::Error& error, const std::vector<std::string>& arguments) {
  if (wish_for_json(arguments)) report::report_early({.format = streams::OutputFormat::json}, error);
}

int run_command(const std::vector<std::string>& arguments) {
  auto command = cli::parse_command_line(arguments);
  if (command && lacks_url(*command)) command = cli::no_url_error();
  if (!command) report_usage_error(command.error(), arguments);
  link::Loop loop(nullptr, command ? memory_for(*command) : link::most_held);
  const streams::Outcome outcome = command ? execute(loop, *command) : failure(command.error());
  const report::Reporting* reporting = command ? session::reporting_of(*command) : nullptr;
  const bool hints = reporting == nullptr || reporting->verbosity != report::Verbosity::quiet;
  const std::string last =
      outcome.error() ? streams::describe(*outcome.error(), hints ? streams::Hints::shown : streams::Hints::left_out)
                      : std::string();
  loop.errors.finish(last + outcome.words());
  return outcome.status();
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  streams::fill_standard_streams();
  try {
    return run_command(arguments);
  } catch (const std::bad_alloc&) {  // whoever has changed a terminal has put it right by now
    static_cast<void>(net::write_all(STDERR_FILENO, "wscope: out of memory\n"));
    return streams::exit_status(base::ErrorKind::io);
  }
}

}  // namespace wscope::app
