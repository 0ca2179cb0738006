// A front of a session and its peer, which is made by hand, in one loop, whose clock the test has.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/command_line.h"
#include "link/loop.h"
#include "net/signals.h"
#include "session/connect_front.h"
#include "session/repl_front.h"
#include "session/script_front.h"
#include "session/serve_front.h"
#include "support/fake_time.h"
#include "unit/peer/owner.h"
#include "unit/streams/streams.h"
#include "wire/reader.h"
#include "ws/client_handshake.h"

namespace wscope::test {

/// A frame that is said.
struct Said {
  unsigned first_byte;
  std::string payload;
};

/// What a peer does.
struct Manners {
  std::vector<Said> says{};            ///< once the connection is open,
  base::Duration after{};              ///< so long after that,
  int times = 1;                       ///< and so often, each so long after the last one;
  bool ends = false;                   ///< then its half of the stream ends
  base::Duration sleeps{};             ///< how long all sleep once it has said something
  std::vector<Said> last_words{};      ///< before it answers a Close
  bool answers = true;                 ///< that
  base::Duration accepts_after{};      ///< the request of a client
  base::Duration deaf_for{};           ///< reads nothing behind the handshake
  std::function<void()> on_request{};  ///< has come
  std::function<void()> on_open{};
  std::function<void()> on_close{};  ///< when a Close has come
};

/// The other end of the one connection of a session. From the first sign of the session's end on, time passes, a
/// quarter of a second whenever nothing else has happened between the two for a moment, however late the system hands
/// things over; where that does not end, it signals until the session is over. No assertion is made meanwhile: nobody
/// would see it.
class ByHand final : private net::Pollable {
 public:
  /// A server.
  explicit ByHand(Manners manners) : manners_(std::move(manners)), listener_(listen_anywhere()) { start(); }
  /// A client of the server that says where it listens in what `shown` gives.
  ByHand(Manners manners, std::function<std::string()> shown) : manners_(std::move(manners)), shown_(std::move(shown)) {
    start();
  }
  ~ByHand() { loop.poller.remove(timer_); }
  ByHand(const ByHand&) = delete;
  ByHand& operator=(const ByHand&) = delete;

