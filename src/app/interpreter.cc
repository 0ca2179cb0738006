#include "app/interpreter.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "app/connection_options.h"
#include "app/slash_arguments.h"
#include "app/words.h"
#include "base/file.h"
#include "cli/command_line.h"
#include "net/error.h"
#include "view/counted.h"
#include "view/escape.h"
#include "view/hexdump.h"

namespace wscope::app {
namespace {

// A script that reads itself must end.
constexpr unsigned most_sources = 1000;
// The longest /wait.
constexpr double longest_wait = 86'400;

base::Error usage_error(std::string message, std::string hint = {}) {
  return {base::ErrorKind::usage, std::move(message), std::move(hint)};
}

// What is wrong with the arguments of a command, with its usage; what is wrong with a file speaks for itself.
base::Error about(const SlashCommand& command, base::Error error) {
  return error.kind == base::ErrorKind::usage && error.hint.empty() ? wrong_arguments(command, error.message) : error;
}

// What is wrong with the words of a command line; its own hint is for the shell.
base::Error without_usage(base::Error error) {
  if (error.kind == base::ErrorKind::usage) error.hint.clear();
  return error;
}

std::string state_in_words(const Connections::Row& row) {
  return row.state == ws::State::open ? "open" : std::string(ws::name(row.state));
}

// "all" or a number.
std::optional<Use> parse_use(std::string_view text) {
  if (text == "all") return Use{Use::Kind::all, 0};
  const auto number = parse_number(text);
  if (!number) return std::nullopt;
  return Use{Use::Kind::one, *number};
}

base::Error no_such_connection(std::string_view text) {
  return usage_error(fmt::format("there is no connection {}", text), "/connections lists them");
}

}  // namespace

Interpreter::Interpreter(Loop& loop, Connections& connections, Journal& journal, InterpreterHost& host)
    : loop_(loop),
      connections_(connections),
      journal_(journal),
      host_(host),
      sender_(loop.random, connections, journal),
      timer_(loop.poller.add(-1, {}, *this)) {}

Interpreter::~Interpreter() { loop_.poller.remove(timer_); }

// --- the queue

void Interpreter::add(std::string line, std::string place) {
  lines_.push_back({std::move(line), std::move(place), std::nullopt});
}

void Interpreter::add_message(ws::Opcode type, std::string payload) {
  lines_.push_back({std::move(payload), "", type});
}

void Interpreter::interrupt() {
  lines_.clear();
  wakes_at_.reset();
  loop_.poller.set_deadline(timer_, std::nullopt);
}

void Interpreter::handle_deadline(net::Poller::Id, base::TimePoint) {
  wakes_at_.reset();
  run();
  if (idle()) host_.handle_idle();
}

// Events of what a line does may come back here while it is being obeyed.
void Interpreter::run() {
  if (std::exchange(running_, true)) return;
  while (!wakes_at_ && !lines_.empty() && !must_wait(lines_.front())) {
    const Line line = std::move(lines_.front());
    lines_.pop_front();
    obey(line);
  }
  running_ = false;
}

// What is to be sent waits for its connection, and for room.
bool Interpreter::must_wait(const Line& line) const {
  if (!line.message) {
    const auto typed = parse_line(line.text);
    const auto* command = typed ? std::get_if<TypedCommand>(&*typed) : nullptr;
    if (!typed || (command != nullptr && !Sender::sends(command->command->action))) return false;
  }
  const Use use = connections_.use();
  if (use.kind == Use::Kind::one && connections_.is_connecting(use.connection)) return true;
  const auto targets = connections_.targets();
  return std::any_of(targets.begin(), targets.end(),
                     [this](ConnectionNumber number) { return !connections_.find(number)->has_room(); });
}

void Interpreter::obey(const Line& line) {
  host_.set_typed(!line.message && line.place.empty());
  Outcome outcome;
  if (line.message) {
    outcome = sender_.send(*line.message, line.text);
  } else {
    const auto typed = parse_line(line.text);
    if (!typed) {
      outcome = typed.error();
    } else if (const auto* text = std::get_if<TypedText>(&*typed)) {
      outcome = sender_.send(ws::Opcode::text, text->text);
    } else {
      const auto& [command, arguments] = std::get<TypedCommand>(*typed);
      if (command->action == Action::resend) host_.set_typed(false);
      outcome = Sender::sends(command->action) ? sender_.execute(command->action, arguments)
                                               : (this->*handler_of(command->action))(arguments);
      if (!outcome) outcome = about(*command, std::move(outcome).error());
    }
  }
  if (!outcome) host_.complain(line.place, outcome.error());
  host_.set_typed(true);  // what a listener sends by itself is not worth showing
}

void Interpreter::note_received(const ws::Message& message) {
  if (!received_) received_ = Held();
  received_->type = message.type;
  received_->payload.assign(base::as_text(message.data));
}

// --- commands

Interpreter::Handler Interpreter::handler_of(Action action) noexcept {
  switch (action) {
    case Action::connect:
      return &Interpreter::connect;
    case Action::listen:
      return &Interpreter::listen;
    case Action::disconnect:
      return &Interpreter::disconnect;
    case Action::hex:
      return &Interpreter::hex;
    case Action::json:
      return &Interpreter::json;
    case Action::show:
      return &Interpreter::show;
    case Action::last:
      return &Interpreter::last;
    case Action::save:
      return &Interpreter::save;
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
    case Action::source:
      return &Interpreter::source;
    case Action::set:
      return &Interpreter::set;
    case Action::clear:
      return &Interpreter::clear;
    case Action::quit:
      return &Interpreter::quit;
    default:
      return &Interpreter::help;
  }
}

Interpreter::Outcome Interpreter::connect(std::string_view arguments) {
  auto words = split_words(arguments);
  if (!words) return std::move(words).error();
  std::vector<std::string> texts = {"connect"};
  for (Word& word : *words) texts.push_back(std::move(word.text));
  auto command = cli::parse_command_line(texts, cli::Place::session);
  if (!command) return without_usage(std::move(command).error());
  if (const auto* help = std::get_if<cli::ShowText>(&*command)) return (host_.say(help->text), Outcome());
  if (!std::holds_alternative<cli::ConnectCommand>(*command)) return usage_error("no URL");
  auto& client = std::get<cli::ConnectCommand>(*command);
  if (auto asked = host_.ask_what_is_missing(client); !asked) return asked;
  const std::vector<std::string> messages = client.first_messages;
  const ws::Opcode type = client.first_type == cli::MessageType::binary ? ws::Opcode::binary : ws::Opcode::text;
  connections_.connect(std::move(client));
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) lines_.push_front({*message, "", type});
  return {};
}

