// A WebSocket connection as a machine: bytes in, events out, bytes to write out (RFC 6455, RFC 7692).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/budget.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "ws/event.h"
#include "ws/extension.h"
#include "ws/limits.h"
#include "ws/message_reader.h"
#include "ws/message_writer.h"
#include "ws/opening_handshake.h"
#include "ws/sent_pings.h"
#include "ws/state.h"
#include "ws/status.h"

namespace wscope::ws {

struct Options {
  Role role = Role::client;
  Limits limits;
  /// Messages of up to this many bytes are delivered in one Message event; longer ones in pieces as they arrive. With 0
  /// everything is delivered as it arrives, in constant memory.
  std::uint64_t whole_up_to = unlimited;
  bool frames_whole = false;       ///< frames, not messages, are delivered in one event; not with hold_back_partial
  bool hold_back_partial = false;  ///< pieces of text end between code points: up to 3 bytes are held back
  bool auto_pong = true;           ///< answer a Ping with a Pong
  bool auto_close = true;          ///< answer a Close with a Close; or else data may be sent until the caller does
  /// For the opening handshake, from the construction on, but not while a request waits for the caller's answer; zero:
  /// none.
  base::Duration open_timeout{};
  base::Duration close_timeout{};  ///< from the first Close (or failure) to the end of both streams; zero: none
  base::Duration ping_interval{};  ///< while open, send a Ping this often; zero: never
  base::Duration ping_timeout{};   ///< fail the connection if nothing comes for so long after such a Ping; zero: never
  /// What to offer, or to accept, in this order; several of one name are alternatives. Not owned, may be shared.
  std::vector<const ExtensionOffer*> extensions;
  /// Budgets that many connections share, of what is held of messages that have not come to their end, and of output.
  /// Where the first allows no more, messages come in pieces or, if they must come whole, the connection is failed
  /// (1013); the second counts. Not owned, and they outlive the connection. Null: none.
  base::Budget* held_input = nullptr;
  base::Budget* held_output = nullptr;
  /// Memory for output that connections of one thread lend each other, as few of them have output at the same time.
  /// Only one that has output holds memory for it; what it gives back is kept here, up to the cap, rather than freed.
  /// Not owned. Null: none.
  base::Buffer* spare_memory = nullptr;
};

/// One end of one WebSocket connection, from the first byte of the opening handshake to the end of the stream.
///
/// It has no socket, clock or random source of its own. The owner gives it what was read (receive, receive_eof) and the
/// time (advance), asks it what happened (next_event, until there is nothing), and writes what it has to say (output,
/// consume_output). After every call that takes or makes bytes, write output() first, then look at wants_half_close()
/// and deadline().
///
/// It remembers no time: whatever may begin a timeout, or measures, is told what time it is (`now`), however long ago
/// the call before was.
///
/// What the peer does wrong comes as an event (HandshakeFailed, Failed); what the caller does wrong is refused with a
/// Status. Nothing throws but std::bad_alloc, after
/// which there is only abort(), and no frame allocates memory beyond the buffers named in Limits.
class Connection {
 public:
  /// `random` gives keys and masks; it outlives the connection.
  Connection(Options options, base::RandomSource& random, base::TimePoint now);
  /// A connection whose handshake was done elsewhere (HTTP/2, another stack): it begins open.
  Connection(Options options, base::RandomSource& random, base::TimePoint now, Agreement agreement);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // --- time

  /// Does what is due: timeouts, keepalive. To be called at the latest when deadline() has come.
  void advance(base::TimePoint now);
  /// The owner has stopped reading: that nothing comes does not mean that the peer is silent. Puts off ping_timeout.
  void excuse_silence(base::TimePoint now) noexcept;
  /// When advance() has something to do next.
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept;

  // --- what was read