  [[nodiscard]] std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(net::local_address(listener_.get()).port()) + "/";
  }
  /// The payloads of the frames that have come, those of a Close as "close 1000 bye"; of much only how much.
  [[nodiscard]] std::string heard() {
    manners_ = {};
    if (socket_.valid()) listen();
    constexpr std::size_t much = 99;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i + 1 < heard_.size(); ++i) bytes += heard_[i].size();
    if (bytes > much) return std::to_string(bytes) + " bytes, " + heard_.back();
    std::string all;
    for (const std::string& one : heard_) all += (all.empty() ? "" : ", ") + one;
    return all;
  }
  /// How long it has been since the session's end was seen.
  [[nodiscard]] base::Duration lasted() const { return time.now() - met_at_; }

  FakeTime time;
  link::Loop loop{&time};
  std::function<bool(base::Duration)> each_turn;  ///< is given lasted(), and says whether anything happened

 private:
  void start() { loop.poller.set_deadline(timer_, net::Poller::at_once); }
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id, base::TimePoint) override {
    if (!socket_.valid()) meet();
    if (socket_.valid()) net::set_no_delay(socket_.get());  // what one says, the other hears in the next turn
    if (open_) speak();
    bool busy = flush();
    if (socket_.valid() && (!open_ || time.now() - opened_at_ >= manners_.deaf_for)) busy = listen() || busy;
    if (each_turn) busy = each_turn(met_ ? lasted() : base::Duration()) || busy;
    if (met_) let_time_pass(busy);
    constexpr int many = 100'000;
    if (++turns_ > many) ::raise(SIGTERM);
    start();
  }

  // As settle() has it: however late this process, or the system for it, gets its turn.
  void let_time_pass(bool busy) {
    constexpr int least = 10;
    constexpr base::Duration moment = std::chrono::milliseconds(1);
    if (busy) idle_ = 0;
    if (idle_++ == 0) idle_since_ = base::Clock::now();
    if (idle_ < least || base::Clock::now() < idle_since_ + moment) return;
    time.pass(std::chrono::milliseconds(250));
    idle_ = 0;
  }

  void meet() {
    if (listener_.valid()) {
      socket_ = net::accept_connection(listener_.get()).fd;
    } else if (const std::uint16_t port = announced_port(); port != 0) {
      socket_ = std::move(net::start_connect(net::SocketAddress::from_numeric("127.0.0.1", port).value()).value());
      wait_for(socket_.get(), POLLOUT);
      pending_ = upgrade_request;
    }
  }
  [[nodiscard]] std::uint16_t announced_port() const {
    const std::string_view before = "Listening on ws://127.0.0.1:";
    const std::string shown = shown_();
    const std::size_t at = shown.find(before);
    if (at == std::string::npos) return 0;
    return static_cast<std::uint16_t>(std::stoi(shown.substr(at + before.size())));
  }

  void speak() {
    if (said_ == manners_.times || time.now() < opened_at_ + (said_ + 1) * manners_.after) return;
    ++said_;
    say(manners_.says);
    ends_ = manners_.ends && said_ == manners_.times;
    static_cast<void>(flush());
    time.pass(manners_.sleeps);
  }
  void say(const std::vector<Said>& frames) {
    for (const Said& one : frames) {
      pending_ += listener_.valid() ? frame(one.first_byte, one.payload) : masked_frame(one.first_byte, one.payload);
      closes_ = closes_ || one.first_byte == 0x88;
    }
  }
  // Whether anything happened.
  bool flush() {
    if (!socket_.valid()) return false;
    const std::size_t sent = pending_.empty() ? 0 : net::send(socket_.get(), base::as_bytes(pending_)).bytes;
    pending_.erase(0, sent);
    if (ends_ && pending_.empty()) net::half_close(socket_.get());
    return sent > 0;
  }

  bool listen() {
    const std::string bytes = hear(socket_);
    for (base::Bytes rest = base::as_bytes(bytes); !rest.empty();) {
      rest = rest.subspan(reader_.receive(rest));
      const auto event = reader_.next_event();
      if (!event) continue;
      if (const auto* head = std::get_if<wire::Head>(&*event)) note(*head);
      if (const auto* frame = std::get_if<wire::Frame>(&*event)) note(*frame);
    }
    if (met_ && !open_ && time.now() >= met_at_ + manners_.accepts_after) open();
    return !bytes.empty();
  }
  void note(const wire::Head& head) {
    head_ = head.text;
    met_ = true;
    met_at_ = time.now();
    if (manners_.on_request) manners_.on_request();
  }
  void open() {
    open_ = true;
    opened_at_ = time.now();
    if (listener_.valid()) pending_ += acceptance(head_);
    if (manners_.on_open) manners_.on_open();
    if (manners_.after == base::Duration::zero()) speak();  // together with the head
  }
  void note(const wire::Frame& frame) {
    const std::string payload(base::as_text(frame.payload));
    if (frame.opcode != 8) return heard_.push_back(payload);
    std::string close = "close";
    if (payload.size() >= 2) {
      const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(payload[at]); };
      close += " " + std::to_string(byte(0) << 8 | byte(1));
    }
    if (payload.size() > 2) close += " " + payload.substr(2);
    heard_.push_back(std::move(close));
    if (manners_.on_close) manners_.on_close();
    if (!manners_.answers) return;
    say(manners_.last_words);
    if (!closes_) say({{0x88, payload}});
    ends_ = true;
  }
  /// What accepts the request of a client.
  static std::string acceptance(std::string_view request) {
    const std::string_view name = "Sec-WebSocket-Key: ";
    return "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           ws::accept_value(request.substr(request.find(name) + name.size(), 24)) + "\r\n\r\n";
  }

  Manners manners_;
  net::UniqueFd listener_;
  std::function<std::string()> shown_;
  net::UniqueFd socket_;
  wire::Reader reader_{SIZE_MAX};
  std::string head_;
  std::string pending_;
  std::vector<std::string> heard_;
  bool met_ = false;
  bool open_ = false;
  bool closes_ = false;
  bool ends_ = false;
  int said_ = 0;
  int idle_ = 0;
  int turns_ = 0;
  base::TimePoint idle_since_;  // on the system's clock
  base::TimePoint met_at_;
  base::TimePoint opened_at_;
  net::Poller::Id timer_ = loop.poller.add(-1, {}, *this);
};

}  // namespace wscope::test
