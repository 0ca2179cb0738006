#include "streams/console.h"

#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "base/base64.h"

namespace wscope::streams {
namespace {

// What a slow terminal has not shown yet: keys are echoed behind it.
constexpr std::size_t most_waiting = std::size_t{16} << 10;
// What is printed while the terminal is lent or its window changes. The connections go on until then.
constexpr std::size_t most_unwritten = std::size_t{1} << 20;
// For the last words before somebody else writes to the terminal.
constexpr base::Duration patience = std::chrono::seconds(1);
// Rows of choices under the input.
constexpr unsigned most_choices = 10;

}  // namespace

Console::Console(net::Poller& poller, term::Terminal terminal, term::History& history, ConsoleOwner& owner)
    : poller_(poller),
      terminal_(std::move(terminal)),
      history_(history),
      owner_(owner),
      editor_(history),
      prompt_(terminal_.size(), terminal_.abilities()),
      output_(poller, terminal_.output()),
      id_(poller.add(terminal_.input(), {}, *this)) {}

Console::~Console() { poller_.remove(id_); }

base::Result<void> Console::enter() {
  if (auto entered = terminal_.enter(); !entered) return entered;
  lent_ = false;
  changed_ = true;
  poller_.set_interest(id_, {.readable = true});
  return {};
}

void Console::leave() {
  if (!lent_) {
    editor_.settle();
    if (!editor_.text().empty()) {  // nothing that was typed is lost
      history_.add(editor_.text(), owner_.is_secret(editor_.text()));
    }
    if (editor_.text().empty()) {
      hide();
    } else {
      paint();
      prompt_.leave();
      finish_output();
    }
  }
  poller_.set_interest(id_, {});
  terminal_.leave();
  lent_ = true;
}

void Console::hide() {
  prompt_.hide();
  changed_ = false;  // it is not to be painted now
  finish_output();
}

void Console::finish_output() {
  flush();
  output_.finish(patience);
}

void Console::set_prompt(std::string text) {
  changed_ = changed_ || text != prompt_text_;
  prompt_text_ = std::move(text);
}

void Console::set_text(std::string_view text) {
  editor_.set_text(text);
  changed_ = true;
}

// Between two updates of the screen, which it does not change.
void Console::copy(std::string_view text) {
  const std::string sequence = "\x1b]52;c;" + base::base64_encode(base::as_bytes(text)) + "\a";
  static_cast<void>(output_.queue().append(base::as_bytes(sequence)));
}

bool Console::full() const noexcept { return unwritten_ >= most_unwritten || output_.waiting() >= most_waiting; }

void Console::flush() {
  if (lent_) return;
  if (terminal_.size() != prompt_.size()) resize();  // the signal that says so may not have come yet
  if (changed_ && !prompt_.holds()) paint();
  if (!prompt_.holds()) unwritten_ = 0;
  const std::string bytes = prompt_.next_update();
  if (!bytes.empty()) static_cast<void>(output_.queue().append(base::as_bytes(bytes)));
  output_.flush();
  update_deadline();
}

void Console::paint() {
  changed_ = false;
  const std::string& status = editor_.status();
  prompt_.show({.prompt = status.empty() ? std::string_view(prompt_text_) : std::string_view(status),
                .text = editor_.text(),
                .cursor = editor_.cursor(),
                .below = below_});
}

// --- keys

void Console::handle_ready(net::Poller::Id, net::Readiness) {
  owner_.handle_keys_waiting();
  if (lent_) return;
  read();
  handle_keys();
}

void Console::read() {
  std::array<std::byte, 4096> some;
  const net::IoResult result = terminal_.read(some);
  switch (result.kind) {
    case net::IoResult::Kind::done:
      return keys_.receive(base::Bytes(some).first(result.bytes), poller_.now());
    case net::IoResult::Kind::would_block:
      return;
    case net::IoResult::Kind::end:
    case net::IoResult::Kind::failed:
      poller_.set_interest(id_, {});
      return owner_.handle_end_of_input();
  }
}

// While the window changes they are held, but for the terminal's answer about it.
void Console::handle_keys() {
  keys_wait_ = false;
  while (!lent_) {
    const bool held = !prompt_.holds() && !held_keys_.empty();
    const auto key = held ? std::optional(std::move(held_keys_.front())) : keys_.next_key();
    if (!key) return;
    if (held) held_keys_.pop_front();
    if (key->name == term::Key::Name::cursor_report) {
      prompt_.cursor_report(key->row, key->column);
    } else if (prompt_.holds()) {
      held_keys_.push_back(*key);
    } else {
      handle_key(*key);
    }
  }
}

void Console::handle_key(const term::Key& key) {
  changed_ = true;
  using Request = term::LineEditor::Request;
  const Request request = editor_.receive(key);
  if (request != Request::complete && request != Request::list) below_.clear();
  switch (request) {
    case Request::none:
      return;
    case Request::accept:
      return accept();
    case Request::end:
      return owner_.handle_end_of_input();
    case Request::complete:
      return complete(false);
    case Request::list:
      return complete(true);
    case Request::edit:
      return owner_.handle_edit(std::string(editor_.text()));
    case Request::clear_screen:
      return prompt_.clear_screen();
    case Request::quote_next:
      return keys_.quote_next();
    case Request::beep:
      return prompt_.beep();
  }
}

void Console::accept() {
  std::string line(editor_.text());
  paint();
  prompt_.leave();
  history_.add(line, owner_.is_secret(line));
  editor_.reset();
  changed_ = true;
  owner_.handle_line(std::move(line));
}

void Console::complete(bool list) {
  const std::size_t cursor = editor_.cursor();
  const std::string_view before = editor_.text().substr(0, cursor);
  const term::Completions found = owner_.complete(before);
  if (found.words.empty()) return prompt_.beep();
  std::string common = term::common_prefix(found.words);
  const bool one = found.words.size() == 1;
  if (one && found.final && !common.ends_with('/')) common += ' ';
  if (list || (!one && before.substr(found.begin) == common)) {
    below_ = term::in_columns(found.words, prompt_.size().columns, most_choices);
    if (terminal_.abilities() == term::Prompt::Abilities::dumb) prompt_.print(std::exchange(below_, ""));
    return;
  }
  below_.clear();
  editor_.replace(found.begin, cursor, common);
}

// --- time, signals, programs

void Console::handle_deadline(net::Poller::Id, base::TimePoint now) {
  keys_.advance(now);
  prompt_.advance(now);
  handle_keys();
}

void Console::update_deadline() {
  std::optional<base::TimePoint> next = keys_.deadline();
  const auto painting = prompt_.deadline();
  if (painting && (!next || *painting < *next)) next = painting;
  if (keys_wait_ && !prompt_.holds()) next = net::Poller::at_once;
  poller_.set_deadline(id_, next);
}

void Console::clear_screen() {
  prompt_.clear_screen();
  keys_wait_ = true;  // those that were typed while the window changed
}

bool Console::interrupt() {
  const bool typed = !editor_.text().empty() || !editor_.status().empty();
  editor_.settle();
  below_.clear();
  paint();
  prompt_.leave("^C");
  editor_.reset();
  keys_.reset();
  held_keys_.clear();
  changed_ = true;
  return typed;
}

void Console::suspend(const std::function<bool()>& goes_on) {
  if (lent_) return;
  hide();
  lent_ = true;
  terminal_.suspend();
  if (goes_on()) take_back();
}

void Console::resize() {
  if (lent_) return;
  prompt_.resize(terminal_.size(), poller_.now());
  changed_ = true;
}

void Console::lend() {
  hide();
  poller_.set_interest(id_, {});
  terminal_.leave();
  lent_ = true;
}

void Console::take_back() {
  if (!enter()) return owner_.handle_end_of_input();
  if (prompt_.size() != terminal_.size()) prompt_.resize(terminal_.size(), poller_.now());
  keys_wait_ = true;
}

}  // namespace wscope::streams
