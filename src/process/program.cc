#include "process/program.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <utility>

#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/io.h"

namespace wscope::process {
namespace {

constexpr int most_reads = 4;  // in a turn of the loop
constexpr std::size_t pending_cap = SIZE_MAX / 2;
// What a program has written to its terminal comes a moment later.
constexpr base::Duration terminal_grace = std::chrono::milliseconds(200);

}  // namespace

Program::Program(net::Poller& poller, base::MutableBytes room, std::optional<base::Duration> patience,
                 ProgramOwner& owner, base::Budget* held)
    : poller_(poller), room_(room), owner_(owner), leaving_(patience), pending_(pending_cap, held) {}

Program::~Program() {
  for (const net::Poller::Id id : {input_, output_.id, errors_.id, timer_}) poller_.remove(id);
  if (!running_) return;
  kill();
  ::waitpid(launched_.process, nullptr, 0);
}

int Program::start(const Launch& launch, std::string& what) {
  assert(launched_.process == 0);
  LaunchResult result = process::launch(launch);
  if (!result.launched) {
    what = std::move(result.what);
    return result.error;
  }
  launched_ = std::move(*result.launched);
  running_ = true;
  has_terminal_ = launch.terminal.has_value();
  timer_ = poller_.add(-1, {}, *this);
  input_ = poller_.add(launched_.input.get(), {}, *this);
  output_.id = poller_.add(launched_.output.get(), {}, *this);
  output_.over = false;
  watch(output_);
  if (!launched_.errors.valid()) return 0;
  errors_.id = poller_.add(launched_.errors.get(), {}, *this);
  errors_.over = false;
  watch(errors_);
  return 0;
}

// --- its input

void Program::write(base::Bytes bytes) {
  if (!takes_input()) return;
  static_cast<void>(pending_.append(bytes));
  if (pending_.size() >= worth_a_write) write_some();
}

void Program::flush() {
  if (!pending_.empty()) write_some();
  if (launched_.input.valid()) poller_.set_interest(input_, {.writable = !pending_.empty()});
}

void Program::write_some() {
  bool some = false;
  while (!pending_.empty() && launched_.input.valid()) {
    const net::IoResult result = net::write_some(launched_.input.get(), pending_.view());
    if (result.kind == net::IoResult::Kind::would_block) break;
    if (result.kind != net::IoResult::Kind::done) {  // nobody reads it any more
      close_input();
      break;
    }
    some = true;
    pending_.consume(result.bytes);
  }
  if (pending_.empty()) pending_.release();
  if (pending_.empty() && input_ends_ && !has_terminal_) close_input();
  if ((some || pending_.empty()) && leaving_.begun()) {
    leaving_.written(poller_.now(), pending_.empty());
    set_timer();
  }
}

void Program::end_input() {
  input_ends_ = true;
  flush();
  if (pending_.empty() && !has_terminal_) close_input();
}

void Program::close_input() {
  input_ends_ = true;
  pending_.clear();
  pending_.release();
  poller_.remove(std::exchange(input_, {}));
  launched_.input.reset();
  if (has_terminal_) end_stream(output_);  // it is one
}

// --- what it writes

void Program::set_reads(bool reads) {
  output_.reads = reads || drops_output_;
  watch(output_);
  if (reads && !running_ && grace_) poller_.set_deadline(timer_, net::Poller::at_once);
}

void Program::set_reads_errors(bool reads) {
  errors_.reads = reads;
  watch(errors_);
}

void Program::drop_output() {
  drops_output_ = true;
  set_reads(true);
  if (!running_ && !over_) poller_.set_deadline(timer_, net::Poller::at_once);
}

void Program::watch(const Stream& stream) {
  if (stream.over) return;
  poller_.set_interest(stream.id, {.readable = stream.reads});
}

void Program::read(Stream& stream, const net::UniqueFd& fd) {
  for (int i = 0; i < most_reads && !stream.over && stream.reads && read_once(stream, fd); ++i) {
  }
}

// Whether there may be more at once.
bool Program::read_once(Stream& stream, const net::UniqueFd& fd) {
  const std::size_t most = std::min(room_.size(), stream.left.value_or(room_.size()));
  if (most == 0) {
    end_stream(stream);
    return false;
  }
  const net::IoResult result = net::read_some(fd.get(), room_.first(most));
  if (result.kind == net::IoResult::Kind::would_block) {
    const bool waits = running_ || (grace_ && poller_.now() < *grace_);
    if (!waits) end_stream(stream);
    return false;
  }
  if (result.kind != net::IoResult::Kind::done) {  // of a terminal, EIO is its end
    end_stream(stream);
    return false;
  }
  if (stream.left) *stream.left -= result.bytes;
  tell(stream, room_.first(result.bytes));
  return result.bytes == most || stream.left;
}

void Program::tell(const Stream& stream, base::Bytes bytes) {
  if (&stream == &errors_) return owner_.handle_errors(*this, bytes);
  if (!drops_output_) owner_.handle_output(*this, bytes);
}

void Program::end_stream(Stream& stream) {
  if (std::exchange(stream.over, true)) return;
  poller_.remove(std::exchange(stream.id, {}));
  if (&stream == &errors_) {
    launched_.errors.reset();
    return owner_.handle_errors(*this, {});
  }
  launched_.output.reset();
  if (!drops_output_) owner_.handle_output_end(*this);
}

// --- its end

void Program::leave(bool at_once) {
  if (at_once) {
    pending_.clear();
    pending_.release();
  }
  leaving_.begin(poller_.now(), !pending_.empty());
  take_steps(poller_.now());
}

void Program::leave_with_all(base::Duration patience) {
  leaving_.hurry(poller_.now(), patience);
  leave(false);
}

void Program::kill() noexcept {
  if (running_) ::kill(-launched_.process, SIGKILL);
}

// The group is killed as long as its leader is there, dead, so that its number is nobody else's.
void Program::look() {
  siginfo_t ended{};
  if (!running_) return;
  const int found = ::waitid(P_PID, static_cast<id_t>(launched_.process), &ended, WEXITED | WNOHANG | WNOWAIT);
  const bool unknown = found != 0 && errno == ECHILD;  // somebody else has waited for it
  if (!unknown && (found != 0 || ended.si_pid != launched_.process)) return;
  if (!unknown) ::kill(-launched_.process, SIGKILL);
  int status = 0;
  if (!unknown) ::waitpid(launched_.process, &status, 0);
  running_ = false;
  status_ = Status::of_wait(status);
  busy_ = true;
  if (!has_terminal_) {
    close_input();
    note_left(output_, launched_.output.get());
    note_left(errors_, launched_.errors.get());
  } else {
    grace_ = poller_.now() + terminal_grace;
  }
  set_timer();
  owner_.handle_exit(*this);
  if (drops_output_) end_stream(output_);
  busy_ = false;
  look_at_end();
}

// Who has left the group may go on writing: that is not waited for.
void Program::note_left(Stream& stream, int fd) {
  int left = 0;
  if (stream.over) return;
  stream.left = ::ioctl(fd, FIONREAD, &left) == 0 && left > 0 ? static_cast<std::size_t>(left) : 0;
  if (*stream.left == 0) end_stream(stream);
}

void Program::look_at_end() {
  if (busy_ || running_ || over_ || !output_.over || !errors_.over) return;
  if (has_terminal_) close_input();
  over_ = true;
  set_timer();
  owner_.handle_end(*this);
}

void Program::take_steps(base::TimePoint now) {
  while (const auto step = leaving_.take_due(now)) carry_out(*step);
  set_timer();
}

void Program::carry_out(Leaving::Step step) {
  switch (step) {
    case Leaving::Step::end_input:
      return close_input();
    case Leaving::Step::hang_up:
      signal(SIGHUP);
      return signal(SIGCONT);
    case Leaving::Step::terminate:
      return signal(SIGTERM);
    case Leaving::Step::kill:
      return signal(SIGKILL);
  }
}

void Program::signal(int number) noexcept {
  if (running_) ::kill(-launched_.process, number);
}

// --- the loop

void Program::set_timer() {
  std::optional<base::TimePoint> deadline;
  if (running_) deadline = leaving_.deadline();
  if (!running_ && !over_ && grace_) deadline = grace_;
  poller_.set_deadline(timer_, deadline);
}

void Program::handle_ready(net::Poller::Id id, net::Readiness) {
  busy_ = true;
  if (id == input_) {
    flush();
    if (pending_.empty()) owner_.handle_room(*this);
  } else if (id == output_.id) {
    read(output_, launched_.output);
  } else if (id == errors_.id) {
    read(errors_, launched_.errors);
  }
  busy_ = false;
  look_at_end();
}

void Program::handle_deadline(net::Poller::Id, base::TimePoint now) {
  busy_ = true;
  if (running_) take_steps(now);
  if (!running_ && drops_output_) end_stream(output_);
  if (!running_ && grace_ && !output_.over) {
    grace_ = std::min(*grace_, now);
    if (output_.reads) read(output_, launched_.output);
  }
  busy_ = false;
  look_at_end();
}

}  // namespace wscope::process
