// The program that is a client under test, started once a case.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "net/poller.h"
#include "process/launch.h"
#include "process/program.h"

namespace wscope::check {

class ClientProgram;

class ClientProgramOwner {
 public:
  /// It has ended. The last call; not to be destroyed in it.
  virtual void handle_program_over(ClientProgram& program) = 0;

 protected:
  ~ClientProgramOwner() = default;
};

/// What it is started as: {url} in the words is replaced by the URL, which is also in WSCOPE_URL. An error of kind io:
/// there is no such program.
[[nodiscard]] base::Result<process::Launch> launch_of_client(const std::vector<std::string>& words,
                                                             const std::string& url);

/// One of them, which runs. Its input stays open until it is to leave, what it prints is not kept but for the last line
/// of its stderr.
class ClientProgram final : private process::ProgramOwner {
 public:
  /// `room` is of process::Program::room_size, and may be shared.
  ClientProgram(net::Poller& poller, base::MutableBytes room, ClientProgramOwner& owner);

  /// 0, or errno's number, and in `what` what failed.
  [[nodiscard]] int start(const process::Launch& launch, std::string& what) { return program_.start(launch, what); }
  /// Its case is over: it has a second to end.
  void leave();
  /// Upon SIGCHLD.
  void look() { program_.look(); }

  [[nodiscard]] bool over() const noexcept { return program_.over(); }
  /// Whether it has died of an error of its own: SIGSEGV and its kin.
  [[nodiscard]] bool crashed() const noexcept;
  /// "exit status 1: what it said last", once it is over; safe for a terminal.
  [[nodiscard]] std::string end_words() const;

 private:
  void handle_output(process::Program&, base::Bytes) override {}
  void handle_output_end(process::Program&) override {}
  void handle_errors(process::Program&, base::Bytes bytes) override;
  void handle_room(process::Program&) override {}
  void handle_exit(process::Program&) override {}
  void handle_end(process::Program&) override { owner_.handle_program_over(*this); }

  ClientProgramOwner& owner_;
  process::Program program_;
  std::string errors_{};  // the end of it
};

}  // namespace wscope::check
