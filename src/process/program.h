// A program that runs, as others see it: bytes in, bytes out, and its end.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "net/poller.h"
#include "process/launch.h"
#include "process/leaving.h"
#include "process/status.h"

namespace wscope::process {

class Program;

/// Who has started a program and hears from it, from within the loop or from look().
class ProgramOwner {
 public:
  /// What it has written to its stdout.
  virtual void handle_output(Program& program, base::Bytes bytes) = 0;
  /// Nothing more will come from there.
  virtual void handle_output_end(Program& program) = 0;
  /// What it has written to its stderr; empty: nothing more will come from there.
  virtual void handle_errors(Program& program, base::Bytes bytes) = 0;
  /// What waited for its input is written, or never will be.
  virtual void handle_room(Program& program) = 0;
  /// It has ended, and is forgotten by the system: status(). What it has left in its pipes still comes.
  virtual void handle_exit(Program& program) = 0;
  /// After its end, all that was to come has come. The last call; it may be destroyed in it, or later.
  virtual void handle_end(Program& program) = 0;

 protected:
  ~ProgramOwner() = default;
};

/// Runs one program. Nothing of it blocks. When it ends, whatever it had in its process group is killed, before the
/// number of the group can become somebody else's; who has left the group lives on, without us.
///
/// It hears of its end by look(), which is to be called upon SIGCHLD.
class Program final : private net::Pollable {
 public:
  /// A read takes so much at most; where to is shared by all programs of an owner.
  static constexpr std::size_t room_size = std::size_t{64} << 10;
  /// From so much on, what waits is written at once, and else by flush().
  static constexpr std::size_t worth_a_write = std::size_t{64} << 10;

  /// All that is referred to outlives it. `patience` is that of Leaving. `held`, if there is one, counts the memory of
  /// what waits for its input.
  Program(net::Poller& poller, base::MutableBytes room, std::optional<base::Duration> patience, ProgramOwner& owner,
          base::Budget* held = nullptr);
  /// Kills what still runs.
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Starts it, once. 0, or errno's number, and in `what` what failed.
  [[nodiscard]] int start(const Launch& launch, std::string& what);

  /// Whether it was started and is not reaped.
  [[nodiscard]] bool running() const noexcept { return running_; }
  /// Whether handle_end() was called.
  [[nodiscard]] bool over() const noexcept { return over_; }
  [[nodiscard]] pid_t number() const noexcept { return launched_.process; }
  /// Once it has ended.
  [[nodiscard]] Status status() const noexcept { return status_; }

  /// Adds to what waits for its input. Once that is closed, by it or by us, it is dropped.
  void write(base::Bytes bytes);
  /// Writes as much as there is room for.
  void flush();
  /// How much waits.
  [[nodiscard]] std::size_t waiting() const noexcept { return pending_.size(); }
  /// Whether it can be given anything.
  [[nodiscard]] bool takes_input() const noexcept { return launched_.input.valid() && !input_ends_; }
  /// Its input ends once all that waits is written; that of a terminal does not end.
  void end_input();

  /// Whether its stdout is read; at first it is.
  void set_reads(bool reads);
  /// The same of its stderr.
  void set_reads_errors(bool reads);
  /// From now on what it writes to its stdout is read and forgotten, and the owner does not hear of its end.
  void drop_output();

  void resize(WindowSize size) noexcept {
    if (has_terminal_) set_window_size(launched_.input.get(), size);
  }

  /// Its other side has left: it is ended in the steps of Leaving.
  void leave(bool at_once);
  /// The same for all together, because we are leaving: it takes `patience` at most, if it had no limit before.
  void leave_with_all(base::Duration patience);
  /// Kills it with its group.
  void kill() noexcept;
  /// Whether it has ended: to be called upon SIGCHLD. May be the owner's last call.
  void look();

 private:
  // A stream that is read.
  struct Stream {
    net::Poller::Id id{};
    bool reads = true;
    bool over = true;                   // nothing more will come
    std::optional<std::size_t> left{};  // after the end: what is there still
  };

  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void read(Stream& stream, const net::UniqueFd& fd);
  [[nodiscard]] bool read_once(Stream& stream, const net::UniqueFd& fd);
  void note_left(Stream& stream, int fd);
  void end_stream(Stream& stream);
  void tell(const Stream& stream, base::Bytes bytes);
  void watch(const Stream& stream);
  void write_some();
  void close_input();
  void take_steps(base::TimePoint now);
  void carry_out(Leaving::Step step);
  void signal(int number) noexcept;
  void set_timer();
  void look_at_end();

  net::Poller& poller_;
  base::MutableBytes room_;
  ProgramOwner& owner_;
  Leaving leaving_;
  Launched launched_{};
  Status status_{};
  base::Buffer pending_;
  Stream output_{};
  Stream errors_{};
  net::Poller::Id input_{};
  net::Poller::Id timer_{};
  std::optional<base::TimePoint> grace_{};  // after its end, for what its terminal has not handed on
  bool running_ = false;
  bool has_terminal_ = false;
  bool input_ends_ = false;
  bool drops_output_ = false;
  bool busy_ = false;  // it is in a call that looks at the end itself
  bool over_ = false;
};

}  // namespace wscope::process
