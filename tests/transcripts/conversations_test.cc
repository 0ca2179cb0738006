// Random conversations between a client and a server of ours: whatever they say, and however the network cuts it, each
// hears what the other one said.
#include <doctest/doctest.h>

#include <array>
#include <random>

#include "http/url.h"
#include "transcripts/endpoint.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::State;
using ws::Status;

constexpr unsigned conversations = 10000;

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  /// 0 to sides - 1.
  std::size_t roll(std::size_t sides) { return random_() % sides; }
  bool one_in(std::size_t sides) { return roll(sides) == 0; }
  template <typename Value>
  Value pick(std::initializer_list<Value> values) {
    return values.begin()[roll(values.size())];
  }
  std::uint32_t bits() { return static_cast<std::uint32_t>(random_()); }

 private:
  std::mt19937 random_;
};

// Mostly small, sometimes longer than the longest window.
std::size_t random_size(Dice& dice) {
  const std::size_t kind = dice.roll(200);
  if (kind == 0) return dice.roll(70001);
  if (kind < 8) return dice.roll(10000);
  return kind < 50 ? dice.roll(1000) : dice.roll(50);
}

std::string random_text(Dice& dice, std::size_t size) {
  constexpr std::array<std::string_view, 8> parts = {"a",
                                                     "word ",
                                                     "\xc3\xa9",
                                                     "\xe2\x82\xac",
                                                     "\xf0\x9f\x99\x82",
                                                     "0123456789",
                                                     "\r\n",
                                                     "the same sentence again and again; "};
  std::string text;
  while (text.size() < size) text += parts[dice.roll(parts.size())];
  return text;
}

std::string random_binary(Dice& dice, std::size_t size) {
  std::string data;
  if (dice.one_in(2)) return data.assign(size, static_cast<char>(dice.roll(256)));
  while (data.size() < size) {
    const std::uint32_t bits = dice.bits();
    for (const unsigned shift : {0U, 8U, 16U, 24U}) data += static_cast<char>(bits >> shift & 0xffU);
  }
  data.resize(size);
  return data;
}

ws::DeflateParameters random_parameters(Dice& dice, bool of_client) {
  ws::DeflateParameters parameters;
  parameters.server_no_context_takeover = dice.one_in(3);
  parameters.client_no_context_takeover = dice.one_in(3);
  const auto bits = [&] { return static_cast<std::uint8_t>(ws::min_window_bits + dice.roll(8)); };
  if (dice.one_in(2)) parameters.server_max_window_bits = bits();
  if (dice.one_in(2)) parameters.client_max_window_bits = bits();
  if (of_client && !parameters.client_max_window_bits && dice.one_in(2)) {
    parameters.client_max_window_bits = ws::any_window_bits;
  }
  return parameters;
}

// One end, what it has said, and the bytes on their way from it.
class Speaker {
 public:
  Speaker(Role role, Dice& dice) : dice_(dice), deflate_(random_parameters(dice, role == Role::client)) {
    ws::Options options = options_for(role);
    options.whole_up_to = dice.pick<std::uint64_t>({0, 100, ws::unlimited});
    options.hold_back_partial = dice.one_in(2);
    if (!dice.one_in(3)) options.extensions = {&deflate_};
    const std::uint32_t seed = dice.bits();
    endpoint_ = std::make_unique<Endpoint>(
        options, std::string(reinterpret_cast<const char*>(&seed), sizeof(seed)) + "masks of any length do");
    endpoint_->accepts({});
  }

  [[nodiscard]] Endpoint& endpoint() noexcept { return *endpoint_; }
  [[nodiscard]] const Story& said() const noexcept { return said_; }

  void say_something() {
    ws::Connection& connection = **endpoint_;
    if (connection.state() != State::open) return;
    if (dice_.one_in(6)) {
      const std::string payload = random_binary(dice_, dice_.roll(126));
      CHECK(connection.send_ping(start, base::as_bytes(payload)) == Status::ok);
      said_.push_back({"Ping", payload});
    } else if (connection.sending_message()) {
      continue_message();
    } else {
      begin_message();
    }
  }

  void finish_message() {
    while ((*endpoint_)->state() == State::open && (*endpoint_)->sending_message()) continue_message();
  }

  void say_close() {
    constexpr std::array<std::uint16_t, 4> codes = {1000, 1001, 3000, 4999};
    if ((*endpoint_)->state() != State::open) return;
    const std::string reason = random_text(dice_, dice_.roll(60));
    CHECK((*endpoint_)->close(start, ws::CloseCode{codes[dice_.roll(codes.size())]}, reason) == Status::ok);
  }

  /// Writes some or all of the output to the network.
  void write(bool all) {
    ws::Connection& connection = **endpoint_;
    while (!connection.output().empty()) {
      const std::size_t size = all ? connection.output().size() : dice_.roll(connection.output().size() + 1);
      network_ += base::as_text(connection.output().first(size));
      connection.consume_output(size);
      if (!all) break;
    }
  }

  /// Lets some of what the other end wrote arrive.
  void read_from(Speaker& other) {
    const std::size_t waiting = other.network_.size();
    const std::size_t size = dice_.one_in(4) ? waiting : dice_.roll(std::min<std::size_t>(waiting, 2000) + 1);
    endpoint_->receive(std::string_view(other.network_).substr(0, size));
    other.network_.erase(0, size);
  }
  [[nodiscard]] bool has_written() const noexcept { return !network_.empty(); }

  /// Loses what is on its way from some byte on.
  void cut_network() { network_.resize(dice_.roll(network_.size() + 1)); }

