#include "serve/exec_session.h"

#include <chrono>
#include <utility>
#include <variant>

#include "link/connection_options.h"
#include "serve/exec_report.h"

namespace wscope::serve {
namespace {

// What a read of a program becomes at most, and what it takes to send it.
constexpr std::size_t a_read = 2 * process::Program::room_size;

ProgramInput::Options input_options(const ExecPlan& plan) noexcept {
  return {.format = plan.format, .keys = plan.terminal.has_value()};
}

ProgramOutput::Options output_options(const ExecPlan& plan, const link::SizeLimits& limits) {
  return {.format = plan.terminal ? ExecFormat::raw : plan.format,
          .type = plan.type.value_or(plan.terminal ? streams::MessageType::binary : usual_type(plan.format)),
          .names_stream = plan.errors == ExecStderr::send,
          .longest_held = link::longest_held(limits)};
}

// There is one connection only.
view::Stamp stamp() { return {std::chrono::system_clock::now(), std::nullopt}; }

}  // namespace

ExecSession::ExecSession(const Context& context, link::ConnectionNumber number, ExecSessionOwner& owner)
    : context_(context),
      number_(number),
      owner_(owner),
      program_(context.loop.poller, context.room, context.plan.patience, *this, &context.loop.held),
      input_(input_options(context.plan)),
      output_(output_options(context.plan, context.limits)) {}

int ExecSession::start(const process::Launch& launch, std::string& what) {
  const int error = program_.start(launch, what);
  if (error == 0) context_.report.report(number_, link::Ran{view::ExecView{.process = program_.number()}});
  return error;
}

void ExecSession::attach(link::Link& link) {
  link_ = &link;
  link.peer().heed_reset();
  if (!early_.empty()) {
    output_.receive(base::as_bytes(early_));
    send_output();
    early_ = {};
  }
  if (output_ended_) handle_output_end(program_);
  if (!output_.in_message()) send_later();
  link.peer().flush();
  update_reads();
}

// --- from the other side to the program

void ExecSession::handle_message(const ws::Message& message) {
  if (!program_.takes_input()) return;
  const auto given = input_.take(message, stamp());
  if (!given) return context_.report.warn(number_, "a message " + given.error().message + ": left out");
  program_.write(given->body);
  if (!given->end.empty()) program_.write(base::as_bytes(given->end));
  if (given->resize) program_.resize({given->resize->rows, given->resize->columns});
  if (input_.take_ambiguity()) {
    context_.report.warn(number_, "a message has in it what ends one: the program sees several");
  }
  if (program_.waiting() >= process::Program::worth_a_write) update_pause();
}

bool ExecSession::tells_events() const noexcept {
  return context_.plan.format == ExecFormat::json && !context_.plan.terminal && !left_;
}

void ExecSession::tell_event() {
  program_.write(base::as_bytes(line_));
  program_.flush();
  line_.clear();
}

void ExecSession::handle_open(view::OpenView open) {
  if (!tells_events()) return;
  open.with_secrets = true;
  view::append_open(stamp(), open, line_);
  tell_event();
}

void ExecSession::handle_control(const ws::Event& event) {
  if (!tells_events()) return;
  if (const auto* ping = std::get_if<ws::Ping>(&event)) {
    view::append_ping(stamp(), wire::Direction::in, ping->payload, line_);
  } else if (const auto* pong = std::get_if<ws::Pong>(&event)) {
    view::append_pong(stamp(), wire::Direction::in, pong->payload, pong->round_trip, line_);
  }
  tell_event();
}

void ExecSession::tell_closed() {
  if (!tells_events() || link_ == nullptr) return;
  view::append_closed(stamp(), link_->connection().closing(), line_);
  tell_event();
}

void ExecSession::handle_progress() {
  program_.flush();
  update_pause();
  if (link_ != nullptr && !link_->is_open()) return leave(false);
  update_reads();
}

void ExecSession::update_pause() {
  if (link_ != nullptr) link_->pause(link::Link::Wait::for_answers, program_.waiting() > 0 && link_->is_open());
}

void ExecSession::detach(bool lost) {
  tell_closed();
  link_ = nullptr;
  leave(lost);
}

// Nobody hears what it says any more, but it may have something left to do.
void ExecSession::leave(bool lost) {
  tell_closed();
  if (std::exchange(left_, true) && !lost) return;
  early_ = {};
  later_.clear();
  program_.drop_output();
  program_.leave(lost);
}

void ExecSession::leave_with_all(base::Duration patience) {
  program_.leave_with_all(patience);
  leave(false);
  update_pause();  // the answer to our Close is read
}

// --- from the program to the other side

void ExecSession::update_reads() {
  if (link_ == nullptr) return;
  const std::size_t waiting = link_->connection().output().size();
  const bool allowed = waiting == 0 || context_.loop.held.allows(link_->connection().output_growth(a_read));
  const bool reads = waiting < most_waiting && allowed;
  if (std::exchange(reads_, reads) != reads) program_.set_reads(reads);
  update_reads_errors();
}

void ExecSession::update_reads_errors() {
  const bool sends = context_.plan.errors == ExecStderr::send;
  program_.set_reads_errors(reads_errors_ && later_.empty() && (reads_ || !sends));
}

void ExecSession::handle_output(process::Program&, base::Bytes bytes) {
  said_ = true;
  if (link_ == nullptr) {
    early_.append(base::as_text(bytes));
    reads_ = false;
    program_.set_reads(false);
    return owner_.handle_first_output(*this);
  }
  output_.receive(bytes);
  send_output();
}

void ExecSession::handle_output_end(process::Program&) {
  output_ended_ = true;
  if (link_ == nullptr) return;
  output_.end();
  send_output();
}

void ExecSession::send_output() {
  while (const OutputItem* item = output_.next()) send(*item);
  if (const auto& flaw = output_.flaw()) return fail(*flaw);
  if (link_ == nullptr) return;
  if (!later_.empty() && !output_.in_message()) send_later();
  link_->peer().flush();
  update_reads();
}

// What is said on stderr does not come between the pieces of a line.
void ExecSession::send_later() {
  for (const std::string& text : std::exchange(later_, {})) {
    send({.instruction = ws::Piece{.payload = base::as_bytes(text)}});
  }
}

void ExecSession::send(const OutputItem& item) {
  if (link_ == nullptr || !link_->is_open()) return;
  const auto* piece = std::get_if<ws::Piece>(&item.instruction);
  piece != nullptr ? static_cast<void>(link_->send(*piece))
                   : static_cast<void>(link_->send(item.instruction, context_.loop.random));
}

void ExecSession::fail(const OutputFlaw& flaw) {
  if (left_) return;
  context_.report.warn(number_, flaw.error.message + (flaw.error.hint.empty() ? "" : " (" + flaw.error.hint + ")"));
  close(ws::close_code::internal_error, flaw.reason);
  leave(false);
}

void ExecSession::close(ws::CloseCode code, std::string_view reason) {
  if (link_ == nullptr) return;
  link_->pause(link::Link::Wait::for_answers, false);
  static_cast<void>(link_->connection().close(link_->peer().now(), code, reason));
  link_->peer().flush();
}

// --- what else it says

void ExecSession::handle_errors(process::Program&, base::Bytes bytes) {
  bytes.empty() ? errors_.end() : errors_.receive(bytes);
  while (const auto line = errors_.next()) tell_error(*line);
  if (context_.report.has_room() || bytes.empty()) return;
  reads_errors_ = false;
  update_reads_errors();
  owner_.handle_errors_wait();
}

void ExecSession::resume_errors() {
  if (!std::exchange(reads_errors_, true)) update_reads_errors();
}

void ExecSession::tell_error(base::Bytes line) {
  if (context_.plan.errors == ExecStderr::show) {
    return context_.report.report(number_,
                                  link::Ran{view::ExecView{view::ExecView::State::errors, program_.number(), line}});
  }
  if (left_) return;
  later_.push_back(stream_message("stderr", line));
  if (link_ == nullptr) return update_reads_errors();
  if (!output_.in_message()) send_later();
  link_->peer().flush();
  update_reads();
}

// --- its end

void ExecSession::handle_exit(process::Program& program) {
  report_exit(context_.report, number_, program.number(), program.status());
  update_pause();
}

void ExecSession::handle_end(process::Program&) {
  const process::Status status = program_.status();
  if (status.ok()) {
    close(ws::close_code::normal, "");
  } else {
    close(ws::close_code::internal_error, status.text());
  }
  owner_.handle_over(*this);
}

}  // namespace wscope::serve
