#include "repl/slash_commands.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "repl/words.h"
#include "view/escape.h"
#include "view/spelling.h"

namespace wscope::repl {
namespace {

constexpr std::array<SlashCommand, 29> table = {{
    {Action::connect, "connect", "", "URL [OPTIONS]", "open a connection and use it",
     "Options are those of `wscope connect` that are about one connection; those of\n"
     "the whole session (formats, diagnostics, how long it lasts) are errors.\n"
     "Words with blanks stand in quotes.",
     Completes::url},
    {Action::listen, "listen", "", "[[ADDR:]PORT] [OPTIONS]", "be a server",
     "Options are those of `wscope listen` that are about its clients.\n"
     "These are numbered like connections.",
     Completes::address},
    {Action::disconnect, "disconnect", "", "[N|all|:PORT]", "close and stay here (the one in use)",
     "all stops listeners, too, and :PORT those at that port.", Completes::end},
    {Action::abort, "abort", "", "[N|all]", "end at once, without a Close, and stay here", "", Completes::connection},
    {Action::send, "send", "text", "TEXT", "send a text message, whatever it begins with", "", Completes::nothing},
    {Action::binary, "binary", "", "HEX|base64:DATA|@FILE", "send a binary message", "", Completes::file},
    {Action::file, "file", "", "PATH", "send the content of a file as a text message", "", Completes::file},
    {Action::ping, "ping", "", "[DATA]", "send a Ping; its Pong shows the round-trip time", "", Completes::nothing},
    {Action::pong, "pong", "", "[DATA]", "send a Pong that nobody has asked for", "", Completes::nothing},
    {Action::close, "close", "", "[CODE [REASON]]", "send a Close and wait for the answer (1000)", "",
     Completes::close_code},
    {Action::fragment, "fragment", "", "SIZE TEXT", "send a text message in frames of SIZE bytes", "",
     Completes::nothing},
    {Action::frame, "frame", "", "OPCODE [fin=0] [rsv=N] [mask=no|HEX] [len=N] [width=7|16|64] [PAYLOAD]",
     "send any frame, legal or not",
     "OPCODE is cont, text, binary, close, ping, pong or 0 to 15. rsv is a number\n"
     "from 0 to 7 (4 is RSV1). len and width are what the header claims.\n"
     "PAYLOAD is text, or hex:HEX, base64:DATA or @FILE.",
     Completes::opcode},
    {Action::raw, "raw", "", "HEX|base64:DATA|@FILE", "send bytes as they are, in no frame", "", Completes::file},
    {Action::hex, "hex", "", "[on|off]", "show every frame with its bytes, or do not", "", Completes::on_off},
    {Action::json, "json", "", "[on|off]", "show JSON messages indented, or do not", "", Completes::on_off},
    {Action::show, "show", "", "[WHAT [on|off|relative]]", "choose what is shown", "", Completes::shown},
    {Action::last, "last", "", "", "page the last message that came", "", Completes::nothing},
    {Action::save, "save", "", "FILE", "write the last message that came to a file", "", Completes::file},
    {Action::resend, "resend", "", "[N]", "send the last message that was sent again, or the one N before", "",
     Completes::nothing},
    {Action::edit, "edit", "", "[TEXT]", "write a message in $EDITOR", "", Completes::nothing},
    {Action::status, "status", "", "[N|all]", "tell all about a connection", "", Completes::connection},
    {Action::use, "use", "", "N|all", "choose the connection that lines go to", "", Completes::connection},
    {Action::connections, "connections", "", "", "list connections and listeners", "", Completes::nothing},
    {Action::wait, "wait", "", "SECONDS", "do nothing for a while (in scripts)", "", Completes::nothing},
    {Action::source, "source", "", "FILE", "obey the lines of a file as if they were typed", "", Completes::file},
    {Action::set, "set", "", "keymap emacs|vi", "choose the keys of the line editor", "", Completes::setting},
    {Action::clear, "clear", "", "", "clear the screen", "", Completes::nothing},
    {Action::help, "help", "", "[COMMAND]", "print this, or more about a command", "", Completes::command},
    {Action::quit, "quit", "exit", "", "close everything and end", "", Completes::nothing},
}};

// Columns that every terminal has.
constexpr std::size_t narrow = 80;

constexpr std::array<Switch, 6> switch_table = {{
    {"frames", "every frame, as /hex does"},
    {"control", "Ping, Pong and Close as they come"},
    {"timestamps", "when a message came; also: relative, the time since the one before"},
    {"json", "JSON messages indented, as /json does"},
    {"whole", "long messages to their end and not a screenful"},
    {"numbers", "the number of the connection, also if there is only one"},
}};

// Whether the arguments end with a text, whose blanks are part of it.
bool ends_with_text(Action action) noexcept {
  switch (action) {
    case Action::send:
    case Action::ping:
    case Action::pong:
    case Action::close:
    case Action::fragment:
    case Action::frame:
    case Action::edit:
      return true;
    default:
      return false;
  }
}

// The command that was probably meant; null if none is near.
const SlashCommand* nearest_command(std::string_view name) {
  std::array<std::string_view, table.size()> names;
  std::transform(table.begin(), table.end(), names.begin(), [](const SlashCommand& command) { return command.name; });
  return find_slash_command(view::nearest(name, names));
}

// The usage line is the hint.
base::Error wrong_arguments(const SlashCommand& command, std::string_view message) {
  return base::usage_error(fmt::format("/{}: {}", command.name, message), usage(command));
}

}  // namespace

std::span<const SlashCommand> slash_commands() noexcept { return table; }

std::span<const Switch> switches() noexcept { return switch_table; }

const SlashCommand* find_slash_command(std::string_view name) noexcept {
  if (name.empty()) return nullptr;
  const auto found = std::find_if(table.begin(), table.end(), [name](const SlashCommand& command) {
    return command.name == name || command.alias == name;
  });
  return found == table.end() ? nullptr : &*found;
}

base::Result<std::variant<TypedText, TypedCommand>> parse_line(std::string_view line) {
  using Typed = std::variant<TypedText, TypedCommand>;
  if (!line.starts_with('/')) return Typed(TypedText{line});
  line.remove_prefix(1);
  if (line.starts_with('/')) return Typed(TypedText{line});
  std::string_view arguments = line;
  const std::string_view name = line.starts_with(' ') ? std::string_view() : take_word(arguments);
  const SlashCommand* command = find_slash_command(name);
  if (command == nullptr) {
    const SlashCommand* meant = nearest_command(name);
    std::string hint = meant != nullptr ? fmt::format("/{}?", meant->name) : "/help lists the commands";
    hint += "; a text that begins with / is typed with //";
    return base::usage_error(fmt::format("/{}: no such command", view::escape(name)), std::move(hint));
  }
  const bool text = command->action == Action::send || command->action == Action::edit;
  if (text) arguments = line.substr(std::min(name.size() + 1, line.size()));  // behind one blank
  if (!ends_with_text(command->action)) arguments = arguments.substr(0, arguments.find_last_not_of(" \t\n") + 1);
  if (command->arguments.empty() && !arguments.empty()) return wrong_arguments(*command, "takes no arguments");
  return Typed(TypedCommand{command, arguments});
}

std::string usage(const SlashCommand& command) {
  return fmt::format("/{}{}{}", command.name, command.arguments.empty() ? "" : " ", command.arguments);
}

base::Error not_now(std::string message) { return {base::ErrorKind::not_now, std::move(message)}; }

base::Error about(const SlashCommand& command, base::Error error) {
  if (!error.hint.empty()) return error;
  if (error.kind == base::ErrorKind::usage) return wrong_arguments(command, error.message);
  if (error.kind == base::ErrorKind::not_now) error.message = fmt::format("/{}: {}", command.name, error.message);
  return error;
}

std::string help_text() {
  std::string text =
      "A line is sent as a text message; // begins one that begins with /. Alt-Enter begins a new line.\n";
  constexpr std::size_t column = 34;
  for (const SlashCommand& command : table) {
    const std::string left = usage(command);
    text += fmt::format("  {}", left);
    text += left.size() + 2 > column ? "\n" + std::string(column + 2, ' ') : std::string(column - left.size(), ' ');
    text += fmt::format("{}\n", command.summary);
  }
  return text + "Tab completes, Ctrl-R searches, Ctrl-C clears the line and on an empty one quits.\n";
}

std::string help_text(const SlashCommand& command) {
  const std::string left = usage(command);
  const bool fits = left.size() + command.summary.size() + 2 <= narrow;
  std::string text = fmt::format("{}:{}{}\n", left, fits ? " " : "\n", command.summary);
  if (!command.alias.empty()) text += fmt::format("The same as /{}.\n", command.alias);
  if (!command.details.empty()) text += fmt::format("{}\n", command.details);
  if (command.action != Action::show) return text;
  for (const Switch& shown : switch_table) text += fmt::format("  {:<12}{}\n", shown.name, shown.summary);
  return text;
}

}  // namespace wscope::repl
