// To nobody: what a client says comes back.
#pragma once

#include "serve/passage.h"

namespace wscope::serve {

/// Sends messages back as they are, in pieces as they come. A client that does not read them is not read either.
class EchoPassage final : public Passage {
 public:
  void handle_open(link::Client&) override {}
  void handle_message(link::Client& client, const ws::Message& message) override;
  void handle_progress(link::Client& client) override;
  [[nodiscard]] bool handle_gone() override { return true; }
};

/// Answers the Close of a peer that has said one, with the same.
void answer_close(link::Link& link);

}  // namespace wscope::serve