  /// Takes bytes from the stream. They are changed in place (unmasked) and must stay until next_event() has returned
  /// nothing; only then more may follow. wrong_state after receive_eof(), and for a client before connect().
  Status receive(base::MutableBytes bytes);
  /// The stream has ended. Doing it again changes nothing. An owner that has output left may write it before it takes
  /// the events, but for no longer than close_timeout.
  void receive_eof(base::TimePoint now) noexcept;
  /// For an owner that has caught std::bad_alloc, here or elsewhere: lets everything go that has come or was to be
  /// written, and is over without a word to the peer. Closed follows.
  void abort(base::TimePoint now) noexcept;
  /// The next event, if it is a message that has come whole, in one frame, and was not extended: next_event() would say
  /// the same, and costs twice as much. False if it is anything else, also nothing: next_event() has to be asked.
  [[nodiscard]] bool next_whole_message(Message& message) noexcept {
    if (state_ != State::open || handshake_ || eof_ || due_) return false;
    return reader_.receive_whole(input_, message);
  }
  /// The same for the next messages that are so, one behind the other, as far as `room` has place: all of them are
  /// valid until the next call. There may be more: none are left when it says 0. For an owner who needs all of them
  /// whatever he does meanwhile: they have been taken. They are of 16 KiB together, and the last one.
  [[nodiscard]] std::size_t next_whole_messages(std::span<Message> room) noexcept {
    if (state_ != State::open || handshake_ || eof_ || due_) return 0;
    return reader_.receive_run(input_, room);
  }
  /// The next event, or nothing until more is received. State moves as events are taken.
  [[nodiscard]] std::optional<Event> next_event(base::TimePoint now);
  /// Whether reading on makes sense now: not while a request waits for its answer, and not after the end.
  [[nodiscard]] bool wants_input() const noexcept { return !eof_ && (!handshake_ || !handshake_->waits()); }

  // --- opening handshake

  /// Client: writes the upgrade request.
  Status connect(const http::Url& url, const ConnectOptions& options = {});
  /// Server: takes an upgrade request that another HTTP stack has read, in place of reading one.
  Status receive_request(http::RequestHead head);
  /// Server, after Request: writes the 101 (then Opened follows), or a 400 or 403 if `options` does not let this client
  /// in. Frames that came early are kept.
  Status accept(base::TimePoint now, const AcceptOptions& options = {});
  /// Server, after Request or HandshakeFailed: refuses. Content-Length and "Connection: close" are added unless given.
  /// With `finished` false the body goes on with reject_data(), chunked unless a Content-Length is given. The answer to
  /// a HEAD is the same without the body.
  Status reject(base::TimePoint now, int status, const http::Headers& headers = {}, base::Bytes body = {},
                bool finished = true);
  Status reject_data(base::TimePoint now, base::Bytes data, bool finished);

  // --- a server of HTTP besides

  /// Server, after HandshakeFailed for a proper GET or HEAD that may_be_visit() (its status is 426): answers it as a
  /// server of pages does, after which another request may come on the connection, and at last an upgrade.
  /// Content-Length is added, but to a 304, and "Connection: close" if this is the last one: the client wants no more,
  /// or cannot know that it may. `rest` bytes of the body are not given here: the owner itself sends them behind
  /// output(), unless the answer is to a HEAD. The connection is over (timed out) if nobody says within `patience`
  /// (zero: none) that the answer makes progress.
  Status respond(base::TimePoint now, int status, const http::Headers& headers, base::Bytes body, std::uint64_t rest,
                 base::Duration patience);
  /// Whether such an answer is on its way. Nothing is read meanwhile; what has come before is kept, as early frames
  /// are.
  [[nodiscard]] bool answering() const noexcept {
    return state_ == State::connecting && handshake_ && handshake_->stage() == OpeningHandshake::Stage::answering;
  }
  /// It makes progress: the time begins anew.
  void answer_progress(base::TimePoint now, base::Duration patience) noexcept;
  /// The rest of it will not be sent: the connection is over, and says so by its end.
  void abandon_answer(base::TimePoint now) noexcept;
  /// All of it is sent. The next head may take Options::open_timeout from now on. Ask for events: it may have come.
  Status next_request(base::TimePoint now);

  // --- sending

  /// A message, or its first fragment.
  Status send_text(std::string_view text, bool finished = true);
  Status send_binary(base::Bytes data, bool finished = true);
  /// The next fragment of the message begun before.
  Status send_continuation(base::Bytes data, bool finished);
  /// Any of these, with all choices.
  Status send(const Piece& piece);
  Status send_ping(base::TimePoint now, base::Bytes payload = {});
  Status send_pong(base::Bytes payload = {});
  /// Begins or answers the closing handshake; nothing but Pongs can be sent after it. No code: an empty Close frame.
  Status close(base::TimePoint now, std::optional<CloseCode> code = close_code::normal, std::string_view reason = {});
  /// _Fail the WebSocket Connection_ for a reason of the caller's own: sends Close and ignores what still comes.
  Status fail(base::TimePoint now, CloseCode code, std::string_view reason = {});
  /// Bytes as they are, for a debugger: frames that no well-behaved endpoint sends. What they mean is not looked at:
  /// state() knows nothing of a Close in them.
  Status send_raw(base::Bytes bytes);

  // --- what is to be written

