// Shows a reporter what goes over the wire of one connection.
#pragma once

#include <optional>
#include <string_view>

#include "link/happening.h"
#include "peer/peer.h"
#include "wire/reader.h"

namespace wscope::link {

/// Reads both directions and reports heads and frames one by one, with what compressed ones say if the reporter
/// describes frames when the handshake ends.
class WireLog final : public peer::WireObserver {
 public:
  /// `reporter` outlives it.
  WireLog(Report& reporter, ConnectionNumber connection)
      : reporter_(reporter),
        connection_(connection),
        received_(reporter.interests().dump_size),
        sent_(reporter.interests().dump_size) {}

  std::size_t handle_received(base::Bytes bytes) override;
  void handle_sent(base::Bytes bytes) override;
  void handle_answered() override { received_.expect_head(); }
  void handle_answer_sent() override { sent_.expect_head(); }
  /// Reports data that was just sent on `peer`, which shows this what goes over the wire.
  void note_sent(peer::Peer& peer, ws::Opcode type, base::Bytes data, bool finished = true);

 private:
  void report(wire::Direction direction, const std::optional<wire::Reader::Event>& event);
  void follow_agreement(wire::Direction direction, std::string_view head);

  Report& reporter_;
  ConnectionNumber connection_;
  wire::Reader received_;
  wire::Reader sent_;
};

}  // namespace wscope::link
