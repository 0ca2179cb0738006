// A server's relay: each client is led to a target.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "link/loop.h"
#include "link/plan.h"
#include "link/server.h"
#include "serve/echo_passage.h"
#include "serve/passage.h"
#include "serve/relay_plan.h"
#include "serve/token_file.h"

namespace wscope::serve {

/// Connects a client that may come in with its target before it is let in: what is wrong with the target is an answer
/// to the request, 502, 503 or 504, and a line for who runs the relay, who alone learns where it is. Without a target
/// for its path or token a client gets 404.
class Relay final : public link::Service, private PassageOwner {
 public:
  /// `loop` and `plan` outlive it. `events`: every piece of a message is told as one, so text is cut between
  /// characters.
  Relay(link::Loop& loop, const RelayPlan& plan, const link::Timeouts& timeouts, bool events);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// Reads the file of tokens, if there is to be one; an Error of kind io.
  [[nodiscard]] base::Result<void> load() { return tokens_ ? tokens_->look() : base::Result<void>(); }

  /// Whether all that has come for targets is written.
  [[nodiscard]] bool idle() const noexcept { return ways_.empty(); }

  void begin(link::Server& server) override { server_ = &server; }
  void prepare(ws::Options& options, link::Delivery delivery) override;
  [[nodiscard]] link::Entry handle_request(link::Client& client, const http::RequestHead& request) override;
  void handle_open(link::Client& client) override;
  void handle_message(link::Client& client, const ws::Message& message) override;
  void handle_progress(link::Client& client) override;
  void handle_gone(link::Client& client) override;

 private:
  void handle_arrived(link::ConnectionNumber number, std::optional<std::vector<std::string>> subprotocols) override;
  void handle_unreachable(link::ConnectionNumber number, const base::Error& error) override;
  void handle_word(link::ConnectionNumber number, const std::string& text) override;
  void handle_over(link::ConnectionNumber number) override;

  [[nodiscard]] const Target* choose(link::Client& client, const http::RequestHead& request);
  [[nodiscard]] std::unique_ptr<Passage> set_out(link::Client& client, const Target& target,
                                                 const http::RequestHead& request);
  [[nodiscard]] Passage& find(const link::Client& client);

  link::Loop& loop_;
  const RelayPlan& plan_;
  link::Timeouts timeouts_;
  bool events_;
  std::optional<TokenFile> tokens_;
  link::Server* server_ = nullptr;
  struct Way {
    std::string name;  // of the target, for errors
    std::unique_ptr<Passage> passage;
  };
  std::unordered_map<link::ConnectionNumber, Way> ways_;
  const link::Client* leaving_ = nullptr;  // during the call that says so
  EchoPassage echo_{};                     // of all that have no way of their own
};

}  // namespace wscope::serve