 private:
  void begin_message() {
    const bool text = dice_.one_in(2);
    const std::size_t size = random_size(dice_);
    unsent_ = text ? random_text(dice_, size) : random_binary(dice_, size);
    message_ = {text ? "Text" : "Binary", unsent_};
    const std::string fragment = take_fragment();
    const bool finished = unsent_.empty() && !dice_.one_in(8);
    const bool compress = !dice_.one_in(8);
    send({text ? ws::Opcode::text : ws::Opcode::binary, base::as_bytes(fragment), finished, compress});
  }

  void continue_message() {
    const std::string fragment = take_fragment();
    const bool finished = unsent_.empty() && !dice_.one_in(8);
    send({ws::Opcode::continuation, base::as_bytes(fragment), finished});
  }

  std::string take_fragment() {
    const bool whole = dice_.one_in(2);
    const std::string fragment = unsent_.substr(0, whole ? unsent_.size() : dice_.roll(unsent_.size() + 1));
    unsent_.erase(0, fragment.size());
    return fragment;
  }

  void send(const ws::Piece& piece) {
    CHECK((*endpoint_)->send(piece) == Status::ok);
    if (piece.finished) said_.push_back(message_);
  }

  Dice& dice_;
  ws::PermessageDeflate deflate_;
  std::unique_ptr<Endpoint> endpoint_;
  Story said_;
  Seen message_;
  std::string unsent_;
  std::string network_;
};

class Conversation {
 public:
  explicit Conversation(unsigned seed) : dice_(seed), client_(Role::client, dice_), server_(Role::server, dice_) {}

  void run() {
    shake_hands();
    const std::size_t steps = 4 + dice_.roll(30);
    const bool is_cut = dice_.one_in(5);
    for (std::size_t i = 0; i < steps; ++i) step();
    if (is_cut) {
      client_.cut_network();
      server_.cut_network();
    } else {
      say_goodbye();
    }
    settle(is_cut);
    check(client_, server_, is_cut);
    check(server_, client_, is_cut);
  }

 private:
  void shake_hands() {
    CHECK(client_.endpoint()->connect(http::parse_url("ws://server.example.com/chat").value()) == Status::ok);
    while (client_.endpoint()->state() == State::connecting) {
      client_.write(false);
      server_.read_from(client_);
      if (server_.endpoint()->state() == State::open) server_.say_something();  // the 101 may be on its way still
      server_.write(false);
      client_.read_from(server_);
    }
    CHECK(client_.endpoint()->extensions() == server_.endpoint()->extensions());
  }

  void step() {
    Speaker& one = dice_.one_in(2) ? client_ : server_;
    Speaker& two = &one == &client_ ? server_ : client_;
    if (dice_.one_in(60)) one.say_close();
    one.say_something();
    if (dice_.one_in(3)) one.write(dice_.one_in(2));
    if (dice_.one_in(3)) two.read_from(one);
  }

  void say_goodbye() {
    if (!dice_.one_in(4)) client_.finish_message();
    if (!dice_.one_in(4)) server_.finish_message();
    if (dice_.one_in(2)) client_.say_close();
    if (dice_.one_in(2)) server_.say_close();
    if (client_.endpoint()->state() == State::open && server_.endpoint()->state() == State::open) client_.say_close();
  }

  // Lets everything arrive, and the stream end once it is to end, or where it was cut.
  void settle(bool is_cut) {
    do {
      for (Speaker* speaker : {&client_, &server_}) {
        if (!is_cut) speaker->write(true);
      }
      client_.read_from(server_);
      server_.read_from(client_);
    } while (client_.has_written() || server_.has_written() ||
             (!is_cut && !(client_.endpoint()->output().empty() && server_.endpoint()->output().empty())));
    if (!is_cut) {
      CHECK(server_.endpoint()->wants_half_close());
      CHECK_FALSE(client_.endpoint()->wants_half_close());
    }
    client_.endpoint().receive_eof();
    if (!is_cut) CHECK(client_.endpoint()->wants_half_close());
    server_.endpoint().receive_eof();
  }

  // What `listener` has heard is what `speaker` said: all of it, or the beginning of it if the stream was cut.
  static void check(Speaker& listener, Speaker& speaker, bool is_cut) {
    Story heard;
    Story answers;
    std::size_t ends = 0;
    std::size_t closes = 0;
    for (const Seen& seen : listener.endpoint().story()) {
      CHECK(seen.kind != "FAIL");
      if (seen.kind == "Closed") ++ends;
      if (seen.kind == "Close") ++closes;
      if (seen.kind == "Text" || seen.kind == "Binary" || seen.kind == "Ping") heard.push_back(seen);
      if (seen.kind == "Pong") answers.push_back({"Ping", seen.data});
    }
    CHECK(ends == 1);
    CHECK(listener.endpoint().story().back().kind == "Closed");
    if (!is_cut) CHECK(closes == 1);
    if (!is_cut) CHECK(listener.endpoint()->closing().clean());
    const Story& said = speaker.said();
    REQUIRE(heard.size() <= said.size());
    CHECK(heard == Story(said.begin(), said.begin() + static_cast<std::ptrdiff_t>(heard.size())));
    if (!is_cut) CHECK(heard.size() == said.size());
    Story asked;  // they are too few for Pongs to be left out, but a Close may come first
    for (const Seen& seen : listener.said()) {
      if (seen.kind == "Ping" && asked.size() < answers.size()) asked.push_back(seen);
    }
    CHECK(answers == asked);
    CHECK(listener.endpoint()->state() == State::closed);
    CHECK_FALSE(listener.endpoint()->next_event(start));
  }

  Dice dice_;
  Speaker client_;
  Speaker server_;
};

TEST_CASE("T22 in 10000 random conversations each side hears what the other one said") {
  for (unsigned seed = 0; seed < conversations; ++seed) {
    CAPTURE(seed);
    Conversation(seed).run();
  }
}

}  // namespace
}  // namespace wscope::test
