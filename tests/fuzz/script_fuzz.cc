// Any text as a script. Behind the first NUL there is a file that it may include.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/command_line.h"
#include "require.h"
#include "script/parser.h"

using namespace wscope;
using fuzz::require;

namespace {

// Without the options of connect and listen, which read files.
base::Result<repl::Wanted> read_words(const std::vector<std::string>& words) {
  if (words.size() < 2) return base::usage_error("nothing");
  if (words.front() == "listen") return repl::Wanted(link::ServePlan());
  return repl::Wanted(link::ConnectPlan());
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the parser lets it be
void look(const script::Script& script, const script::Block& block) {
  for (const script::Statement& statement : block) {
    require(statement.file < script.files.size());
    require(statement.place.line > 0 && statement.place.column > 0);
    require(!script::place_text(script, statement, statement.place).empty());
    if (const auto* repeat = std::get_if<script::Repeat>(&statement.does)) look(script, repeat->block);
    if (const auto* all = std::get_if<script::All>(&statement.does)) look(script, all->expectations);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string text(all.substr(0, all.find('\0')));
  const std::string included(all.substr(text.size() < all.size() ? text.size() + 1 : text.size()));
  const repl::CommandLine command_line{&read_words, &cli::options_in_session};
  script::ParseContext context{command_line};
  context.known.variables = {"url", "x"};
  context.read = [&included](const std::string&) -> base::Result<std::string> { return included; };
  const auto script = script::parse_script("a.ws", text, context);
  if (script) {
    look(*script, script->statements);
  } else {
    require(!script.error().message.empty());
  }
  return 0;
}
