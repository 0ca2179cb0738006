#include "app/serve.h"

#include <array>
#include <cerrno>
#include <climits>
#include <optional>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include "app/broadcast.h"
#include "app/connection_options.h"
#include "app/echo.h"
#include "app/signal_watch.h"
#include "app/stdin_service.h"
#include "net/error.h"
#include "tls/context.h"

namespace wscope::app {
namespace {

// A descriptor a client: as many as the system lets us have.
void raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

// What a certificate for a server there is to be for.
std::vector<std::string> names_of(const cli::ListenAddress& address) {
  const bool everywhere = address.host == "0.0.0.0" || address.host == "::";
  std::vector<std::string> names = {"localhost"};
  if (everywhere) {
    std::array<char, HOST_NAME_MAX + 1> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0 && host.front() != '\0') names.emplace_back(host.data());
  }
  if (everywhere || address.host.empty()) {
    names.insert(names.end(), {"127.0.0.1", "::1"});
  } else {
    names.push_back(address.host);
  }
  return names;
}

class ServeSession final : private SignalOwner, private OutputOwner {
 public:
  // `tls`, if there is any, outlives it.
  ServeSession(Loop& loop, net::Signals& signals, const cli::ServeCommand& command, const tls::Context* tls)
      : loop_(loop),
        signal_watch_(loop.poller, signals, *this),
        reporter_(loop.poller, command.reporting, Reporter::Connections::many, *this),
        tls_(tls),
        self_signed_(command.tls && command.tls->identity.certificate_file.empty()),
        server_(loop, server_options(command, tls), choose_service(command), &reporter_) {}

  Outcome run(const cli::ListenAddress& where) {
    if (auto listening = server_.listen(where); !listening) {
      outcome_.fail(std::move(listening).error());
    } else {
      const net::SocketAddress address = server_.address();
      const std::string url = (tls_ != nullptr ? "wss://" : "ws://") + address.text() + "/";
      reporter_.listening({url, address.host_text(), address.port(), self_signed_ ? tls_->pin() : ""});
      serve();
    }
    if (server_.ending()) outcome_.fail(*server_.ending());
    if (outcome_.error()) reporter_.error(*outcome_.error(), outcome_.status());
    print_rest();
    return outcome_;
  }

 private:
  static Server::Options server_options(const cli::ServeCommand& command, const tls::Context* tls) {
    Server::Options options;
    options.tls = tls;
    options.admission = command.admission;
    options.compression = command.compression;
    options.once = command.once;
    // The messages of one client need not wait for each other's end.
    const bool streams = command.service == cli::Service::echo || command.once;
    options.whole =
        !streams || command.service == cli::Service::broadcast || command.reporting.format == cli::OutputFormat::json;
    options.slow = command.slow;
    options.limits = command.limits;
    options.timeouts = command.timeouts;
    return options;
  }

  Service& choose_service(const cli::ServeCommand& command) {
    switch (command.service) {
      case cli::Service::echo:
        return echo_;
      case cli::Service::broadcast:
        return broadcast_;
      case cli::Service::pipe:
        break;
    }
    const InputSource::Options input = {
        .format = command.input, .type = command.type, .whole = true, .longest_held = longest_held(command.limits)};
    return pipe_.emplace(loop_, input, reporter_);
  }

  void serve() {
    while (!stopped_ && !server_.finished()) {
      flush_output();
      turn();
      if (pipe_ && pipe_->error() && !leaving_) leave(*pipe_->error());
    }
  }

  void print_rest() {
    flush_output();
    while (!stopped_ && !reporter_.output().queue().empty()) turn();
  }

  void turn() {
    if (auto turn = loop_.poller.run_once(); !turn) fail(std::move(turn).error());
  }

  void fail(base::Error error) {
    outcome_.fail(std::move(error));
    stopped_ = true;
  }

  void leave(base::Error error) {
    outcome_.fail(std::move(error));
    leaving_ = true;
    server_.shut_down();
  }

  void flush_output() {
    reporter_.output().flush();
    judge_output();
  }

  void handle_output() override {
    judge_output();
    server_.hold(false);
    if (pipe_ && !leaving_) pipe_->resume();
  }

  void judge_output() {
    const int error = reporter_.output().error();
    if (error == 0 || leaving_) return;
    if (error != EPIPE) return leave(net::system_error("standard output", error));
    outcome_.end(0);  // like any filter whose reader has seen enough
    leaving_ = true;
    server_.shut_down();
  }

  void handle_signal(int number) override {
    if (leaving_) {
      stopped_ = true;
      return outcome_.end(exit_status_of_signal(number));
    }
    leaving_ = true;
    server_.hold(false);
    server_.shut_down();
  }

  Loop& loop_;
  SignalWatch signal_watch_;
  Reporter reporter_;
  Echo echo_;
  Broadcast broadcast_;
  std::optional<StdinService> pipe_;
  const tls::Context* tls_;
  bool self_signed_;
  Server server_;
  Outcome outcome_;
  bool leaving_ = false;
  bool stopped_ = false;
};

}  // namespace

Outcome serve(Loop& loop, net::Signals& signals, const cli::ServeCommand& command) {
  raise_descriptor_limit();
  if (!command.tls) return ServeSession(loop, signals, command, nullptr).run(command.address);
  tls::ServerOptions options = *command.tls;
  options.names = names_of(command.address);
  const auto context = tls::Context::server(options);
  if (!context) {
    Outcome outcome;
    outcome.fail(context.error());
    return outcome;
  }
  return ServeSession(loop, signals, command, &*context).run(command.address);
}

}  // namespace wscope::app
