#include "app/serve.h"

#include <sys/resource.h>

#include "app/echo_server.h"
#include "app/signal_watch.h"
#include "app/standard_streams.h"

namespace wscope::app {
namespace {

// A descriptor a client: as many as the system lets us have.
void raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

class ServeSession final : private SignalOwner {
 public:
  ServeSession(Loop& loop, net::Signals& signals, const cli::Timeouts& timeouts)
      : loop_(loop), signal_watch_(loop.poller, signals, *this), server_(loop, timeouts) {}

  Outcome run(const cli::ListenAddress& address) {
    if (auto listening = server_.listen(address); !listening) {
      outcome_.fail(std::move(listening).error());
      return outcome_;
    }
    print_error("Listening on ws://" + server_.authority() + "/ (press CTRL+C to quit)\n");
    while (!outcome_.decided() && (!leaving_ || server_.has_clients())) {
      if (auto turn = loop_.poller.run_once(); !turn) outcome_.fail(std::move(turn).error());
    }
    return outcome_;
  }

 private:
  void handle_signal(int number) override {
    if (leaving_) return outcome_.end(exit_status_of_signal(number));
    leaving_ = true;
    server_.shut_down();
  }

  Loop& loop_;
  SignalWatch signal_watch_;
  EchoServer server_;
  Outcome outcome_;
  bool leaving_ = false;
};

}  // namespace

Outcome serve(Loop& loop, net::Signals& signals, const cli::EchoCommand& command) {
  raise_descriptor_limit();
  return ServeSession(loop, signals, command.timeouts).run(command.address);
}

}  // namespace wscope::app
