// What a session is to do, once what was asked for is known to be valid.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "link/plan.h"
#include "link/replies.h"
#include "ping/plan.h"
#include "report/plan.h"
#include "report/selection.h"
#include "report/write_out.h"
#include "serve/exec_plan.h"
#include "serve/forward_plan.h"
#include "serve/relay_plan.h"
#include "serve/www_plan.h"
#include "session/conversation.h"
#include "streams/format.h"
#include "talk/match.h"
#include "view/style.h"

namespace wscope::session {

/// A waiting time that never runs out.
inline constexpr base::Duration for_ever = base::Duration::max();

/// What follows the end of the input.
enum class AtEof : std::uint8_t {
  wait,   ///< close once the peer has been silent for a while
  close,  ///< close at once
  hold,   ///< stay until the peer closes
};

using streams::InputShape;

/// How a person at a terminal is served, and what stands in for one.
struct Interaction {
  view::ColorChoice color = view::ColorChoice::automatic;
  bool history = true;         ///< keep what is typed
  bool shows_control = false;  ///< Ping, Pong and Close as they come
  bool pretty_json = false;
  bool stays = false;  ///< the session outlives its first connection
  /// A file of lines to be obeyed as if they were typed, "-" for stdin; empty: none.
  std::string commands{};
};

/// wscope [connect] URL: a connection, and what is sent and printed.
struct ConnectCommand : link::ConnectPlan {
  InputShape input;
  double rate = 0;  ///< messages a second at most, of those that go first and of stdin; zero: any number
  report::Reporting reporting;
  report::WriteOut write_out;  ///< at the end
  AtEof at_eof = AtEof::wait;
  base::Duration silence = std::chrono::seconds(1);  ///< for AtEof::wait; for_ever
  bool at_eof_given = false;                         ///< one of the two was asked for
  bool reads_stdin = true;
  bool only_listens = false;           ///< --no-stdin: there is no input whose end could mean anything
  std::optional<std::uint64_t> count;  ///< end after so many received messages; fewer are a failure
  std::vector<talk::Match> until{};    ///< end after a message that one of them matches; none is a failure
  std::vector<Step> steps{};           ///< in place of first_messages, if one of them waits for a message
  base::Duration expect_timeout{};     ///< for each that waits, and for each answer of lockstep; zero: none
  std::optional<Lockstep> lockstep{};
  std::vector<link::ReplyRule> replies{};
  report::Selection selection{};
  bool only = false;  ///< print just what is counted and what `until` ends with, or else what the last step waits for
  base::Duration for_time{};              ///< end so long after the first open; zero: not
  base::Duration timeout{};               ///< for the whole run; zero: none
  std::optional<serve::ExecPlan> exec{};  ///< in place of stdin and stdout
  Interaction interaction;
};

/// wscope without a URL, which makes sense for a person alone
struct UnconnectedCommand {
  report::Reporting reporting;
  Interaction interaction;
};

/// wscope listen, wscope echo: a server, and what is sent and printed.
struct ServeCommand : link::ServePlan {
  std::optional<serve::RelayPlan> relay{};  ///< of ServiceKind::relay
  InputShape input;
  double rate = 0;                                   ///< messages of stdin a second at most; zero: any number
  std::optional<AtEof> at_eof{};                     ///< nothing: wait if it serves only one, else hold
  base::Duration silence = std::chrono::seconds(1);  ///< for AtEof::wait; for_ever
  base::Duration for_time{};                         ///< end so long after the first client; zero: not
  std::optional<serve::WwwPlan> www{};               ///< files beside the WebSocket
  report::Reporting reporting;
  std::vector<link::ReplyRule> replies{};
  report::Selection selection{};
  std::optional<serve::ExecPlan> exec{};  ///< with ServiceKind::exec
  Interaction interaction;
};

/// wscope forward: what connects to an address, or stdin and stdout, through WebSocket connections.
struct ForwardCommand : link::ConnectPlan {
  serve::ForwardPlan forward;
  report::Reporting reporting;
};

/// wscope ping: round-trip times.
struct PingCommand : link::ConnectPlan {
  ping::PingPlan ping;
  report::Reporting reporting;
  view::ColorChoice color = view::ColorChoice::automatic;
  base::Duration timeout{};  ///< for the whole run; zero: none
};

}  // namespace wscope::session