Interpreter::Outcome Interpreter::listen(std::string_view arguments) {
  auto words = split_words(arguments);
  if (!words) return std::move(words).error();
  std::vector<std::string> texts = {"listen"};
  for (Word& word : *words) texts.push_back(std::move(word.text));
  auto command = cli::parse_command_line(texts, cli::Place::session);
  if (!command) return without_usage(std::move(command).error());
  if (const auto* help = std::get_if<cli::ShowText>(&*command)) return (host_.say(help->text), Outcome());
  const auto listening = connections_.listen(std::move(std::get<cli::ServeCommand>(*command)));
  if (!listening) return listening.error();
  host_.announce(*listening);
  return {};
}

Interpreter::Outcome Interpreter::disconnect(std::string_view arguments) {
  host_.handle_disconnect();
  if (arguments.starts_with(':')) {
    const auto port = parse_number(arguments.substr(1));
    const bool stopped = port && *port <= UINT16_MAX && connections_.stop_listening(static_cast<std::uint16_t>(*port));
    return stopped ? Outcome()
                   : usage_error(fmt::format("nothing listens at {}", arguments), "/connections lists them");
  }
  const std::optional<Use> use = arguments.empty() ? connections_.use() : parse_use(arguments);
  if (!use) return no_such_connection(arguments);
  if (use->kind == Use::Kind::all) return (connections_.close_all(), Outcome());
  if (use->kind == Use::Kind::none) return usage_error("not connected", "/connect URL");
  return connections_.close(use->connection) ? Outcome() : no_such_connection(arguments);
}

