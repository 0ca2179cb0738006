#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "net/file.h"
#include "repl/interpreter.h"
#include "repl/slash_arguments.h"
#include "repl/words.h"
#include "view/escape.h"

namespace wscope::repl {
namespace {

// Of scripts that read others: one that reads itself must end.
constexpr unsigned deepest = 100;
// What is wrong with the words of a command line.
base::Error for_session(std::string_view name, base::Error error) {
  if (!error.hint.empty()) error.message = fmt::format("/{}: {}", name, error.message);  // any other is one of ours
  return error;
}

std::string state_in_words(const link::Connections::Row& row) {
  return row.state == ws::State::open ? "open" : std::string(ws::name(row.state));
}

// "all" or a number.
std::optional<link::Use> parse_use(std::string_view text) {
  if (text == "all") return link::Use{link::Use::Kind::all, 0};
  const auto number = parse_number(text);
  if (!number) return std::nullopt;
  return link::Use{link::Use::Kind::one, *number};
}

base::Error no_such_connection(std::string_view text) {
  return base::usage_error(fmt::format("there is no connection {}", text), "/connections lists them");
}

}  // namespace

Interpreter::Handler Interpreter::handler_of(Action action) noexcept {
  switch (action) {
    case Action::connect:
      return &Interpreter::connect;
    case Action::listen:
      return &Interpreter::listen;
    case Action::disconnect:
      return &Interpreter::disconnect;
    case Action::abort:
      return &Interpreter::abort;
    case Action::edit:
      return &Interpreter::edit;
    case Action::status:
      return &Interpreter::status;
    case Action::use:
      return &Interpreter::use;
    case Action::connections:
      return &Interpreter::list;
    case Action::wait:
      return &Interpreter::wait;
    case Action::expect:
      return &Interpreter::expect;
    case Action::source:
      return &Interpreter::source;
    case Action::set:
      return &Interpreter::set;
    case Action::vars:
      return &Interpreter::vars;
    case Action::capture:
      return &Interpreter::capture;
    case Action::alias:
      return &Interpreter::alias;
    case Action::clear:
      return &Interpreter::clear;
    case Action::quit:
      return &Interpreter::quit;
    default:
      return &Interpreter::help;
  }
}

// What `wscope NAME ARGUMENTS` would do; nothing if that was to print help.
template <typename Plan>
base::Result<std::optional<Plan>> Interpreter::read(std::string_view name, std::string_view arguments) {
  auto words = split_words(arguments);
  if (!words) return std::move(words).error();
  std::vector<std::string> texts = {std::string(name)};
  for (const Word& word : *words) {
    auto filled = variables_.fill(word.text);
    if (!filled) return std::move(filled).error();
    texts.push_back(std::move(filled).value());
  }
  auto wanted = reader_(texts);
  if (!wanted) return for_session(name, std::move(wanted).error());
  if (const auto* help = std::get_if<std::string>(&*wanted)) {
    host_.say(*help);
    return std::optional<Plan>();
  }
  return std::optional<Plan>(std::get<Plan>(std::move(*wanted)));
}

base::Result<void> Interpreter::connect(std::string_view arguments) {
  auto plan = read<link::ConnectPlan>("connect", arguments);
  if (!plan) return std::move(plan).error();
  if (!*plan) return {};
  if (auto asked = host_.ask_what_is_missing(**plan); !asked) return asked;
  static_cast<void>(connect(std::move(**plan)));
  return {};
}

base::Result<void> Interpreter::listen(std::string_view arguments) {
  auto plan = read<link::ServePlan>("listen", arguments);
  if (!plan) return std::move(plan).error();
  if (!*plan) return {};
  if (auto asked = host_.ask_what_is_missing(**plan); !asked) return asked;
  const auto listening = connections_.listen(**plan);
  if (!listening) return listening.error();
  host_.announce(*listening);
  return {};
}

base::Result<void> Interpreter::disconnect(std::string_view arguments) {
  if (arguments.starts_with(':')) return stop_listening(arguments);
  const std::optional<link::Use> use = arguments.empty() ? connections_.use() : parse_use(arguments);
  if (!use) return no_such_connection(arguments);
  if (use->kind == link::Use::Kind::none) return base::usage_error("not connected", "/connect URL");
  if (use->kind == link::Use::Kind::one) {
    if (!connections_.exists(use->connection)) return no_such_connection(std::to_string(use->connection));
    note_disconnect(use->connection);
    connections_.close(use->connection);
    return {};
  }
  for (const link::Connections::Row& row : connections_.rows()) note_disconnect(row.connection);
  for (const std::string& url : connections_.listeners()) host_.say(fmt::format("no longer listening on {}\n", url));
  connections_.close_all(ws::close_code::normal);
  return {};
}

base::Result<void> Interpreter::abort(std::string_view arguments) {
  const std::optional<link::Use> use = arguments.empty() ? connections_.use() : parse_use(arguments);
  if (!use || (use->kind == link::Use::Kind::one && !connections_.exists(use->connection))) {
    return no_such_connection(arguments);
  }
  if (use->kind == link::Use::Kind::none) return base::usage_error("not connected", "/connect URL");
  for (const link::Connections::Row& row : connections_.rows()) {
    if (!use->means(row.connection)) continue;
    note_disconnect(row.connection);
    connections_.abort(row.connection);
  }
  return {};
}

// One that is not open yet would end without a word.
void Interpreter::note_disconnect(link::ConnectionNumber connection) {
  host_.handle_disconnect(connection);
  if (connections_.is_connecting(connection)) host_.say(fmt::format("connection {} is given up\n", connection));
}

base::Result<void> Interpreter::stop_listening(std::string_view port) {
  const auto number = parse_number(port.substr(1));
  const bool stopped =
      number && *number <= UINT16_MAX && connections_.stop_listening(static_cast<std::uint16_t>(*number));
  if (!stopped) return base::usage_error(fmt::format("nothing listens at {}", port), "/connections lists them");
  host_.say(fmt::format("no longer listening at {}\n", port));
  return {};
}

base::Result<void> Interpreter::use(std::string_view arguments) {
  const auto use = parse_use(arguments);
  if (!use) return base::usage_error("wants the number of a connection, or all");
  if (use->kind == link::Use::Kind::one && !connections_.exists(use->connection)) return no_such_connection(arguments);
  connections_.set_use(*use);
  return {};
}

base::Result<void> Interpreter::status(std::string_view arguments) {
  const std::optional<link::Use> wanted = arguments.empty() ? connections_.use() : parse_use(arguments);
  if (!wanted || wanted->kind == link::Use::Kind::none) {
    return wanted ? base::usage_error("not connected", "/connect URL") : no_such_connection(arguments);
  }
  bool found = false;
  for (const link::Connections::Row& row : connections_.rows()) {
    if (wanted->kind == link::Use::Kind::one && wanted->connection != row.connection) continue;
    found = true;
    host_.say(fmt::format("connection  {}, {}, {}\n", row.connection, row.outgoing ? "client" : "server",
                          state_in_words(row)));
    host_.say(journal_.describe(row.connection));
  }
  if (found) return {};
  if (wanted->kind == link::Use::Kind::one) return no_such_connection(std::to_string(wanted->connection));
  host_.say(connections_.listening() ? "no client is connected\n" : "not connected\n");
  return {};
}

base::Result<void> Interpreter::list(std::string_view) {
  const link::Use used = connections_.use();
  for (const std::string& url : connections_.listeners()) host_.say(fmt::format("  listening on {}\n", url));
  const auto rows = connections_.rows();
  for (const link::Connections::Row& row : rows) {
    const bool meant = used.kind == link::Use::Kind::all || used == link::Use{link::Use::Kind::one, row.connection};
    host_.say(fmt::format("{} [{}] {} {}, {}\n", meant ? '*' : ' ', row.connection, row.outgoing ? "to" : "from",
                          view::escape(row.url), state_in_words(row)));
  }
  if (rows.empty() && !connections_.listening()) host_.say("not connected\n");
  return {};
}

// --- others

base::Result<void> Interpreter::edit(std::string_view arguments) { return host_.edit(arguments); }

base::Result<void> Interpreter::wait(std::string_view arguments) {
  const auto seconds = parse_seconds(arguments);
  if (!seconds) return base::usage_error("wants seconds");
  wakes_at_ = loop_.poller.now() + *seconds;
  return {};
}

base::Result<void> Interpreter::source(std::string_view arguments) {
  if (arguments.empty()) return base::usage_error("wants a file");
  if (obeyed_->depth == deepest) {
    forget_scripts();
    return not_now("scripts read each other too deeply");
  }
  const std::string path = expand_home(arguments);
  auto content = net::read_regular_file(path, streams::longest_held_message);
  if (!content) return std::move(content).error();
  auto lines = std::make_unique<ScriptLines>(path, std::move(content).value());
  if (lines->empty()) return {};
  lines_.push_front(
      {.text = "", .place = path, .in_order = true, .depth = obeyed_->depth + 1, .script = std::move(lines)});
  return {};
}

base::Result<void> Interpreter::set(std::string_view arguments) {
  const std::string_view name = take_word(arguments);
  if (name == "keymap") {
    if (arguments != "emacs" && arguments != "vi") return base::usage_error("knows keymap emacs and keymap vi");
    return host_.set_keymap(arguments == "vi" ? term::Keymap::vi : term::Keymap::emacs);
  }
  if (name.empty()) {
    const std::string text = variables_.describe();
    host_.say(text.empty() ? "there are none\n" : text);
    return {};
  }
  if (arguments.empty()) {
    return variables_.forget(name) ? base::Result<void>() : not_now(fmt::format("there is no {}", view::escape(name)));
  }
  auto value = variables_.fill(arguments);
  if (!value) return std::move(value).error();
  return variables_.set(name, {talk::Value::Kind::text, std::move(value).value()});
}

base::Result<void> Interpreter::vars(std::string_view arguments) {
  const auto on = parse_switch(arguments, variables_.on());
  if (!on) return on.error();
  variables_.turn(*on);
  host_.say(fmt::format("vars {}\n", *on ? "on" : "off"));
  return {};
}

base::Result<void> Interpreter::capture(std::string_view arguments) {
  if (!base::is_utf8(base::as_bytes(arguments))) return base::usage_error("not UTF-8");
  talk::Source source(arguments, variables_.notation());
  const auto capture = talk::Capture::read(source);
  source.skip_blanks();
  if (capture && !source.at_end()) source.fail("this is no part of it");
  if (source.flaw()) return talk::describe(*source.flaw(), arguments);
  const link::Use use = *obeyed_->target;
  const report::Transcript& transcript = journal_.transcript();
  const report::Entry* entry = transcript.find(matched_);
  if (entry == nullptr && transcript.is_gone(matched_))
    return not_now(fmt::format("#{} is not kept any more", matched_));
  if (entry == nullptr) {
    entry = transcript.latest([use](const report::Entry& other) {
      return other.direction == wire::Direction::in && other.is_message() && use.means(other.connection);
    });
  }
  talk::Occasion occasion = occasion_of(entry != nullptr ? entry->connection : use.connection);
  std::optional<talk::Message> message;
  if (entry != nullptr) occasion.message = &message.emplace(entry->message());
  auto value = capture->of(occasion, variables_.names());
  if (!value) return std::move(value).error();
  if (auto set = variables_.set(capture->name(), *value); !set) return set;
  host_.say(Variables::describe(capture->name(), *value));
  host_.captured(capture->name(), *value);
  return {};
}

// What there is besides messages.
talk::Occasion Interpreter::occasion_of(link::ConnectionNumber connection) const {
  const auto last = [this, connection](ws::Opcode opcode) {
    return journal_.transcript().latest([connection, opcode](const report::Entry& entry) {
      return entry.direction == wire::Direction::in && entry.opcode == opcode && entry.connection == connection;
    });
  };
  talk::Occasion occasion;
  if (const report::Entry* close = last(ws::Opcode::close)) {
    occasion.code = close->code.value_or(ws::close_code::no_status).value;
    occasion.reason = close->payload;
  }
  if (const report::Entry* pong = last(ws::Opcode::pong)) occasion.round_trip = pong->latency;
  if (const report::Record* record = journal_.find(connection); record != nullptr && record->opened) {
    occasion.status = record->status;
    occasion.header = [record](std::string_view name) { return record->headers.joined(name); };
  }
  return occasion;
}

base::Result<void> Interpreter::clear(std::string_view) { return host_.clear_screen(); }

base::Result<void> Interpreter::alias(std::string_view arguments) {
  const std::string_view name = take_word(arguments);
  if (!name.empty() && !arguments.empty()) return aliases_.set(name.substr(name.starts_with('/') ? 1 : 0), arguments);
  if (!name.empty()) {
    return aliases_.remove(name.substr(name.starts_with('/') ? 1 : 0))
               ? base::Result<void>()
               : not_now(fmt::format("there is no {}", view::escape(name)));
  }
  const std::string text = aliases_.describe();
  host_.say(text.empty() ? "there are none\n" : text);
  return {};
}

base::Result<void> Interpreter::help(std::string_view arguments) {
  const auto screen = host_.screen();
  if (arguments.empty()) {
    host_.say(help_text(screen ? std::optional<std::size_t>(screen->columns) : std::nullopt));
    return {};
  }
  if (arguments == "keys") return (host_.say(help_on_keys()), base::Result<void>());
  if (arguments.starts_with('/')) arguments.remove_prefix(1);
  const SlashCommand* command = find_slash_command(arguments);
  if (command == nullptr) return base::usage_error(fmt::format("\"{}\" is no command", view::escape(arguments)));
  host_.say(help_text(*command));
  return {};
}

base::Result<void> Interpreter::quit(std::string_view) {
  host_.handle_quit();
  return {};
}

}  // namespace wscope::repl
