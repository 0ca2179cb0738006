// wscope encode: messages, control frames and any frame as bytes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "decode/plan.h"
#include "net/signals.h"
#include "streams/outcome.h"
#include "wire/frame.h"
#include "wire/stored_instruction.h"
#include "ws/deflate.h"
#include "ws/extension.h"
#include "ws/mask.h"

namespace wscope::decode {

/// Makes frames of one item after another, as one endpoint would send them: a stream in order.
class Encoder {
 public:
  /// Both outlive it.
  Encoder(const EncodePlan& plan, base::RandomSource& random);

  /// Called with each frame, header and payload; valid during the call.
  using Take = std::function<void(std::string_view frame)>;
  void encode(const wire::StoredInstruction& item, const Take& take);
  void encode(const StoredFrame& item, const Take& take);

 private:
  void encode_message(const wire::StoredInstruction& item, const Take& take);
  void add_frame(wire::Header header, base::Bytes payload, const Take& take);
  [[nodiscard]] std::optional<ws::MaskKey> key();

  const EncodePlan& plan_;
  base::RandomSource& random_;
  ws::PermessageDeflate deflate_{};           // outlives its extension
  std::unique_ptr<ws::Extension> extension_;  // null: messages are not compressed
  std::string frame_{};
};

/// Does what the plan says, and prints it to stdout. `signals`, which end it, are SIGINT and SIGTERM.
[[nodiscard]] streams::Outcome encode(const EncodePlan& plan, base::RandomSource& random, net::Signals& signals);

}  // namespace wscope::decode
