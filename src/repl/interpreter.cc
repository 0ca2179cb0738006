#include "repl/interpreter.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "repl/link_commands.h"
#include "repl/showing.h"
#include "repl/slash_arguments.h"
#include "repl/words.h"
#include "view/counted.h"
#include "view/escape.h"
#include "view/hexdump.h"

namespace wscope::repl {
namespace {

// How many of the lines that waited in vain are named.
constexpr std::size_t most_named = 8;

// Whether what is typed keeps its place among all lines.
bool keeps_order(std::string_view line) {
  const auto typed = parse_line(line);
  const auto* command = typed ? std::get_if<TypedCommand>(&*typed) : nullptr;
  if (command == nullptr) return false;
  const Action action = command->command->action;
  return action == Action::wait || action == Action::source || action == Action::expect || action == Action::capture;
}

// Whether names in its arguments stand for values, once they do at all.
bool is_filled_in(Action action) noexcept {
  switch (action) {
    case Action::connect:
    case Action::listen:
    case Action::set:
    case Action::expect:
    case Action::search:
      return true;
    default:
      return chooses_messages(action) || (Sender::sends(action) && action != Action::resend);
  }
}

}  // namespace

Interpreter::Interpreter(link::Loop& loop, link::Connections& connections, report::Journal& journal, PlanReader reader,
                         InterpreterHost& host)
    : loop_(loop),
      connections_(connections),
      journal_(journal),
      reader_(reader),
      host_(host),
      variables_(loop.random),
      sender_(loop.random, connections, journal.transcript(), variables_),
      look_back_(connections, journal, host),
      rules_(loop, connections, variables_.names(), host),
      timer_(loop.poller.add(-1, {}, *this)) {}

Interpreter::~Interpreter() { loop_.poller.remove(timer_); }

// --- the queue

void Interpreter::add(std::string line, std::string place) {
  if (line.empty()) return;
  Line added{.text = expanded(std::move(line)), .place = std::move(place)};
  const bool typed = added.place.empty();
  added.in_order = !typed || keeps_order(added.text);
  if (typed) added.target = connections_.use();
  const bool at_once = !added.in_order && !Sender::sends(added.text);
  (at_once ? commands_ : lines_).push_back(std::move(added));
}

void Interpreter::add_first_messages(const link::ConnectPlan& command, link::ConnectionNumber connection) {
  const link::Use target{link::Use::Kind::one, connection};
  expectation_.look_behind(target, journal_.transcript().last_number());
  std::erase_if(lines_, [&target](const Line& line) { return line.message && line.target == target; });
  auto place = lines_.begin();
  for (const wire::StoredInstruction& message : command.first_messages) {
    Line line{.text = message.payload, .place = "", .message = message.opcode, .target = target};
    place = std::next(lines_.insert(place, std::move(line)));
  }
}

link::ConnectionNumber Interpreter::connect(link::ConnectPlan plan) {
  std::vector<link::Beat> beats = std::move(plan.beats);
  plan.beats.clear();
  const link::ConnectionNumber connection = connections_.connect(std::move(plan));
  rules_.add_beats(connection, std::move(beats));
  return connection;
}

void Interpreter::handle_open() {
  rules_.begin();
  run();
}

bool Interpreter::obeys_script() const noexcept {
  return std::any_of(lines_.begin(), lines_.end(), [](const Line& line) { return !line.place.empty(); });
}

void Interpreter::interrupt() {
  commands_.clear();
  lines_.clear();
  wakes_at_.reset();
  if (expectation_.waits()) host_.expects("");
  expectation_.end();
  set_timer();
}

void Interpreter::set_timer() {
  auto deadline = base::earlier(wakes_at_, expectation_.deadline());
  if (goes_on_) deadline = loop_.poller.now();
  if (std::exchange(deadline_, deadline) != deadline) loop_.poller.set_deadline(timer_, deadline);
}

void Interpreter::forget_scripts() {
  std::erase_if(lines_, [](const Line& line) { return !line.place.empty(); });
}

void Interpreter::handle_deadline(net::Poller::Id, base::TimePoint now) {
  goes_on_ = false;
  deadline_.reset();
  if (wakes_at_ && *wakes_at_ <= now) wakes_at_.reset();
  if (const auto ends = expectation_.deadline(); ends && *ends <= now) {
    miss(fmt::format("{:g} s are over", std::chrono::duration<double>(expectation_.within()).count()));
  }
  run();
}

// Events of what a line does may come back here while it is being obeyed.
void Interpreter::run() {
  if (std::exchange(running_, true)) return;
  rules_.go_on();
  look_whether_it_can_come();
  for (left_ = lines_per_turn; left_ > 0 && !host_.busy(); --left_) {
    const auto line = take_next();
    if (!line) break;
    obey(*line);
  }
  end_run();
}

// Makes the first line of a script whose turn it is.
void Interpreter::unpack_script() {
  if (lines_.empty() || !lines_.front().script) return;
  Line& rest = lines_.front();
  auto [text, place] = rest.script->take();
  Line line{.text = expanded(std::move(text)), .place = std::move(place), .in_order = true, .depth = rest.depth};
  if (rest.script->empty()) lines_.pop_front();
  lines_.push_front(std::move(line));
}

std::optional<Interpreter::Line> Interpreter::take_next() {
  std::deque<Line>& from = commands_.empty() ? lines_ : commands_;
  const auto next = commands_.empty() ? find_next() : commands_.begin();
  if (next == from.end()) return std::nullopt;
  Line line = std::move(*next);
  from.erase(next);
  return line;
}

// The first of lines_ that need not wait.
std::deque<Interpreter::Line>::iterator Interpreter::find_next() {
  if (expectation_.waits()) {
    for (Line& line : lines_) {
      if (!std::exchange(line.has_waited, true)) tell_wait(line);
    }
  }
  if (expectation_.waits() || wakes_at_) return lines_.end();
  unpack_script();
  std::vector<link::Use> passed;  // where lines before it are to go
  for (auto line = lines_.begin(); line != lines_.end(); ++line) {
    if (line->in_order && !passed.empty()) break;
    if (!line->target) line->target = connections_.use();
    const bool behind = std::any_of(passed.begin(), passed.end(),
                                    [line](const link::Use& other) { return other.meets(*line->target); });
    if (!behind && !must_wait(*line)) return line;
    if (!std::exchange(line->has_waited, true)) tell_wait(*line);
    if (line->in_order) break;
    passed.push_back(*line->target);
  }
  return lines_.end();
}

// What is to be sent waits for its connection, and for room.
bool Interpreter::must_wait(const Line& line) const {
  return (line.message || Sender::sends(line.text)) && connections_.is_busy(*line.target);
}

// A person sees nothing happen.
void Interpreter::tell_wait(const Line& line) {
  if (expectation_.waits() && line.place.empty() && !line.message) {
    return host_.say("waits until what is expected has come\n");
  }
  const bool typed = line.place.empty() && !line.message && line.target->kind == link::Use::Kind::one;
  if (!typed || !connections_.is_connecting(line.target->connection)) return;
  host_.say(fmt::format("waits until connection {} is open\n", line.target->connection));
}

void Interpreter::obey(const Line& line) {
  host_.set_typed(!line.message && line.place.empty());
  sender_.set_target(*line.target);
  obeyed_ = &line;
  const std::uint64_t before = journal_.transcript().last_number();
  base::Result<void> outcome;
  if (line.message) {
    outcome = sender_.send(*line.message, line.text);
  } else {
    const auto typed = parse_line(line.text);
    if (!typed) {
      outcome = typed.error();
    } else if (const auto* text = std::get_if<TypedText>(&*typed)) {
      const auto filled = variables_.fill(text->text);
      outcome = filled ? sender_.send(line_type_, *filled) : filled.error();
    } else {
      const auto& [command, arguments] = std::get<TypedCommand>(*typed);
      if (command->action == Action::resend) host_.set_typed(false);
      outcome = execute(command->action, arguments);
      if (!outcome) outcome = about(*command, std::move(outcome).error());
    }
  }
  if (outcome && line.place.empty() && !line.message && Sender::sends(line.text)) {
    expectation_.look_behind(*line.target, before);
  }
  if (!outcome) complain(line, std::move(outcome).error());
  obeyed_ = nullptr;
  host_.set_typed(true);  // what a listener sends by itself is not worth showing
}

base::Result<void> Interpreter::execute(Action action, std::string_view arguments) {
  if (Sender::sends(action)) return sender_.execute(action, arguments);
  if (action == Action::show && arguments == "handshake") return look_back_.show_handshake();
  if (Rules::knows(action)) return execute_rule(action, arguments);
  if (action == Action::search) return search(arguments);
  if (LookBack::knows(action)) return look_back_.execute(action, arguments);
  if (changes_link(action)) return change_link(action, arguments, connections_, host_);
  if (chooses_messages(action)) return choose_messages(action, arguments, host_, variables_);
  if (is_about_showing(action)) return choose_shown(action, arguments, host_);
  return (this->*handler_of(action))(arguments);
}

base::Result<void> Interpreter::execute_rule(Action action, std::string_view arguments) {
  return rules_.execute(action, arguments, message_type(), variables_.on() ? &variables_.names() : nullptr);
}

base::Result<void> Interpreter::search(std::string_view arguments) {
  const auto match = variables_.read_match(arguments);
  return match ? look_back_.search(*match) : match.error();
}

// What is waited for may give names, as what is typed behind it knows.
std::optional<base::Error> Interpreter::find_unknown_name(std::string_view line) const {
  const auto typed = parse_line(line);
  if (!variables_.on() || expectation_.waits() || !lines_.empty() || !typed) return std::nullopt;
  if (const auto* text = std::get_if<TypedText>(&*typed)) return variables_.find_unknown(text->text);
  const auto& [command, arguments] = std::get<TypedCommand>(*typed);
  auto unknown = is_filled_in(command->action) ? variables_.find_unknown(arguments) : std::nullopt;
  return unknown ? std::optional(about(*command, *std::move(unknown))) : std::nullopt;
}

// The person may have typed it a while ago.
void Interpreter::complain(const Line& line, base::Error error) {
  const bool late = line.has_waited && !line.in_order;
  if (late || line.message)
    error.message = fmt::format("{} was not sent: {}", quote_beginning(line.text), error.message);
  host_.complain(line.place, error);
}

// --- what is expected

std::string describe_met(const view::ExpectView& expected, std::uint64_t entry) {
  return fmt::format("* matched #{} after {:.3f} s\n", entry, std::chrono::duration<double>(expected.elapsed).count());
}

base::Result<void> Interpreter::expect(std::string_view arguments) {
  const link::Use use = *obeyed_->target;
  if (use.kind == link::Use::Kind::none) return base::usage_error("not connected", "/connect URL");
  if (auto unknown = variables_.find_unknown(arguments)) return *std::move(unknown);
  auto wanted = Expectation::parse(arguments, variables_.notation());
  if (!wanted) return std::move(wanted).error();
  auto match = variables_.fill(std::move(wanted->match));
  if (!match) return std::move(match).error();
  wanted->match = std::move(match).value();
  expectation_.begin(std::move(wanted).value(), use, obeyed_->place, loop_.poller.now());
  host_.expects(expectation_.text());
  if (const report::Entry* entry = expectation_.find(journal_.transcript())) {
    meet(*entry, entry->message());
  } else {
    look_whether_it_can_come();
  }
  return {};
}

void Interpreter::receive(link::ConnectionNumber connection, const ws::Message& message) {
  const talk::Message seen(message.data, message.type == ws::Opcode::binary);
  const std::uint64_t number = journal_.transcript().last_number();  // an answer goes behind it
  rules_.answer(connection, seen);
  if (!expectation_.wants(connection, seen)) return;
  meet(*journal_.transcript().find(number), seen);
  goes_on_ = true;  // but not amidst what a connection has to tell
  set_timer();
}

void Interpreter::meet(const report::Entry& entry, const talk::Message& message) {
  const std::string text = expectation_.text();
  const view::ExpectView met{text, expectation_.elapsed(loop_.poller.now())};
  variables_.remember(expectation_.match(), message);
  matched_ = entry.number;
  expectation_.meet(entry.number);
  host_.expects("");
  host_.handle_expected(entry.connection, met, entry.number);
}

void Interpreter::miss(const std::string& why) {
  const std::string text = expectation_.text();
  const std::string place = expectation_.place();
  const link::Use use = expectation_.use();
  const base::Error error{base::ErrorKind::expectation, fmt::format("expected {}: {}", text, why)};
  const view::ExpectView missed{text, expectation_.elapsed(loop_.poller.now()), place + error.message};
  expectation_.end();
  host_.handle_expected(use.kind == link::Use::Kind::one ? use.connection : 0, missed, 0);
  host_.complain(place, error);
  host_.expects("");
  forget_those_that_waited();
  set_timer();
}

// Nothing more comes on a connection that is over.
void Interpreter::look_whether_it_can_come() {
  if (!expectation_.waits()) return;
  const link::Use use = expectation_.use();
  if (use.kind == link::Use::Kind::all) {
    if (connections_.empty()) miss("nothing is connected");
  } else if (!connections_.exists(use.connection) && !connections_.comes_back(use.connection)) {
    miss(fmt::format("connection {} is gone", use.connection));
  }
}

// A script is at its end then; what a person has typed was meant for what comes behind.
void Interpreter::forget_those_that_waited() {
  std::string names;
  std::size_t count = 0;
  for (const Line& line : lines_) {
    if (line.message || !line.place.empty() || ++count > most_named) continue;
    names += (names.empty() ? "" : ", ") + quote_beginning(line.text);
  }
  if (count > most_named) names += fmt::format(" and {} more", count - most_named);
  std::erase_if(lines_, [](const Line& line) { return !line.message; });
  if (count > 0) host_.complain("", not_now("not sent: " + names));
}

}  // namespace wscope::repl
