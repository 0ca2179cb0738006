#include "session/forward_front.h"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include "link/embedded_echo.h"
#include "link/listeners.h"
#include "net/error.h"
#include "report/reporter.h"
#include "serve/byte_stream.h"
#include "serve/datagram_forwarding.h"
#include "serve/datagram_listener.h"
#include "serve/forwarding.h"
#include "serve/stdio_stream.h"
#include "session/front.h"
#include "session/serve_front.h"

namespace wscope::session {
namespace {

using serve::ForwardPlan;

// For the peer to answer a Close once whoever has started us has gone.
constexpr base::Duration last_moment = std::chrono::milliseconds(150);
// For the peer to end the TCP connection once its Close is answered, which may be only when its time is over.
constexpr base::Duration for_the_end = std::chrono::seconds(1);
// Failures are told once in such a time.
constexpr base::Duration between_lines = std::chrono::seconds(1);
// A URL that has failed is tried again for datagrams after such a time.
constexpr base::Duration between_tries = std::chrono::seconds(1);
// The number of the one connection of stdin and stdout.
constexpr link::ConnectionNumber own = 1;

link::ConnectPlan plan_of(const ForwardCommand& command) {
  link::ConnectPlan plan = command;
  plan.answers_close = false;
  if (plan.timeouts.close != base::Duration::zero()) plan.timeouts.close += for_the_end;
  return plan;
}

class ForwardFront final : public Front,
                           private peer::ListenerOwner,
                           private serve::DatagramListenerOwner,
                           private serve::ForwardedOwner {
 public:
  ForwardFront(link::Loop& loop, net::Signals& signals, const ForwardCommand& command)
      : Front(loop.poller, &signals, wishes_of(command)),
        loop_(loop),
        command_(command),
        plan_(plan_of(command)),
        one_(command.forward.from == ForwardPlan::From::stdio),
        stdout_(one_ ? serve::take_stdout() : net::UniqueFd()),
        reporter_(loop.poller, loop.errors, command.reporting,
                  one_ ? report::Reporter::Scope::one : report::Reporter::Scope::many),
        ends_{.relay = false,
              .after_end = command.forward.after_end,
              .silence = command.forward.silence,
              .close_timeout = command.timeouts.close},
        listeners_(loop.poller, *this),
        datagrams_(loop, *this) {}

 private:
  static Wishes wishes_of(const ForwardCommand& command) {
    Wishes wishes;
    wishes.at_eof = AtEof::hold;
    wishes.serves = command.forward.from != ForwardPlan::From::stdio;
    wishes.close_timeout = command.timeouts.close;
    return wishes;
  }

  void begin() override {
    for (const std::string& notice : command_.notices) reporter_.warn(0, notice);
    const auto reached = link::url_to_connect(command_, loop_, embedded_);
    if (!reached) return end(reached.error());
    url_ = *reached;
    if (one_) return begin(std::make_unique<serve::StdioStream>(loop_.poller, std::move(stdout_)));
    const link::ListenAddress& address = command_.forward.address;
    auto listening = of_datagrams() ? datagrams_.listen(address) : listeners_.listen(address);
    if (!listening) return end(std::move(listening).error());
    session().begun(0, "");
    if (command_.reporting.verbosity == report::Verbosity::quiet) return;
    const std::string url = command_.endpoint.embedded ? "echo:" : command_.endpoint.url.text();
    loop_.errors.print("Listening on " + place() + " for " + url + " (press CTRL+C to quit)\n");
  }

  [[nodiscard]] bool of_datagrams() const { return command_.forward.from == ForwardPlan::From::datagrams; }

  [[nodiscard]] std::string place() const {
    if (of_datagrams()) return "udp:" + datagrams_.address().text();
    const net::SocketAddress address = listeners_.first_address();
    return address.family() == AF_UNIX ? "unix:" + address.text() : address.text();
  }

  void end(base::Error error) { session().gone(0, std::move(error), "", now()); }

  // --- connections

  void begin(std::unique_ptr<serve::ByteStream> stream) {
    const link::ConnectionNumber number = ++last_number_;
    serve::ForwardedOwner& owner = *this;
    auto made = std::make_unique<serve::Forwarding>(loop_, plan_, number, reporter_, std::move(stream), ends_, owner);
    serve::Forwarding& forwarding = *made;
    forwarded_.emplace(number, std::move(made));
    if (one_) session().begun(own, forwarding.place_of(url_));
    forwarding.start(url_, embedded_.has_value());
  }

  void handle_accepted(net::UniqueFd socket, const net::SocketAddress& client) override {
    const std::optional<std::uint64_t>& most = command_.forward.max_clients;
    if (most && forwarded_.size() >= *most) return;  // and so it is closed
    reporter_.note(last_number_ + 1, "connected from " + client.text());
    begin(std::make_unique<serve::SocketStream>(loop_.poller, std::move(socket)));
  }

  // Sources can be forged, and what cannot be reached is not to be asked for with each datagram.
  void handle_datagram(int socket, const net::Way& way, base::Bytes datagram) override {
    const std::string source = std::to_string(socket) + ' ' + way.from.text() + ' ' + way.to.host_text();
    const auto known = sources_.find(source);
    if (known != sources_.end()) return known->second->receive(datagram);
    const bool may_try = !failed_at_ || now() - *failed_at_ >= between_tries;
    if (!may_try || sources_.size() >= command_.forward.max_clients.value_or(serve::usual_sources)) return;
    const link::ConnectionNumber number = ++last_number_;
    reporter_.note(number, "datagrams from " + way.from.text());
    serve::ForwardedOwner& owner = *this;
    auto made = std::make_unique<serve::DatagramForwarding>(loop_, plan_, number, reporter_, socket, way,
                                                            command_.forward.idle, owner);
    serve::DatagramForwarding& forwarding = *made;
    forwarded_.emplace(number, std::move(made));
    sources_.emplace(source, &forwarding);
    forwarding.receive(datagram);
    forwarding.start(url_, embedded_.has_value());
  }

  void handle_exhausted(int error) override {
    if (exhausted_++ == 0) reporter_.warn(0, "no more connections for now: " + net::error_text(error));
  }

  void handle_recovered() override {
    if (--exhausted_ == 0) reporter_.warn(0, "connections can come again");
  }

  void handle_forwarded_open(serve::Forwarded&) override { session().opened(now()); }

  void handle_forwarded_over(serve::Forwarded& forwarded) override {
    over_.push_back(forwarded.number());
    turn_soon();
  }

  // Those that are over may have said so from within themselves.
  void bury() {
    for (const link::ConnectionNumber number : std::exchange(over_, {})) {
      const auto found = forwarded_.find(number);
      if (found == forwarded_.end()) continue;
      const std::unique_ptr<serve::Forwarded> forwarded = std::move(found->second);
      forwarded_.erase(found);
      std::erase_if(sources_, [&](const auto& source) { return source.second == forwarded.get(); });
      one_ ? end_with(*forwarded) : tell_failure(*forwarded);
    }
  }

  void tell_failure(const serve::Forwarded& forwarded) {
    if (!forwarded.failure() || forwarded.local_failed() || session().leaving()) return;
    failed_at_ = now();
    ++untold_;
    if (told_at_ && now() - *told_at_ < between_lines) return;
    const std::string others = untold_ > 1 ? " (" + std::to_string(untold_ - 1) + " others failed before)" : "";
    reporter_.warn(forwarded.number(), forwarded.failure()->message + others);
    told_at_ = now();
    untold_ = 0;
  }

  void end_with(const serve::Forwarded& forwarded) {
    look_at_signals();  // one that has come is what counts, and may be why
    const bool gone = forwarded.local_failed() || session().leaving();
    session().gone(own, gone ? std::nullopt : forwarded.failure(), forwarded.closed(), now());
  }

  // --- the front

  void prepare_turn() override {
    bury();
    follow_stdio();
    if (session().leaving() && forwarded_.empty()) session().gone(0, std::nullopt, "", now());
  }

  // Whoever has started us does not wait for the peer.
  void follow_stdio() {
    if (!one_ || forwarded_.empty()) return;
    serve::Forwarded& forwarding = *forwarded_.begin()->second;
    const bool hurries = forwarding.local_failed() || session().leaving();
    if (hurries && !drops_at_) drops_at_ = now() + last_moment;
    if (!drops_at_) return;
    if (now() < *drops_at_) return turn_by(*drops_at_);
    forwarding.drop();
    bury();
  }

  void obey(const Session::Order& order) override {
    listeners_.clear();
    datagrams_.stop();
    for (const auto& [number, forwarded] : forwarded_) forwarded->close(order.code);
    bury();
    if (forwarded_.empty()) session().gone(0, std::nullopt, "", now());
  }

  void tell_error(const base::Error& error, int exit_status) override {
    reporter_.error(session().culprit(), error, exit_status);
  }

  bool print_rest() override { return true; }

  link::Loop& loop_;
  const ForwardCommand& command_;
  link::ConnectPlan plan_;
  bool one_;
  net::UniqueFd stdout_;  // until it is forwarded
  report::Reporter reporter_;
  serve::Ends::Options ends_;
  std::optional<link::EmbeddedEcho> embedded_;
  link::Listeners listeners_;
  serve::DatagramListener datagrams_;
  http::Url url_{};
  std::map<link::ConnectionNumber, std::unique_ptr<serve::Forwarded>> forwarded_;
  std::unordered_map<std::string, serve::DatagramForwarding*> sources_;
  std::vector<link::ConnectionNumber> over_;
  link::ConnectionNumber last_number_ = 0;
  std::size_t exhausted_ = 0;
  std::size_t untold_ = 0;  // failures
  std::optional<base::TimePoint> told_at_;
  std::optional<base::TimePoint> failed_at_;
  std::optional<base::TimePoint> drops_at_;
};

}  // namespace

streams::Outcome forward(link::Loop& loop, net::Signals& signals, const ForwardCommand& command) {
  static_cast<void>(raise_descriptor_limit());
  return ForwardFront(loop, signals, command).run();
}

}  // namespace wscope::session