Interpreter::Outcome Interpreter::use(std::string_view arguments) {
  const auto use = parse_use(arguments);
  if (!use) return usage_error("wants the number of a connection, or all");
  if (use->kind == Use::Kind::one && !connections_.exists(use->connection)) return no_such_connection(arguments);
  connections_.set_use(*use);
  return {};
}

Interpreter::Outcome Interpreter::status(std::string_view arguments) {
  const std::optional<Use> wanted = arguments.empty() ? connections_.use() : parse_use(arguments);
  if (!wanted || wanted->kind == Use::Kind::none) {
    return wanted ? usage_error("not connected", "/connect URL") : no_such_connection(arguments);
  }
  bool found = false;
  for (const Connections::Row& row : connections_.rows()) {
    if (wanted->kind == Use::Kind::one && wanted->connection != row.connection) continue;
    found = true;
    host_.say(fmt::format("connection  {}, {}, {}\n", row.connection, row.outgoing ? "client" : "server",
                          state_in_words(row)));
    host_.say(journal_.describe(row.connection, base::Clock::now()));
  }
  return found || wanted->kind == Use::Kind::all ? Outcome() : no_such_connection(arguments);
}

Interpreter::Outcome Interpreter::list(std::string_view) {
  const Use used = connections_.use();
  for (const std::string& url : connections_.listeners()) host_.say(fmt::format("  listening on {}\n", url));
  const auto rows = connections_.rows();
  for (const Connections::Row& row : rows) {
    const bool meant = used.kind == Use::Kind::all || used == Use{Use::Kind::one, row.connection};
    host_.say(fmt::format("{} [{}] {} {}, {}\n", meant ? '*' : ' ', row.connection, row.outgoing ? "to" : "from",
                          view::escape(row.url), state_in_words(row)));
  }
  if (rows.empty() && !connections_.listening()) host_.say("not connected\n");
  return {};
}

// --- seeing

bool Interpreter::shows_frames() const {
  const ScreenChoices* choices = host_.choices();
  return choices != nullptr ? choices->frames : frames_shown_;
}

Interpreter::Outcome Interpreter::hex(std::string_view arguments) {
  const auto on = parse_switch(arguments, shows_frames());
  if (!on) return on.error();
  frames_shown_ = *on;
  host_.show_frames(*on);
  return {};
}

Interpreter::Outcome Interpreter::json(std::string_view arguments) {
  return show("json" + (arguments.empty() ? std::string() : " " + std::string(arguments)));
}

Interpreter::Outcome Interpreter::show(std::string_view arguments) {
  const std::string_view name = take_word(arguments);
  if (name == "frames") return hex(arguments);
  ScreenChoices* choices = host_.choices();
  if (choices == nullptr) return usage_error("there is no screen");
  using Timestamps = ScreenChoices::Timestamps;
  const bool timed = choices->timestamps != Timestamps::off;
  const std::pair<std::string_view, bool*> switches[] = {{"control", &choices->control},
                                                         {"json", &choices->json},
                                                         {"whole", &choices->whole},
                                                         {"numbers", &choices->numbers}};
  if (name.empty()) {
    std::string text = fmt::format("  frames {}\n", shows_frames() ? "on" : "off");
    for (const auto& [shown, value] : switches) text += fmt::format("  {} {}\n", shown, *value ? "on" : "off");
    const bool relative = choices->timestamps == Timestamps::relative;
    host_.say(text + fmt::format("  timestamps {}\n", relative ? "relative" : timed ? "on" : "off"));
    return {};
  }
  if (name == "timestamps") {
    if (arguments == "relative") return (choices->timestamps = Timestamps::relative, Outcome());
    const auto on = parse_switch(arguments, timed);
    if (!on) return usage_error("timestamps: wants on, off or relative");
    choices->timestamps = *on ? Timestamps::absolute : Timestamps::off;
    return {};
  }
  for (const auto& [shown, value] : switches) {
    if (shown != name) continue;
    const auto on = parse_switch(arguments, *value);
    if (!on) return on.error();
    *value = *on;
    return {};
  }
  return usage_error(fmt::format("\"{}\" cannot be shown", view::escape(name)), help_text(*find_slash_command("show")));
}

