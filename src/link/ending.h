// Why a connection ended, in words, for the exit status.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "peer/peer.h"
#include "wire/direction.h"
#include "ws/connection.h"

namespace wscope::link {

/// Why a connection cannot go on if all of them together may hold no more than this.
[[nodiscard]] std::string describe_too_much_held(std::uint64_t most);

/// We failed the connection: what the peer did, with the evidence, and the code that we sent.
[[nodiscard]] base::Error explain_violation(const ws::Failed& failed);

/// "the last message is incomplete: 3 bytes of a text came", "our last message …".
[[nodiscard]] std::string describe_incomplete(wire::Direction direction, const ws::Incomplete& message);

/// A Close that the peer began with, in short: `1000 "bye"`, or "1005" if it had no code; empty if it was not the peer
/// who began.
[[nodiscard]] std::string describe_begun_close(const ws::CloseRecord& closing);

/// What is known of the end of a stream besides what the connection knows.
struct StreamEnd {
  std::string why{};                        ///< what became of the socket or of TLS; empty: nothing to tell
  std::optional<base::Duration> silence{};  ///< from the peer's last byte to the end, if it was the peer who ended it
  bool pings = false;                       ///< --ping-interval is in use
};

/// What is wrong with the end of a connection that is over, if anything; of a server's client, too. One table:
///
///     there was no Close of the peer's                                    lost      (8)
///     its code is not 1000, 1001, none or what we began with              closed    (9)
///     it is, in the middle of a message of its own, and it began          protocol  (7)
///     it is, in the middle of a message of its own, and we began          lost      (8)
///     it is, in the middle of a message of ours, and it began             lost      (8)
///     it is                                                               nothing   (0)
///
/// In each of them a message that was cut off is named. A Close may come between the frames of a message (RFC 6455
/// section 5.4), but nothing may follow it (section 5.5.1): who begins the closing there never ends its message, while
/// who answers a Close may do so at once (section 5.5.1), and it was we who did not wait.
[[nodiscard]] std::optional<base::Error> judge_end(const ws::Connection& connection, const StreamEnd& end);
/// The same, with what its stream has to say. `pings`: as StreamEnd has it.
[[nodiscard]] std::optional<base::Error> judge_end(const peer::Peer& peer, bool pings);

}  // namespace wscope::link