  /// The bytes to write, valid until the next non-const call.
  [[nodiscard]] base::Bytes output() const noexcept { return output_.view(); }
  /// How many bytes more there may be.
  [[nodiscard]] std::size_t output_space() const noexcept { return output_.space(); }
  /// How many bytes of memory more it would take to have `n` bytes more there.
  [[nodiscard]] std::size_t output_growth(std::size_t n) const noexcept { return output_.growth(n); }
  /// `n` bytes of output() are written.
  void consume_output(std::size_t n);
  /// Whether the sending half of the TCP connection is to be shut down: output() is empty and nothing will follow.
  [[nodiscard]] bool wants_half_close() const noexcept { return half_close_ && output_.empty(); }
  /// Whether a timeout has run out that ends the connection: what is still in output() is of no use.
  [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }
  /// Whether the end of the stream is expected soon.
  [[nodiscard]] bool close_expected() const noexcept { return state_ == State::closed && !closed_reported_; }

  // --- how things stand

  /// Whether Pings are answered from now on, as Options::auto_pong has it at first.
  void set_auto_pong(bool answers) noexcept { options_.auto_pong = answers; }
  [[nodiscard]] Role role() const noexcept { return options_.role; }
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] const CloseRecord& closing() const noexcept;
  [[nodiscard]] const std::string& subprotocol() const noexcept { return agreed().subprotocol; }
  [[nodiscard]] const std::string& extensions() const noexcept { return agreed().extensions; }
  /// Whether a fragmented message has been begun by us and not finished.
  [[nodiscard]] bool sending_message() const noexcept { return writer_.in_message(); }
  /// The message of the peer's, and of ours, that has begun and not ended: what Closed tells.
  [[nodiscard]] std::optional<Incomplete> receiving() const noexcept;
  [[nodiscard]] std::optional<Incomplete> sending() const noexcept;

 private:
  struct Agreed {
    std::string subprotocol;
    std::string extensions;
  };

  [[nodiscard]] const Agreed& agreed() const noexcept;
  void move(base::TimePoint now, Step step) noexcept;
  void open(base::TimePoint now, Agreement agreement);
  [[nodiscard]] std::optional<Event> next_handshake_event(base::TimePoint now);
  void follow_handshake(base::TimePoint now);
  void end_handshake() noexcept;
  void read_frames(base::TimePoint now, std::optional<Event>& event);
  [[nodiscard]] Event on_control(base::TimePoint now, const MessageReader::Item& item);
  [[nodiscard]] Event on_ping(base::Bytes payload);
  void answer_ping(base::Bytes payload);
  Status write_ping(base::TimePoint now, base::Bytes payload, bool keepalive);
  [[nodiscard]] Event on_pong(base::TimePoint now, base::Bytes payload);
  [[nodiscard]] Event on_close(base::TimePoint now, base::Bytes payload);
  [[nodiscard]] Failed fail(base::TimePoint now, Violation violation, const Evidence& evidence = {});
  [[nodiscard]] Event fail_close(base::TimePoint now, Violation violation, base::Bytes payload);
  [[nodiscard]] std::optional<Event> end_of_stream(base::TimePoint now);
  [[nodiscard]] CloseRecord& closing_record();
  void write_close(base::TimePoint now, CloseCode code, std::string_view reason);
  void keep_alive(base::TimePoint now);
  void return_memory() noexcept;

  Options options_;
  base::RandomSource& random_;
  State state_ = State::connecting;
  bool eof_ = false;
  bool timed_out_ = false;
  bool half_close_ = false;
  bool opened_reported_ = false;
  bool closed_reported_ = false;

  base::MutableBytes input_;  // borrowed until next_event() returns nothing
  base::MutableBytes early_;  // what came before the server accepted; owned by handshake_
  base::Buffer output_;
  ExtensionChain chain_;
  MessageReader reader_;
  MessageWriter writer_;
  std::unique_ptr<OpeningHandshake> handshake_;
  std::unique_ptr<Event> due_;  // made by advance(), for the next call of next_event()

  std::unique_ptr<CloseRecord> closing_;  // once somebody has said Close
  std::unique_ptr<const Agreed> agreed_;  // if there was anything to agree on

  std::optional<base::TimePoint> phase_deadline_;  // of the opening or the closing
  std::optional<base::TimePoint> ping_due_;
  std::optional<base::TimePoint> pong_due_;
  std::unique_ptr<SentPings> sent_pings_;        // once there was one
  std::unique_ptr<std::string> postponed_pong_;  // for the latest Ping beyond Limits::pending_pongs
  std::size_t pongs_in_output_ = 0;
  std::size_t output_before_pong_end_ = 0;  // how much of the output is to be written until the last of them is
};

}  // namespace wscope::ws
