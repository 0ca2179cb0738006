// What happens, as JSON: one object a line, the format that other programs read, and that is read here. Its keys are a
// promise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/head.h"
#include "tls/engine.h"
#include "view/timestamp.h"
#include "view/waterfall.h"
#include "wire/direction.h"
#include "wire/frame.h"
#include "wire/instruction.h"
#include "ws/close_code.h"
#include "ws/event.h"
#include "ws/opcode.h"

namespace wscope::view {

/// How an event is called, in what is written and in what is read, and what can be sent of it.
struct EventRow {
  std::string_view name;
  std::optional<ws::Opcode> sends{};  ///< nothing: it is passed over
};

/// All events there are.
inline constexpr EventRow event_table[] = {
    {"recording"},
    {"listening"},
    {"connecting"},
    {"head"},
    {"tls"},
    {"timing"},
    {"open"},
    {"refused"},
    {"text", ws::Opcode::text},
    {"binary", ws::Opcode::binary},
    {"ping", ws::Opcode::ping},
    {"pong", ws::Opcode::pong},
    {"close", ws::Opcode::close},
    {"frame"},
    {"fail"},
    {"incomplete"},
    {"closed"},
    {"error"},
    {"expect"},
    {"reply"},
    {"capture"},
    {"exec"},
    {"test"},
    {"lost"},
    {"summary"},
};

/// What every event begins with.
struct Stamp {
  WallTime time;
  std::optional<std::uint64_t> connection = 1;  ///< tells the clients of a server apart; nothing: there is just one
};

/// An open connection.
struct OpenView {
  std::string url;                         ///< without credentials
  std::string_view subprotocol;            ///< empty: none
  std::string_view extensions;             ///< as in the response header; empty: none
  int status = 101;                        ///< of the answer
  const http::Headers* headers = nullptr;  ///< what the other side has sent
  std::string peer;                        ///< its address
  bool outgoing = true;                    ///< we have made it
  std::string_view target{};               ///< of the request, as it was sent; empty: it is not told
  bool with_secrets = false;               ///< the values of headers are told whatever they are
};

/// A refusal, as far as it was received.
struct RefusalView {
  const http::ResponseHead* head = nullptr;
  std::string_view body;
};

/// A client that was not let in.
struct RefusedView {
  std::string peer;                     ///< its address
  int status = 403;                     ///< of the answer
  std::optional<std::string> origin{};  ///< as it was sent
  std::optional<std::string> host{};    ///< the same
  std::string message;                  ///< why, for a person
};

// Each appends one line to `out`. Views need to be valid only during the call.

/// recording: `version` (1), `by`, `url` of the connection that it is about or null. The first line of a recording.
void append_recording(const Stamp& stamp, std::string_view by, std::string_view url, std::string& out);

/// Where a server listens.
struct ListeningView {
  std::string url;
  std::string address;  ///< without port; of a Unix domain socket its path
  std::uint16_t port = 0;
  std::string pin{};      ///< of a certificate made for the occasion; empty: there is none
  std::string warning{};  ///< what the person should know about who may come; empty: nothing. Not in the event
};

/// listening: `url`, `address`, `port`; `pin` if there is one.
void append_listening(const Stamp& stamp, const ListeningView& listening, std::string& out);
/// connecting: `url`, `address` (with port).
void append_connecting(const Stamp& stamp, const std::string& url, const std::string& address, std::string& out);
/// head: `dir`, `line` (the first), `headers`, where the values of secrets are "***".
void append_head(const Stamp& stamp, wire::Direction direction, std::string_view head, std::string& out);
/// tls: `version`, `cipher`, `alpn` or null, `pin` of the other side's key or null, `chain` of its certificates:
/// `subject`, `issuer`, `names`, `not_before`, `not_after`.
void append_tls(const Stamp& stamp, const tls::Session& session, std::string& out);
/// timing: `dns_ms`, `tcp_ms`, `proxy_ms`, `tls_ms`, `upgrade_ms`, each null if there was no such part.
void append_timing(const Stamp& stamp, const Timing& timing, std::string& out);
/// open: `url`, `protocol` or null, `extensions`, `status`, `headers` as for head, `peer`; `target` for a program that
/// speaks for a server.
void append_open(const Stamp& stamp, const OpenView& open, std::string& out);
/// refused: `peer`, `status`, `origin` and `host`, each null if there was none, `message`.
void append_refused(const Stamp& stamp, const RefusedView& refused, std::string& out);
/// text: `dir`, `data`; binary: `dir`, `base64`.
void append_message(const Stamp& stamp, wire::Direction direction, ws::Opcode type, base::Bytes data, std::string& out);
/// ping: `dir`, `data` if that is UTF-8 or else `base64`.
/// pong: `dir`, `data` or `base64`, `rtt_ms` if known; of wscope ping see append_answer() `seq`, `dup`, `late`,
/// `dns_ms`, `tcp_ms`, `proxy_ms`, `tls_ms`, `upgrade_ms`.
void append_ping(const Stamp& stamp, wire::Direction direction, base::Bytes payload, std::string& out);
void append_pong(const Stamp& stamp, wire::Direction direction, base::Bytes payload,
                 std::optional<base::Duration> round_trip, std::string& out);
/// close: `dir`, `code` (1005 if there is none), `name`, `reason`.
void append_close(const Stamp& stamp, wire::Direction direction, ws::CloseCode code, std::string_view reason,
                  std::string& out);
/// frame: `dir`, `opcode` (a number), `fin`, `rsv`, `masked`, `length`, `hex` (header and payload as they were on the
/// wire, as far as they were kept).
void append_frame(const Stamp& stamp, wire::Direction direction, const wire::Frame& frame, std::string& out);
/// fail: we failed the connection: `code`, `message`.
void append_fail(const Stamp& stamp, ws::CloseCode code, std::string_view message, std::string& out);
/// incomplete: a message that was cut off by the end of the connection: `dir`, `type` (text, binary), `length` of what
/// there was of it.
void append_incomplete(const Stamp& stamp, wire::Direction direction, const ws::Incomplete& message, std::string& out);
/// closed: `code` and `reason` of record.cause(), `clean`, `initiator` (local, remote, none: who sent the first Close).
void append_closed(const Stamp& stamp, const ws::CloseRecord& record, std::string& out);
/// error: `kind` (usage, dns, connect, tls, http, protocol, timeout, io), `message`, `exit`; if there was a refusal
/// also `status`, `headers` as for head, `body`. Writes nothing for the other kinds (lost, closed, expectation): the
/// events closed and expect and the exit status tell.
void append_error(const Stamp& stamp, const base::Error& error, int exit_status,
                  const std::optional<RefusalView>& refusal, std::string& out);

/// What an error of that kind is called there; empty: it is none to programs.
[[nodiscard]] std::string_view name_of(base::ErrorKind kind) noexcept;

/// Something that was asked for.
struct ExpectView {
  std::string_view what;             ///< as it was written
  base::Duration elapsed{};          ///< since it was waited for
  std::optional<std::string> why{};  ///< it has not come; nothing: it has
};
/// expect: `ok`, `expected`, `elapsed_ms`; `message` if it is not ok.
void append_expect(const Stamp& stamp, const ExpectView& expect, std::string& out);
/// reply: `rule`, from 1.
void append_reply(const Stamp& stamp, std::uint64_t rule, std::string& out);
/// capture: `name`, `value`, which is JSON; nothing: it is a secret, and "***" is what stands there.
void append_capture(const Stamp& stamp, std::string_view name, std::optional<std::string_view> value, std::string& out);

/// What a program does.
struct ExecView {
  enum class State : std::uint8_t { start, errors, exit };
  State state = State::start;
  std::int64_t process = 0;     ///< its number
  base::Bytes errors{};         ///< a line of its stderr
  std::optional<int> status{};  ///< that it has ended with; nothing: a signal has ended it
  std::string_view signal{};    ///< which one
};
/// exec: `state` (start, stderr, exit), `pid`; of stderr `data` of a line if that is UTF-8, or else `base64`; of exit
/// `status` and `signal`, one of which is null.
void append_exec(const Stamp& stamp, const ExecView& exec, std::string& out);

/// The answer to a ping of wscope ping.
struct AnswerView {
  std::uint64_t sequence = 0;
  base::Bytes payload{};
  base::Duration round_trip{};
  bool duplicate = false;       ///< it was answered before, so that there is no round trip
  bool late = false;            ///< it was taken for lost
  const Timing* way = nullptr;  ///< of a connection of its own; null: it has none
};
/// The event pong with `seq`; with `dup` or `late` if it is that; with the keys of timing if it has a connection of its
/// own.
void append_answer(const Stamp& stamp, const AnswerView& answer, std::string& out);
/// lost: `seq`, `message`.
void append_lost(const Stamp& stamp, std::uint64_t sequence, std::string_view message, std::string& out);

/// What came of all pings.
struct SummaryView {
  std::uint64_t pings = 0;
  std::uint64_t pongs = 0;
  std::uint64_t lost = 0;
  std::uint64_t skipped = 0;
  std::uint64_t open = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t late = 0;
  std::uint64_t unknown = 0;
  std::uint64_t pings_in = 0;     ///< of the server's
  std::uint64_t messages_in = 0;  ///< the same
  base::Duration elapsed{};
  /// Of the round trips; nothing: there were none.
  struct Figures {
    base::Duration least{};
    base::Duration mean{};
    base::Duration greatest{};
    base::Duration deviation{};
    base::Duration percentiles[3] = {};  ///< 50, 90, 99
  };
  std::optional<Figures> round_trips{};
};
/// summary: `pings`, `pongs`, `lost`, `skipped`, `open`, `dup`, `late`, `unknown`, `pings_in`, `messages_in`,
/// `elapsed_ms`; of the round trips, null if there were none, `min_ms`, `avg_ms`, `max_ms`, `mdev_ms`, `p50_ms`,
/// `p90_ms`, `p99_ms`.
void append_summary(const Stamp& stamp, const SummaryView& summary, std::string& out);

/// What has come of a script, or of one of its sections.
struct TestView {
  std::string_view file;
  std::string_view name;    ///< of the section, or that of the file
  std::string_view result;  ///< passed, failed, skipped
  base::Duration elapsed{};
  std::optional<std::string> message{};  ///< why it has failed or was skipped, or what else there is to say
};
/// test: `file`, `name`, `result`, `elapsed_ms`; `message` if there is one.
void append_test(const Stamp& stamp, const TestView& test, std::string& out);

/// Gives the event that `out` ends with, whole and with its line feed, the further keys that all events of a run of
/// scripts have: "file", and of what a statement brings about "line", from 1. Of what append_test() has written, this
/// is no part.
void add_place(std::string_view file, std::optional<std::uint64_t> line, std::string& out);

/// For which clients of a server something is meant.
struct Recipients {
  std::optional<std::vector<std::uint64_t>> only{};  ///< nothing: all
  std::vector<std::uint64_t> except{};

