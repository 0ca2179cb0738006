// A reader of messages that keeps what it says.
#pragma once

#include <doctest/doctest.h>

#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/split.h"
#include "unit/ws/bytes.h"
#include "ws/message_reader.h"

namespace wscope::test {

/// A piece of a message.
struct ReadPiece {
  ws::Opcode type;
  std::string data;
  bool first, frame_finished, finished;
};

/// Feeds a reader and keeps what it says.
class Reading {
 public:
  using Kind = ws::MessageReader::Item::Kind;
  using Delivery = ws::MessageReader::Delivery;

  explicit Reading(ws::Role role, const ws::Limits& limits = {}, Delivery delivery = {}, ws::ExtensionChain chain = {})
      : chain_(std::move(chain)), reader_(role, limits, delivery, chain_) {}

  // The bytes are gone once everything they mean is read.
  Reading& receive(std::string_view bytes) {
    auto block = test::block(bytes);
    base::MutableBytes in(block);
    while (!violation) {
      const auto item = reader_.receive(in);
      if (item.kind == Kind::need_more) break;
      add(item);
    }
    CHECK((violation || in.empty()));
    return *this;
  }
  Reading& receive(Pieces parts) {
    for (const base::MutableBytes piece : parts) {
      if (!violation) receive(base::as_text(piece));
    }
    return *this;
  }

  std::vector<ReadPiece> pieces;
  std::vector<std::string> controls;  // "ping payload"
  std::vector<std::string> messages;  // "text data", complete ones
  std::optional<ws::Violation> violation;

  [[nodiscard]] ws::Evidence evidence() const { return reader_.evidence(); }
  [[nodiscard]] std::optional<ws::Incomplete> incomplete() const { return reader_.incomplete(); }

  /// The data of all pieces.
  [[nodiscard]] std::string data() const {
    return std::accumulate(pieces.begin(), pieces.end(), std::string(),
                           [](std::string all, const ReadPiece& piece) { return std::move(all) + piece.data; });
  }

 private:
  void add(const ws::MessageReader::Item& item) {
    const std::string payload(base::as_text(item.payload));
    if (item.kind == Kind::violation) violation = item.violation;
    if (item.kind == Kind::control) controls.push_back(std::string(name(item.opcode)) + " " + payload);
    if (item.kind != Kind::data) return;
    CHECK(item.first == !in_message_);
    in_message_ = !item.finished;
    if (item.first) message_ = std::string(name(item.opcode)) + " ";
    message_ += payload;
    pieces.push_back({item.opcode, payload, item.first, item.frame_finished, item.finished});
    if (item.finished) messages.push_back(message_);
  }

  ws::ExtensionChain chain_;
  ws::MessageReader reader_;
  bool in_message_ = false;
  std::string message_;
};

}  // namespace wscope::test
