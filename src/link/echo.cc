#include "link/echo.h"

#include <algorithm>
#include <chrono>

#include "link/connection_options.h"
#include "link/echoing.h"
#include "view/counted.h"

namespace wscope::link {
namespace {

constexpr std::uint64_t most_answers = std::uint64_t{64} << 20;
constexpr base::Duration grace = std::chrono::milliseconds(100);
constexpr base::Duration usual_patience = std::chrono::seconds(30);
// What a read may bring, and what it takes to send it back.
constexpr std::size_t a_read = peer::ReadBlocks::large_size + std::size_t{1024};

std::uint64_t budget_of_answers(const Loop& loop) noexcept { return std::min(most_answers, loop.held.most() / 4); }

// Not all, so that frames of many clients leave room for answers, but always enough for one. A frame that is not held
// takes a call of the system for each piece that goes back, so there is to be room for many.
std::uint64_t budget_of_frames(std::uint64_t answers, std::uint64_t longest) noexcept {
  return std::max(answers / 4 * 3, std::min(answers, longest));
}

Patience::Options patience_options(std::uint64_t longest, const Timeouts& timeouts) noexcept {
  const bool keeps_alive = timeouts.ping_interval > base::Duration::zero();
  const bool has_limit = keeps_alive && timeouts.ping_timeout > base::Duration::zero();
  return {.most_for_one = longest,
          .kept_for_one = longest,
          .grace = grace,
          .stuck_after = has_limit ? timeouts.ping_timeout : usual_patience};
}

}  // namespace

Echo::Echo(Loop& loop, const SizeLimits& limits, const Timeouts& timeouts)
    : loop_(loop),
      longest_held_(longest_held(limits)),
      answers_(budget_of_answers(loop), &loop.held),
      frames_(budget_of_frames(answers_.most(), longest_held_), &answers_),
      patience_(patience_options(longest_held_, timeouts), answers_),
      timer_(loop.poller.add(-1, {}, *this)) {}

Echo::~Echo() { loop_.poller.remove(timer_); }

void Echo::prepare(ws::Options& options, Delivery delivery) {
  options.held_output = &answers_;
  make_room_for_answers(options, longest_held_);  // of which as much may wait when the last message comes
  if (delivery == Delivery::whole) return;
  options.held_input = &frames_;
  options.frames_whole = true;
  options.whole_up_to = longest_held_;
}

void Echo::handle_message(Client& client, const ws::Message& message) {
  if (!is_echoed(message)) return;
  // There is room, as the client is not read any more long before the output is full; a message that is not sent back
  // is never passed over in silence.
  if (client.send(echo_of(message, client.connection())) == ws::Status::output_full) return server_->shed(client);
  if (!patience_.empty()) patience_.add(client.number(), client.connection().output().size());
  if (!client.peer().has_room()) look_at(client);
}

void Echo::handle_progress(Client& client) {
  if (!client.connection().output().empty()) return look_at(client);
  if (patience_.empty()) return;
  patience_.forget(client.number());
  client.pause(Client::Wait::for_answers, false);
}

void Echo::handle_gone(Client& client) { patience_.forget(client.number()); }

// Output waits for the client.
void Echo::look_at(Client& client) {
  if (!client.is_open()) {  // nothing is answered any more, but its Close is to be heard
    patience_.forget(client.number());
    return client.pause(Client::Wait::for_answers, false);
  }
  if (!loop_.held.allows(0)) return server_->shed(client);
  const base::TimePoint now = loop_.poller.now();
  const std::size_t waiting = client.connection().output().size();
  const std::size_t growth = client.connection().output_growth(a_read);
  client.pause(Client::Wait::for_answers, !patience_.may_read(client.number(), waiting, growth, now));
  if (patience_.is_stuck(client.number(), now)) {
    server_->warn(client, "does not read its answers: " + view::counted(waiting, "byte") + " wait for it");
  }
  loop_.poller.set_deadline(timer_, patience_.deadline());
}

void Echo::handle_deadline(net::Poller::Id, base::TimePoint now) {
  for (const ConnectionNumber number : patience_.due(now)) {
    if (Client* client = server_->find(number)) look_at(*client);
  }
  loop_.poller.set_deadline(timer_, patience_.deadline());
}

}  // namespace wscope::link
