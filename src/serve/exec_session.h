// A program and the connection that it serves, or that serves it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "link/link.h"
#include "link/loop.h"
#include "process/program.h"
#include "serve/exec_plan.h"
#include "serve/program_input.h"
#include "serve/program_output.h"

namespace wscope::serve {

class ExecSession;

/// Who has sessions and hears from them.
class ExecSessionOwner {
 public:
  /// The program has said something before there was a link. attach() may be called in it.
  virtual void handle_first_output(ExecSession& session) = 0;
  /// What the program says on stderr waits for room there: resume_errors() is to be called once there is some.
  virtual void handle_errors_wait() = 0;
  /// The program has ended, and all that it has said is on its way. The last call; the session may be destroyed in it.
  virtual void handle_over(ExecSession& session) = 0;

 protected:
  ~ExecSessionOwner() = default;
};

/// Joins a program and a link in both directions, in bounded memory: while a megabyte waits for the other side the
/// program is not read, and while the program does not take what came the link is not. When the program ends it closes
/// the link; when the other side leaves, the program is ended in steps. Either may be gone before the other.
class ExecSession final : private process::ProgramOwner {
 public:
  /// So much may wait for the other side before the program is not read any more.
  static constexpr std::size_t most_waiting = std::size_t{1} << 20;

  /// What all sessions of a command have in common. Outlives them.
  struct Context {
    link::Loop& loop;
    const ExecPlan& plan;
    base::MutableBytes room;  ///< for what programs say, of Program::room_size
    link::Report& report;
    link::SizeLimits limits{};
  };

  ExecSession(const Context& context, link::ConnectionNumber number, ExecSessionOwner& owner);

  /// Starts the program, once. 0, or errno's number, and in `what` what failed.
  [[nodiscard]] int start(const process::Launch& launch, std::string& what);
  /// The connection is open. `link` stays until detach().
  void attach(link::Link& link);
  /// How it was opened, for a program that is told of events; nothing for others. Before anything has come.
  void handle_open(view::OpenView open);
  /// A Ping or a Pong has come, the same.
  void handle_control(const ws::Event& event);
  /// A message has come, or a piece of one.
  void handle_message(const ws::Message& message);
  /// What was sent is on its way, all that has come was handed on, or the link is not open any more.
  void handle_progress();
  /// The link is about to go. `lost`: it was reset, so that what it said last is of no use.
  void detach(bool lost);
  /// We are leaving: the program has so long, if it had no limit before.
  void leave_with_all(base::Duration patience);
  void kill() noexcept { program_.kill(); }
  /// Upon SIGCHLD.
  void look() { program_.look(); }
  /// Stderr has room again.
  void resume_errors();

  [[nodiscard]] link::ConnectionNumber number() const noexcept { return number_; }
  [[nodiscard]] const process::Program& program() const noexcept { return program_; }
  [[nodiscard]] bool has_link() const noexcept { return link_ != nullptr; }
  /// Whether the program was ended because its other side, or we, have left.
  [[nodiscard]] bool was_left() const noexcept { return left_; }

 private:
  void handle_output(process::Program&, base::Bytes bytes) override;
  void handle_output_end(process::Program&) override;
  void handle_errors(process::Program&, base::Bytes bytes) override;
  void handle_room(process::Program&) override { update_pause(); }
  void handle_exit(process::Program&) override;
  void handle_end(process::Program&) override;

  [[nodiscard]] bool tells_events() const noexcept;
  void tell_event();
  void tell_closed();
  void send_output();
  void send_later();
  void send(const OutputItem& item);
  void tell_error(base::Bytes line);
  void fail(const OutputFlaw& flaw);
  void leave(bool lost);
  void update_pause();
  void update_reads();
  void update_reads_errors();
  void close(ws::CloseCode code, std::string_view reason);

  const Context& context_;
  link::ConnectionNumber number_;
  ExecSessionOwner& owner_;
  process::Program program_;
  ProgramInput input_;
  ProgramOutput output_;
  ProgramErrors errors_;
  link::Link* link_ = nullptr;
  std::string line_;                  // an event
  std::vector<std::string> later_{};  // messages of stderr, which wait for the end of one of stdout
  std::string early_;                 // what it has said before there was a link
  bool said_ = false;
  bool output_ended_ = false;
  bool reads_ = true;
  bool reads_errors_ = true;
  bool left_ = false;
};

}  // namespace wscope::serve