  [[nodiscard]] bool are_all() const noexcept { return !only && except.empty(); }
  [[nodiscard]] bool include(std::uint64_t connection) const noexcept;
};

/// What an event asks to be sent.
struct ToSend {
  wire::Instruction instruction;  ///< text in it is UTF-8
  Recipients recipients{};
};

/// Reads {"type":"text","data":"…"} and its kin. "event" may stand for "type", so that what was printed can be sent; of
/// such an object nothing is made if it tells of something that cannot be sent, known or not.
///
///     text          data
///     binary        base64, or data
///     ping, pong    data, or base64
///     close         code and reason, or neither
///
/// `conn`, a number or a list of them, chooses clients of a server; `except` leaves some out. Other keys are ignored.
/// What the result has views of is put into `storage`, which outlives it. An error says what is wrong with the line.
[[nodiscard]] base::Result<std::optional<ToSend>> read_event(std::string_view line, std::string& storage);

/// Reads lines one after the other, as read_event() does. If the first one is the event `recording`, they are one: what
/// was sent then ("dir":"out") is sent again, but for Pongs, and nothing is made of anything else.
class EventReader {
 public:
  [[nodiscard]] base::Result<std::optional<ToSend>> read(std::string_view line, std::string& storage);

 private:
  bool is_first_ = true;
  bool is_recording_ = false;
};

}  // namespace wscope::view
