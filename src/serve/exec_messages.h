// A process a message, on one connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "link/link.h"
#include "process/program.h"
#include "serve/exec_session.h"
#include "serve/program_output.h"
#include "ws/event.h"

namespace wscope::serve {

class ExecMessages;

/// Who has such connections and hears from them.
class ExecMessagesOwner {
 public:
  /// Whether a process may begin now. If not, go_on() is to be called once one may.
  [[nodiscard]] virtual bool take_place(ExecMessages& messages) = 0;
  /// The process for which there was a place has ended, or could not begin.
  virtual void give_place_back(ExecMessages& messages) = 0;
  /// What a process says on stderr waits for room there: resume_errors() is to be called once there is some.
  virtual void handle_errors_wait() = 0;
  /// The link is gone, and so is the last process. The last call; it may be destroyed in it.
  virtual void handle_over(ExecMessages& messages) = 0;

 protected:
  ~ExecMessagesOwner() = default;
};

/// Gives each message to a process of its own, as its input, and sends what that has written once it has ended well.
/// One at a time, so that the answers come in order: while a message waits for the process before it, for a place or
/// for room in the output, the link is not read.
class ExecMessages final : private process::ProgramOwner {
 public:
  /// `context`, `launch` and `owner` outlive it, but `launch` may be destroyed by the owner's handle_over().
  ExecMessages(const ExecSession::Context& context, link::ConnectionNumber number, process::Launch launch,
               ExecMessagesOwner& owner);

  /// The connection is open. `link` stays until detach().
  void attach(link::Link& link);
  /// A message has come, or a piece of one.
  void handle_message(const ws::Message& message);
  /// What was sent is on its way, all that has come was handed on, or the link is not open any more.
  void handle_progress();
  /// There is a place for a process. False: none is wanted any more.
  [[nodiscard]] bool go_on();
  /// The link is about to go. `lost`: it was reset, so that what it said last is of no use. handle_over() follows, in
  /// this call or later.
  void detach(bool lost);
  /// We are leaving: a process has so long, if it had no limit before.
  void leave_with_all(base::Duration patience);
  void kill() noexcept;
  /// Upon SIGCHLD.
  void look();
  /// Stderr has room again.
  void resume_errors();

  [[nodiscard]] link::ConnectionNumber number() const noexcept { return number_; }
  /// Whether the link is gone, and so is the last process.
  [[nodiscard]] bool over() const noexcept { return link_ == nullptr && !program_; }
  /// How the latest process has ended that has failed while its answer was wanted.
  [[nodiscard]] const std::optional<process::Status>& failure() const noexcept { return failure_; }
  /// Whether there is a process, or one has ended and not all that it has said was told.
  [[nodiscard]] bool has_program() const noexcept { return program_.has_value(); }
  /// Whether it runs.
  [[nodiscard]] bool running() const noexcept { return program_ && program_->running(); }

 private:
  enum class Begun : std::uint8_t { yes, waits, failed };
  // The beginning of a message that waits, or all of it.
  struct Held {
    ws::Opcode type = ws::Opcode::text;
    std::string data;
    bool finished = true;
  };

  void handle_output(process::Program&, base::Bytes bytes) override;
  void handle_output_end(process::Program&) override {}
  void handle_errors(process::Program&, base::Bytes bytes) override;
  void handle_room(process::Program&) override { update_pause(); }
  void handle_exit(process::Program&) override;
  void handle_end(process::Program&) override;

  [[nodiscard]] bool is_open() const noexcept { return link_ != nullptr && link_->is_open(); }
  [[nodiscard]] bool has_room() const noexcept;
  [[nodiscard]] Begun begin(ws::Opcode type);
  [[nodiscard]] Begun start(ws::Opcode type);
  void give(base::Bytes data, bool finished);
  void take_held();
  void give_held(const Held& held);
  void answer();
  void refuse_answer(const std::string& why);
  void fail(ws::CloseCode code, std::string_view reason);
  void leave(bool lost);
  void update_pause();

  const ExecSession::Context& context_;
  link::ConnectionNumber number_;
  process::Launch launch_;
  ExecMessagesOwner& owner_;
  std::uint64_t longest_;  // bytes of an answer
  link::Link* link_ = nullptr;
  std::optional<Held> held_{};
  bool waits_for_place_ = false;
  bool in_message_ = false;  // one has begun to come and not ended
  // Of the process that there is.
  std::optional<process::Program> program_{};
  ProgramErrors errors_{};
  base::Buffer answer_;
  ws::Opcode type_ = ws::Opcode::text;
  bool gives_ = false;  // the message that comes is its input
  bool has_place_ = false;
  bool refused_ = false;  // there will be no answer, which was said
  bool reads_errors_ = true;
  std::optional<process::Status> failure_{};
};

}  // namespace wscope::serve
