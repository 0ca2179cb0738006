#include "serve/exec_messages.h"

#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "link/connection_options.h"
#include "net/error.h"
#include "serve/exec_report.h"
#include "ws/violation.h"

namespace wscope::serve {

ExecMessages::ExecMessages(const ExecSession::Context& context, link::ConnectionNumber number, process::Launch launch,
                           ExecMessagesOwner& owner)
    : context_(context),
      number_(number),
      launch_(std::move(launch)),
      owner_(owner),
      longest_(link::longest_held(context.limits)),
      answer_(longest_, &context.loop.held) {}

void ExecMessages::attach(link::Link& link) {
  link_ = &link;
  link.peer().heed_reset();
}

// --- from the other side to a process

void ExecMessages::handle_message(const ws::Message& message) {
  const bool begins = !in_message_;
  in_message_ = !message.finished;
  if (!begins) {
    if (gives_) give(message.data, message.finished);
    return;
  }
  const Begun begun = program_ ? Begun::waits : begin(message.type);
  if (begun == Begun::yes) return give(message.data, message.finished);
  if (begun == Begun::failed) return;
  held_ = Held{message.type, std::string(base::as_text(message.data)), message.finished};
  update_pause();
}

void ExecMessages::handle_progress() {
  if (program_) program_->flush();
  if (link_ != nullptr && !link_->is_open()) leave(false);
  take_held();
  update_pause();
}

void ExecMessages::give(base::Bytes data, bool finished) {
  gives_ = !finished;
  program_->write(data);
  if (finished) program_->end_input();
  if (program_->waiting() >= process::Program::worth_a_write) update_pause();
}

bool ExecMessages::has_room() const noexcept { return link_->connection().output().size() < ExecSession::most_waiting; }

// A process for a message of that type.
ExecMessages::Begun ExecMessages::begin(ws::Opcode type) {
  if (!is_open()) return Begun::failed;
  if (!has_room()) return Begun::waits;
  waits_for_place_ = !owner_.take_place(*this);
  return waits_for_place_ ? Begun::waits : start(type);
}

ExecMessages::Begun ExecMessages::start(ws::Opcode type) {
  has_place_ = true;
  refused_ = false;
  errors_ = ProgramErrors();
  program_.emplace(context_.loop.poller, context_.room, context_.plan.patience,
                   static_cast<process::ProgramOwner&>(*this), &context_.loop.held);
  std::string what;
  if (const int error = program_->start(launch_, what); error != 0) {
    program_.reset();
    has_place_ = false;
    gives_ = false;
    context_.report.warn(number_, what + ": " + net::error_text(error) + ": a message has no answer");
    owner_.give_place_back(*this);
    return Begun::failed;
  }
  const bool chosen = context_.plan.type.has_value();
  const bool binary = chosen ? *context_.plan.type == streams::MessageType::binary : type == ws::Opcode::binary;
  type_ = binary ? ws::Opcode::binary : ws::Opcode::text;
  if (!reads_errors_) program_->set_reads_errors(false);
  context_.report.report(number_, link::Ran{view::ExecView{.process = program_->number()}});
  return Begun::yes;
}

void ExecMessages::take_held() {
  if (!held_ || program_ || waits_for_place_) return;
  const Begun begun = begin(held_->type);
  if (begun == Begun::waits) return;
  const Held held = *std::exchange(held_, std::nullopt);
  if (begun == Begun::yes) give_held(held);
}

void ExecMessages::give_held(const Held& held) { give(base::as_bytes(held.data), held.finished); }

bool ExecMessages::go_on() {
  waits_for_place_ = false;
  if (!held_ || program_ || !is_open()) return false;
  const Held held = *std::exchange(held_, std::nullopt);
  if (start(held.type) == Begun::yes) give_held(held);
  update_pause();
  return true;
}

void ExecMessages::update_pause() {
  if (link_ == nullptr) return;
  const bool waits = held_.has_value() || (program_ && program_->waiting() > 0);
  link_->pause(link::Link::Wait::for_answers, waits && link_->is_open());
}

// --- the other side leaves

void ExecMessages::detach(bool lost) {
  link_ = nullptr;
  leave(lost);
  if (!program_) owner_.handle_over(*this);
}

void ExecMessages::leave(bool lost) {
  held_.reset();
  refused_ = true;
  if (!program_) return;
  program_->drop_output();
  program_->leave(lost);
}

void ExecMessages::leave_with_all(base::Duration patience) {
  held_.reset();
  if (program_) program_->leave_with_all(patience);
  update_pause();  // the answer to our Close is read
}

void ExecMessages::kill() noexcept {
  if (program_) program_->kill();
}

// --- from a process to the other side

void ExecMessages::handle_output(process::Program&, base::Bytes bytes) {
  if (refused_) return;
  if (bytes.size() > answer_.space()) {
    return refuse_answer(fmt::format("output has more than {} bytes (--max-size)", longest_));
  }
  if (!context_.loop.held.allows(answer_.growth(bytes.size()))) {
    refuse_answer(fmt::format("there is no room for it (--max-held)"));
    return fail(ws::close_code::try_again_later, ws::describe(ws::Violation::too_much_held));
  }
  static_cast<void>(answer_.append(bytes));
}

// What it does is of no use any more.
void ExecMessages::refuse_answer(const std::string& why) {
  refused_ = true;
  answer_.clear();
  answer_.release();
  context_.report.warn(number_, "a message has no answer: " + why);
  program_->kill();
}

void ExecMessages::answer() {
  const base::Bytes text = answer_.view();
  if (type_ == ws::Opcode::text && !base::is_utf8(text)) {
    const OutputFlaw flaw = describe_flaw(base::find_utf8_flaw({}, text));
    context_.report.warn(number_, flaw.error.message);
    return fail(ws::close_code::internal_error, flaw.reason);
  }
  const ws::Piece piece{.opcode = type_, .payload = text, .known_utf8 = type_ == ws::Opcode::text};
  if (link_->send(piece) == ws::Status::output_full) {
    return fail(ws::close_code::try_again_later, ws::describe(ws::Violation::too_much_held));
  }
  link_->peer().flush();
}

void ExecMessages::fail(ws::CloseCode code, std::string_view reason) {
  if (link_ == nullptr) return;
  static_cast<void>(link_->connection().close(link_->peer().now(), code, reason));
  link_->peer().flush();
  leave(false);
  update_pause();
}

void ExecMessages::handle_errors(process::Program& program, base::Bytes bytes) {
  bytes.empty() ? errors_.end() : errors_.receive(bytes);
  while (const auto line = errors_.next()) {
    const view::ExecView view{view::ExecView::State::errors, program.number(), *line};
    context_.report.report(number_, link::Ran{view});
  }
  if (context_.report.has_room() || bytes.empty()) return;
  reads_errors_ = false;
  program.set_reads_errors(false);
  owner_.handle_errors_wait();
}

void ExecMessages::resume_errors() {
  if (!std::exchange(reads_errors_, true) && program_) program_->set_reads_errors(true);
}

// --- its end

void ExecMessages::look() {
  if (program_) program_->look();
}

void ExecMessages::handle_exit(process::Program& program) {
  report_exit(context_.report, number_, program.number(), program.status());
  if (std::exchange(has_place_, false)) owner_.give_place_back(*this);
}

void ExecMessages::handle_end(process::Program& program) {
  const process::Status status = program.status();
  if (!refused_ && is_open()) {
    if (status.ok()) {
      answer();
    } else {
      failure_ = status;
      context_.report.warn(number_, "a message has no answer: " + status.text());
    }
  }
  answer_.clear();
  answer_.release();
  gives_ = false;
  program_.reset();
  if (link_ == nullptr) return owner_.handle_over(*this);
  take_held();
  update_pause();
}

}  // namespace wscope::serve
