#include "cli/serve_arguments.h"

#include "cli/endpoint.h"
#include "cli/parsing.h"

namespace wscope::cli {

base::Result<Command> parse_serve(const std::string& name, const std::vector<std::string>& arguments) {
  std::string where;
  bool echo = false;
  TypedTimeouts typed_timeouts;
  CLI::App app(
      "Listens on PORT (8080; 0 for any that is free), on this machine only unless ADDR says otherwise, and\n"
      "sends every message back.",
      "wscope " + name);
  app.set_help_flag("-h,--help", "print this");
  app.add_option("[ADDR:]PORT", where, "where to listen");
  app.add_flag("--echo", echo, "send every message back");
  add_timeouts(app, typed_timeouts, Side::server);
  const auto parsed = parse(app, arguments);
  if (!parsed) return parsed.error();
  if (!*parsed) return ShowText{app.help()};

  EchoCommand command;
  if (name == "listen" && !echo) return usage_error("listen needs --echo");
  if (!where.empty()) {
    const auto address = parse_listen_address(where);
    if (!address) return address.error();
    command.address = *address;
  }
  const auto timeouts = read_timeouts(typed_timeouts);
  if (!timeouts) return timeouts.error();
  command.timeouts = *timeouts;
  return command;
}

}  // namespace wscope::cli
