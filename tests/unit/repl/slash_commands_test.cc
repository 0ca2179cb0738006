#include "repl/slash_commands.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>
#include <variant>

using namespace wscope;
using repl::Action;

namespace {

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

base::Error error_of(std::string_view line) {
  auto typed = repl::parse_line(line);
  REQUIRE(!typed.ok());
  CHECK(typed.error().kind == base::ErrorKind::usage);
  return typed.error();
}

std::string text_of(std::string_view line) {
  const auto typed = repl::parse_line(line);
  REQUIRE(typed.ok());
  REQUIRE(std::holds_alternative<repl::TypedText>(*typed));
  return std::string(std::get<repl::TypedText>(*typed).text);
}

}  // namespace

TEST_CASE("every command is in the table once, by all its names, in the order of its actions") {
  std::set<std::string_view> names;
  std::size_t position = 0;
  for (const repl::SlashCommand& command : repl::slash_commands()) {
    CAPTURE(command.name);
    CHECK(static_cast<std::size_t>(command.action) == position++);
    CHECK(names.insert(command.name).second);
    CHECK(repl::find_slash_command(command.name) == &command);
    if (command.alias.empty()) continue;
    CHECK(names.insert(command.alias).second);
    CHECK(repl::find_slash_command(command.alias) == &command);
  }
  CHECK(repl::find_slash_command("") == nullptr);
  CHECK(repl::find_slash_command("Quit") == nullptr);
}

TEST_CASE("the help lists every command once, with what it does") {
  const std::string help = repl::help_text();
  for (const repl::SlashCommand& command : repl::slash_commands()) {
    CAPTURE(command.name);
    CHECK(occurrences(help, "\n  " + repl::usage(command)) == 1);
    CHECK(occurrences(help, " " + std::string(command.summary) + "\n") == 1);
  }
}

TEST_CASE("more help tells usage, other names and details") {
  const std::string frame = repl::help_text(*repl::find_slash_command("frame"));
  CHECK(frame.starts_with("/frame OPCODE [fin=0]"));
  CHECK(frame.find("PAYLOAD is text, or hex:HEX") != std::string::npos);
  CHECK(repl::help_text(*repl::find_slash_command("quit")) == "/quit: close everything and end\nThe same as /exit.\n");
  const std::string show = repl::help_text(*repl::find_slash_command("show"));
  for (const repl::Switch& shown : repl::switches())
    CHECK(occurrences(show, "  " + std::string(shown.name) + " ") == 1);
}

TEST_CASE("a line is a text unless it begins with a slash, and two slashes are one of the text") {
  CHECK(text_of("hello") == "hello");
  CHECK(text_of("") == "");
  CHECK(text_of(" /quit") == " /quit");
  CHECK(text_of("//quit") == "/quit");
  CHECK(text_of("///") == "//");
}

TEST_CASE("a command has arguments without blanks around them, unless they end a text") {
  const struct {
    std::string line;
    Action action;
    std::string arguments;
  } rows[] = {{"/quit", Action::quit, ""},      {"/exit", Action::quit, ""},
              {"/quit  ", Action::quit, ""},    {"/send  a  b", Action::send, " a  b"},
              {"/send", Action::send, ""},      {"/send ", Action::send, ""},
              {"/edit  x", Action::edit, " x"}, {"/ping  x", Action::ping, "x"},
              {"/text /x", Action::send, "/x"}, {"/close\t4000 bye", Action::close, "4000 bye"},
              {"/ping", Action::ping, ""},      {"/use 2 ", Action::use, "2"},
              {"/hex on\t", Action::hex, "on"}, {"/file a b ", Action::file, "a b"},
              {"/send a ", Action::send, "a "}};
  for (const auto& row : rows) {
    CAPTURE(row.line);
    const auto typed = repl::parse_line(row.line);
    REQUIRE(typed.ok());
    const auto& command = std::get<repl::TypedCommand>(*typed);
    CHECK(command.command->action == row.action);
    CHECK(command.arguments == row.arguments);
  }
}

TEST_CASE("a command may be typed as far as no other one begins so") {
  for (const std::pair<const char*, const char*>& row :
       {std::pair("/hel", "help"), std::pair("/connect", "connect"), std::pair("/disc 2", "disconnect"),
        std::pair("/q", "quit"), std::pair("/exi", "quit"), std::pair("/te hi", "send")}) {
    CAPTURE(row.first);
    const auto typed = repl::parse_line(row.first);
    REQUIRE(typed.ok());
    CHECK(std::get<repl::TypedCommand>(*typed).command->name == row.second);
  }
  CHECK(error_of("/h").message == "/h: more than one command begins so");
  CHECK(error_of("/h").hint == "/hex, /help");
  CHECK(error_of("/conn").hint == "/connect, /connections");
  CHECK(repl::is_command("help"));
  CHECK(repl::is_command("exit"));
  CHECK_FALSE(repl::is_command("hel"));
  CHECK_FALSE(repl::is_command(""));
}

TEST_CASE("the help is grouped, and wrapped at words") {
  const std::string help = repl::help_text(60);
  for (const char* heading : {"Connections:", "Sending:", "What is shown:", "Looking back:", "The session:"}) {
    CHECK(occurrences(help, "\n" + std::string(heading) + "\n") == 1);
  }
  std::string unwrapped;
  for (std::string_view rest = help; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    CAPTURE(line);
    CHECK((line.size() <= 60 || line.find(' ', 3) > 60 || line.starts_with("  /")));
    CHECK_FALSE(line.ends_with(' '));
  }
  CHECK(occurrences(help, "an entry, or the\n" + std::string(36, ' ') + "last message") == 1);
  CHECK(repl::help_text(1000) == repl::help_text());
}

TEST_CASE("an unknown command suggests the nearest one") {
  const struct {
    std::string line;
    std::string hint;
  } rows[] = {{"/clsoe", "/close?"},
              {"/cnnect wss://h", "/connect?"},
              {"/pinh", "/ping?"},
              {"/Quit", "/quit?"},
              {"/conections", "/connections?"},
              {"/xyzzy", "/help lists the commands"},
              {"/", "/help lists the commands"}};
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK(error_of(row.line).hint == row.hint + "; a text that begins with / is typed with //");
  }
  CHECK(error_of("/clsoe now").message == "/clsoe: no such command");
  CHECK(error_of("/ quit").message == "/: no such command");
  CHECK(error_of("/\x1b[31m").message == "/\\x1b[31m: no such command");
  CHECK(error_of("/" + std::string(1000, 'x')).hint.starts_with("/help"));
}

TEST_CASE("a command that takes no arguments says so, with its usage") {
  for (const char* line : {"/quit now", "/connections all", "/clear x"}) {
    const base::Error error = error_of(line);
    CHECK(error.message.ends_with(": takes no arguments"));
    CHECK(error.hint == std::string(line).substr(0, std::string(line).find(' ')));
  }
  const repl::SlashCommand& close = *repl::find_slash_command("close");
  const base::Error later = repl::about(close, repl::not_now("no"));
  CHECK(later.message == "/close: no");
  CHECK(later.hint.empty());
  const base::Error wrong = repl::about(close, {base::ErrorKind::usage, "no"});
  CHECK(wrong.message == "/close: no");
  CHECK(wrong.hint == "/close [CODE [REASON]]");
  CHECK(repl::about(close, {base::ErrorKind::usage, "no", "hint"}).message == "no");
  CHECK(repl::about(close, {base::ErrorKind::io, "no"}).message == "no");
}
