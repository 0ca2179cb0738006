#include "session/front.h"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

using namespace wscope;
using namespace std::chrono_literals;
using session::Session;
using Done = std::vector<std::string>;

namespace {

/// A front without a terminal, a file or a socket, whose peer says one thing and answers a Close.
class Dummy final : public session::Front {
 public:
  Dummy(net::Poller& poller, const session::Wishes& wishes, net::Signals* signals = nullptr)
      : Front(poller, signals, wishes) {}

  Done done;

 private:
  void begin() override {
    session().begun(1, "dummy:");
    session().opened(now());
    session().received(true, false);
  }
  void prepare_turn() override {
    session().input_ended(now());
    session().written(now());
  }
  void obey(const Session::Order& order) override {
    done.push_back("close " + std::to_string(order.code.value));
    session().gone(1, std::nullopt, "", now());
  }
  bool print_rest() override {
    done.emplace_back("print");
    return true;
  }
  void tell_error(const base::Error& error, int exit_status) override {
    done.push_back(std::to_string(exit_status) + " " + error.message);
  }
};

}  // namespace

TEST_CASE("a front runs until its session is over") {
  net::Poller poller;
  Dummy enough(poller, {.count = 1});
  CHECK(enough.run().status() == 0);
  CHECK(enough.done == Done{"close 1000", "print"});
}

TEST_CASE("a front keeps the time of its session") {
  net::Poller poller;
  Dummy silence(poller, {.silence = 1ms});
  CHECK(silence.run().status() == 0);
  CHECK(silence.done == Done{"close 1000", "print"});
  Dummy timeout(poller, {.count = 2, .timeout = 1ms});
  CHECK(timeout.run().status() == 10);
  const std::string words = "10 dummy:: not over in 0.001 s (--timeout); received 1 of 2 messages";
  CHECK(timeout.done == Done{"close 1001", words, "print"});
}

TEST_CASE("a front hears of signals") {
  net::Poller poller;
  auto signals = net::Signals::install({SIGUSR1});
  REQUIRE(signals.ok());
  Dummy interrupted(poller, {.at_eof = session::AtEof::hold}, &*signals);
  REQUIRE(::raise(SIGUSR1) == 0);
  CHECK(interrupted.run().status() == 128 + SIGUSR1);
  CHECK(interrupted.done == Done{"close 1001", "print"});
}
