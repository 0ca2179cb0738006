#include "repl/slash_commands.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "repl/words.h"
#include "view/escape.h"
#include "view/spelling.h"

namespace wscope::repl {
namespace {

constexpr std::array<SlashCommand, 44> table = {{
    {Action::connect, "connect", "", "URL [OPTIONS]", "open a connection and use it",
     "Options are those of `wscope connect` that are about one connection; those of\n"
     "the whole session (formats, diagnostics, how long it lasts) are errors.\n"
     "Words with blanks stand in quotes.",
     Completes::url, Task::connections},
    {Action::listen, "listen", "", "[[ADDR:]PORT] [OPTIONS]", "be a server",
     "Options are those of `wscope listen` that are about its clients.\n"
     "These are numbered like connections.",
     Completes::address, Task::connections},
    {Action::use, "use", "", "N|all", "choose the connection that lines go to", "", Completes::connection,
     Task::connections},
    {Action::connections, "connections", "", "", "list connections and listeners", "", Completes::nothing,
     Task::connections},
    {Action::status, "status", "", "[N|all]", "tell all about a connection", "", Completes::connection,
     Task::connections},
    {Action::disconnect, "disconnect", "", "[N|all|:PORT]", "close and stay here (the one in use)",
     "all stops listeners, too, and :PORT those at that port.", Completes::end, Task::connections},
    {Action::reconnect, "reconnect", "", "", "make the connection again: same URL, options and number",
     "One that is open is closed first. Without one, it is the one that was over last.", Completes::nothing,
     Task::connections},
    {Action::abort, "abort", "", "[N|all]", "end at once, without a Close, and stay here", "", Completes::connection,
     Task::connections},
    {Action::pause, "pause", "", "", "read nothing, or go on reading", "", Completes::nothing, Task::connections},
    {Action::send, "send", "text", "[-e] TEXT", "send a text message, whatever it begins with",
     "With -e \\n, \\t, \\x1b, \\u20ac and the like in TEXT are read, as --escape has it.", Completes::nothing,
     Task::sending},
    {Action::binary, "binary", "", "HEX|base64:DATA|@FILE", "send a binary message",
     "HEX is as in 00ff, 00 ff, 00:ff, 0x00ff or hex:00ff.", Completes::file, Task::sending},
    {Action::file, "file", "", "PATH", "send the content of a file as a text message", "", Completes::file,
     Task::sending},
    {Action::edit, "edit", "", "[TEXT]", "write a message in $EDITOR", "", Completes::nothing, Task::sending},
    {Action::ping, "ping", "", "[DATA]", "send a Ping; its Pong shows the round-trip time",
     "DATA is text, or hex:HEX, base64:DATA or @FILE.", Completes::nothing, Task::sending},
    {Action::pong, "pong", "", "[DATA]", "send a Pong that nobody has asked for",
     "DATA is text, or hex:HEX, base64:DATA or @FILE.", Completes::nothing, Task::sending},
    {Action::close, "close", "", "[CODE [REASON]]", "send a Close and wait for the answer (1000)", "",
     Completes::close_code, Task::sending},
    {Action::fragment, "fragment", "", "SIZE TEXT", "send a text message in frames of SIZE bytes", "",
     Completes::nothing, Task::sending},
    {Action::frame, "frame", "", "OPCODE [fin=0] [rsv=N] [mask=no|HEX] [len=N] [width=7|16|64] [PAYLOAD]",
     "send any frame, legal or not",
     "OPCODE is cont, text, binary, close, ping, pong or 0 to 15. rsv is a number\n"
     "from 0 to 7 (4 is RSV1). len and width are what the header claims.\n"
     "PAYLOAD is text, or hex:HEX, base64:DATA or @FILE; of a Close also CODE REASON.",
     Completes::opcode, Task::sending},
    {Action::raw, "raw", "", "HEX|base64:DATA|@FILE", "send bytes as they are, in no frame",
     "HEX is as that of /binary.", Completes::file, Task::sending},
    {Action::resend, "resend", "", "[N]", "send an entry of the transcript, or the last message that was sent, again",
     "", Completes::nothing, Task::sending},
    {Action::compress, "compress", "", "[on|off]", "compress what is sent, if that was agreed on", "",
     Completes::on_off, Task::sending},
    {Action::expect, "expect", "", "MATCH [within S]", "wait for a message that matches, 5 s or S",
     "MATCH is a regular expression, /RE/i, an expression as in .type == \"ack\", or\n"
     "hex:BYTES. It looks at what has come since the last line that was sent, or the\n"
     "last /expect that was met; in a file since the latter alone. Lines that are to\n"
     "be sent wait meanwhile, and are given up if no such message comes. Ctrl-C gives\n"
     "up. A file that waits in vain is at its end: exit status 11.",
     Completes::nothing, Task::conversation},
    {Action::reply, "reply", "", "[MATCH=TEXT|off [N]]", "answer each message that matches with a text",
     "The first rule that matches answers. In TEXT {{0}} and {{1}} are what MATCH and\n"
     "its groups have matched, {{.path}} is a part of JSON. @FILE is a file's content.\n"
     "Alone it lists the rules of the connection in use, off ends them, off N one.",
     Completes::off, Task::conversation},
    {Action::every, "every", "", "[SECONDS TEXT|off [N]]", "send a text again and again",
     "TEXT is as that of /reply, without a message: {{n}}, {{now}}, {{uuid}}.\n"
     "Alone it lists the rules of the connection in use, off ends them, off N one.",
     Completes::off, Task::conversation},
    {Action::hex, "hex", "", "[on|off]", "show every frame with its bytes, or do not", "", Completes::on_off,
     Task::seeing},
    {Action::json, "json", "", "[on|off]", "show JSON messages indented, or do not", "", Completes::on_off,
     Task::seeing},
    {Action::show, "show", "", "[WHAT [on|off|relative]]", "choose what is shown", "", Completes::shown, Task::seeing},
    {Action::filter, "filter", "", "[MATCH|off]", "show only messages that match; the transcript has all",
     "MATCH is as that of /expect.", Completes::off, Task::seeing},
    {Action::mute, "mute", "", "[MATCH|off]", "show no messages that match; the transcript has all",
     "MATCH is as that of /expect.", Completes::off, Task::seeing},
    {Action::clear, "clear", "", "", "clear the screen", "", Completes::nothing, Task::seeing},
    {Action::last, "last", "", "[N|#N [hex|json|raw]]", "show the last message that came",
     "N lists so many entries of the transcript, of the connection in use, or with\n"
     "/use all of all: their number, direction, time, how long it took from our last\n"
     "message to the first one behind it, and what was said. #N shows one of them.",
     Completes::nothing, Task::looking_back},
    {Action::search, "search", "", "MATCH", "list the entries of the transcript that match",
     "MATCH is as that of /expect. They are listed as /last N lists them.", Completes::nothing, Task::looking_back},
    {Action::diff, "diff", "", "N M", "show what is different between two entries of the transcript", "",
     Completes::nothing, Task::looking_back},
    {Action::copy, "copy", "", "[N]", "put an entry, or the last message that came, on the clipboard",
     "The terminal does it, if it knows OSC 52, with up to 74 KiB.", Completes::nothing, Task::looking_back},
    {Action::save, "save", "", "FILE", "write the last message that came to a file", "", Completes::file,
     Task::looking_back},
    {Action::log, "log", "", "FILE|off", "record the transcript, and what comes, in a new file", "", Completes::log,
     Task::looking_back},
    {Action::alias, "alias", "", "[NAME [LINE]]", "have /NAME stand for a line",
     "What is behind /NAME goes behind LINE. Without LINE the name is forgotten,\n"
     "without a name all of them are listed.",
     Completes::nothing, Task::session},
    {Action::set, "set", "", "[NAME [VALUE]|keymap emacs|vi]", "give a variable its value, or choose the editor's keys",
     "Without a value the variable is forgotten, without a name all of them are\n"
     "listed. /vars on has {{NAME}} filled in.",
     Completes::setting, Task::session},
    {Action::vars, "vars", "", "[on|off]", "fill in {{NAME}} in lines that are typed, or do not",
     "In what is sent, a MATCH, the words of /connect and /listen and the value of\n"
     "/set. {{0}}, {{1}} and {{.path}} are of the message that /expect matched.\n"
     "\\{{ stands for two braces.",
     Completes::on_off, Task::session},
    {Action::capture, "capture", "", "NAME = .PATH|/RE/|text|hex|header FIELD|status|code|reason|rtt",
     "keep a part of what /expect matched, or of the last message",
     "header and status are those of the handshake, code and reason of the last Close,\n"
     "rtt of the last Pong, in ms.",
     Completes::nothing, Task::session},
    {Action::source, "source", "", "FILE", "obey the lines of a file as if they were typed", "", Completes::file,
     Task::session},
    {Action::wait, "wait", "", "SECONDS", "do nothing for a while (in scripts)", "", Completes::nothing, Task::session},
    {Action::help, "help", "", "[COMMAND|keys]", "print this, or more about a command or the keys", "",
     Completes::command, Task::session},
    {Action::quit, "quit", "exit", "", "close everything and end", "", Completes::nothing, Task::session},
}};

// Columns that every terminal has.
constexpr std::size_t narrow = 80;

constexpr std::array<std::pair<Task, std::string_view>, 6> headings = {{
    {Task::connections, "Connections"},
    {Task::sending, "Sending"},
    {Task::conversation, "Conversations"},
    {Task::seeing, "What is shown"},
    {Task::looking_back, "Looking back"},
    {Task::session, "The session"},
}};

constexpr std::array<Switch, 8> switch_table = {{
    {"handshake", "both heads of the connection in use, or of the last that failed"},
    {"frames", "every frame, as /hex does"},
    {"control", "Ping, Pong and Close as they come"},
    {"timestamps", "when a message came; also: relative, the time since the one before"},
    {"json", "JSON messages indented, as /json does"},
    {"ascii", "binary messages that are ASCII as text"},
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

// Those whose names begin so.
std::vector<const SlashCommand*> beginning_with(std::string_view name) {
  std::vector<const SlashCommand*> found;
  for (const SlashCommand& command : table) {
    if (command.name.starts_with(name) || command.alias.starts_with(name)) found.push_back(&command);
  }
  return found;
}

base::Error no_such_command(std::string_view name) {
  const auto begun = name.empty() ? std::vector<const SlashCommand*>() : beginning_with(name);
  std::string hint;
  if (begun.size() > 1) {
    for (const SlashCommand* command : begun) hint += fmt::format("{}/{}", hint.empty() ? "" : ", ", command->name);
    return base::usage_error(fmt::format("/{}: more than one command begins so", view::escape(name)), std::move(hint));
  }
  const SlashCommand* meant = nearest_command(name);
  hint = meant != nullptr ? fmt::format("/{}?", meant->name) : "/help lists the commands";
  hint += "; a text that begins with / is typed with //";
  return base::usage_error(fmt::format("/{}: no such command", view::escape(name)), std::move(hint));
}

// At words, each further line `indented`; text that is wider than `columns` has no better place.
std::string wrapped(std::string_view lines, std::optional<std::size_t> columns, std::size_t indented) {
  if (!columns || *columns <= indented) return std::string(lines);
  std::string text;
  std::size_t width = indented;
  std::size_t begin = 0;
  while (begin < lines.size()) {
    const std::size_t end = std::min(lines.find_first_of(" \n", begin), lines.size());
    const std::string_view word = lines.substr(begin, end - begin);
    const bool is_first = width == indented;
    if (!is_first && width + 1 + word.size() > *columns) {
      text += "\n" + std::string(indented, ' ');
      width = indented;
    } else if (!is_first) {
      text += ' ';
      ++width;
    }
    text += word;
    width += word.size();
    if (end < lines.size() && lines[end] == '\n') {
      text += '\n';
      width = indented;
    }
    begin = end + 1;
  }
  return text;
}

}  // namespace

std::span<const SlashCommand> slash_commands() noexcept { return table; }

std::span<const Switch> switches() noexcept { return switch_table; }

const SlashCommand* find_slash_command(std::string_view name) noexcept {
  if (name.empty()) return nullptr;
  const auto found = std::find_if(table.begin(), table.end(), [name](const SlashCommand& command) {
    return command.name == name || command.alias == name;
  });
  if (found != table.end()) return &*found;
  const auto begun = beginning_with(name);
  return begun.size() == 1 ? begun.front() : nullptr;
}

bool is_command(std::string_view name) noexcept {
  return std::any_of(table.begin(), table.end(), [name](const SlashCommand& command) {
    return !name.empty() && (command.name == name || command.alias == name);
  });
}

base::Result<std::variant<TypedText, TypedCommand>> parse_line(std::string_view line) {
  using Typed = std::variant<TypedText, TypedCommand>;
  if (!line.starts_with('/')) return Typed(TypedText{line});
  line.remove_prefix(1);
  if (line.starts_with('/')) return Typed(TypedText{line});
  std::string_view arguments = line;
  const std::string_view name = line.starts_with(' ') ? std::string_view() : take_word(arguments);
  const SlashCommand* command = find_slash_command(name);
  if (command == nullptr) return no_such_command(name);
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
  if (!error.excerpt.empty()) {
    error.message = fmt::format("/{}: {}", command.name, error.message);
    if (error.hint.empty()) error.hint = usage(command);
    return error;
  }
  if (!error.hint.empty()) return error;
  if (error.kind == base::ErrorKind::usage) return wrong_arguments(command, error.message);
  if (error.kind == base::ErrorKind::not_now) error.message = fmt::format("/{}: {}", command.name, error.message);
  return error;
}

std::string help_text(std::optional<std::size_t> columns) {
  std::string text =
      "A line is sent as a text message; // begins one that begins with /. Alt-Enter begins a new line.\n"
      "A command may be typed as far as no other one begins so.\n";
  text = wrapped(text, columns, 0);
  constexpr std::size_t column = 34;
  for (const auto& [task, heading] : headings) {
    text += fmt::format("{}:\n", heading);
    for (const SlashCommand& command : table) {
      if (command.task != task) continue;
      const std::string left = usage(command);
      text += fmt::format("  {}", left);
      text += left.size() + 2 > column ? "\n" + std::string(column + 2, ' ') : std::string(column - left.size(), ' ');
      text += wrapped(fmt::format("{}\n", command.summary), columns, column + 2);
    }
  }
  return text +
         wrapped(
             "Tab completes, Ctrl-R searches, Ctrl-C clears the line and on an empty one quits; /help keys tells "
             "more.\n",
             columns, 0);
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

std::string help_on_keys() {
  return "Enter sends, Alt-Enter begins a new line; what is pasted is one message.\n"
         "  Ctrl-A, Ctrl-E    to the beginning and the end of the line (Home, End)\n"
         "  Alt-B, Alt-F      a word back and forth\n"
         "  Ctrl-P, Ctrl-N    the line before in the history, and behind (Up, Down)\n"
         "  Ctrl-R, Ctrl-S    search the history back and forth; Ctrl-G gives it up\n"
         "  Ctrl-U, Ctrl-K    delete to the beginning and to the end of the line\n"
         "  Ctrl-W, Alt-D     delete a word back and forth\n"
         "  Ctrl-Y, Alt-Y     put in what was deleted, and what was before that\n"
         "  Ctrl-_            undo\n"
         "  Tab               complete; twice: list\n"
         "  Ctrl-V            the next key as it is\n"
         "  Ctrl-X Ctrl-E     edit the line in $EDITOR\n"
         "  Ctrl-L            clear the screen\n"
         "  Ctrl-C            clear the line; on an empty one quit\n"
         "  Ctrl-D            delete a character; on an empty line quit\n"
         "  Ctrl-Z            stop the program; fg goes on\n"
         "Those of vi: /set keymap vi.\n";
}

}  // namespace wscope::repl
