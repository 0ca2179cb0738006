// Any bytes, as what a client of a server with pages sends: requests one after the other, and perhaps an upgrade at
// last. The first two say where to cut the rest.
#include <chrono>
#include <string>
#include <vector>

#include "base/random.h"
#include "head_properties.h"
#include "ws/connection.h"

using namespace wscope;
using fuzz::require;

namespace {

constexpr base::TimePoint start{std::chrono::seconds(1)};
constexpr base::Duration patience = std::chrono::seconds(30);

struct NoRandom final : base::RandomSource {
  void fill(base::MutableBytes out) noexcept override { std::fill(out.begin(), out.end(), std::byte{7}); }
};

/// Answers each visit with its target, and lets everybody in.
class Server {
 public:
  Server() : connection_(options(), random_, start) {}

  void receive(base::Bytes bytes) {
    std::vector<std::byte> memory(bytes.begin(), bytes.end());
    if (connection_.receive(memory) == ws::Status::ok) run();
  }
  void end() {
    connection_.receive_eof(start);
    run();
    require(over_);
  }

  bool operator==(const Server& other) const { return written_ == other.written_ && seen_ == other.seen_; }

 private:
  static ws::Options options() {
    ws::Options options;
    options.role = ws::Role::server;
    options.limits.head.head_bytes = 500;
    return options;
  }

  void run() {
    while (true) {
      while (const auto event = connection_.next_event(start)) take(*event);
      written_ += base::as_text(connection_.output());
      connection_.consume_output(connection_.output().size());
      if (!connection_.answering()) return;
      require(!connection_.wants_input());
      require(connection_.next_request(start) == ws::Status::ok);
    }
  }

  void take(const ws::Event& event) {
    require(!over_);
    seen_ += static_cast<char>('a' + event.index());
    if (std::holds_alternative<ws::Closed>(event)) over_ = true;
    if (std::holds_alternative<ws::Request>(event)) require(connection_.accept(start) == ws::Status::ok);
    if (const auto* message = std::get_if<ws::Message>(&event)) seen_ += message->text();
    const auto* failed = std::get_if<ws::HandshakeFailed>(&event);
    if (failed == nullptr) return;
    seen_ += failed->detail;
    const bool visit = failed->status == 426 && failed->head != nullptr && ws::may_be_visit(*failed->head);
    const std::string target = visit ? failed->head->target : "";
    const ws::Status status = connection_.respond(start, 200, {}, base::as_bytes(target), 0, patience);
    require((status == ws::Status::ok) == visit);
    require(connection_.answering() == visit);
  }

  NoRandom random_;
  ws::Connection connection_;
  std::string seen_;
  std::string written_;
  bool over_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::SplitInput input(data, size);
  Server whole;
  whole.receive(input.all);
  whole.end();
  Server split;
  split.receive(input.front);
  split.receive(input.back);
  split.end();
  require(whole == split);
  return 0;
}