Interpreter::Outcome Interpreter::last(std::string_view) {
  if (!received_) return usage_error("no message has come");
  const bool binary = received_->type == ws::Opcode::binary;
  return host_.page(binary ? view::hexdump(base::as_bytes(received_->payload))
                           : view::escape(received_->payload, view::LineBreaks::keep) + "\n");
}

Interpreter::Outcome Interpreter::save(std::string_view arguments) {
  if (arguments.empty()) return usage_error("wants a file");
  if (!received_) return usage_error("no message has come");
  const std::string path = expand_home(arguments);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"), &std::fclose);
  const std::string& payload = received_->payload;
  const bool written = file && std::fwrite(payload.data(), 1, payload.size(), file.get()) == payload.size();
  if (!written || std::fflush(file.get()) != 0) return net::system_error(path, errno);
  host_.say(fmt::format("{} in {}\n", view::counted(payload.size(), "byte"), view::escape(path)));
  return {};
}

// --- others

Interpreter::Outcome Interpreter::edit(std::string_view arguments) { return host_.edit(arguments); }

Interpreter::Outcome Interpreter::wait(std::string_view arguments) {
  char* end = nullptr;
  const std::string text(arguments);
  const double seconds = std::strtod(text.c_str(), &end);
  const bool number = !text.empty() && *end == '\0' && seconds >= 0 && seconds <= longest_wait;
  if (!number) return usage_error("wants seconds");
  wakes_at_ = base::Clock::now() + std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds));
  loop_.poller.set_deadline(timer_, wakes_at_);
  return {};
}

Interpreter::Outcome Interpreter::source(std::string_view arguments) {
  if (arguments.empty()) return usage_error("wants a file");
  if (++sources_ > most_sources) return usage_error("too many scripts were read");
  const std::string path = expand_home(arguments);
  const auto content = base::read_file(path, longest_held_message);
  if (!content) return content.error();
  std::deque<Line> lines;
  std::string_view rest = *content;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back({std::string(line), fmt::format("{}:{}: ", path, number), std::nullopt});
  }
  lines_.insert(lines_.begin(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
  return {};
}

Interpreter::Outcome Interpreter::set(std::string_view arguments) {
  const std::string_view name = take_word(arguments);
  if (name != "keymap" || (arguments != "emacs" && arguments != "vi"))
    return usage_error("knows keymap emacs and keymap vi");
  return host_.set_keymap(arguments == "vi" ? term::Keymap::vi : term::Keymap::emacs);
}

Interpreter::Outcome Interpreter::clear(std::string_view) { return host_.clear_screen(); }

Interpreter::Outcome Interpreter::help(std::string_view arguments) {
  if (arguments.empty()) return (host_.say(help_text()), Outcome());
  if (arguments.starts_with('/')) arguments.remove_prefix(1);
  const SlashCommand* command = find_slash_command(arguments);
  if (command == nullptr) return usage_error(fmt::format("\"{}\" is no command", view::escape(arguments)));
  host_.say(help_text(*command));
  return {};
}

Interpreter::Outcome Interpreter::quit(std::string_view) {
  host_.handle_quit();
  return {};
}

}  // namespace wscope::app
