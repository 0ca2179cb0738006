// One connection, of either direction.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/random.h"
#include "link/beats.h"
#include "link/happening.h"
#include "link/wire_log.h"
#include "peer/peer.h"
#include "wire/instruction.h"

namespace wscope::link {

/// A peer with a number, what is shown of it, and why it is not read.
class Link {
 public:
  /// `owner` outlives it.
  Link(peer::PeerContext context, peer::Transport transport, ws::Options options, ConnectionNumber number,
       peer::PeerOwner& owner)
      : number_(number), peer_(context, std::move(transport), std::move(options), owner) {}

  [[nodiscard]] ConnectionNumber number() const noexcept { return number_; }
  [[nodiscard]] peer::Peer& peer() noexcept { return peer_; }
  [[nodiscard]] const peer::Peer& peer() const noexcept { return peer_; }
  [[nodiscard]] ws::Connection& connection() noexcept { return peer_.connection(); }
  [[nodiscard]] const ws::Connection& connection() const noexcept { return peer_.connection(); }
  /// Whether data can be sent.
  [[nodiscard]] bool is_open() const noexcept { return connection().state() == ws::State::open; }

  /// Shows `reporter`, which outlives it, what goes over the wire.
  void show_wire(Report& reporter) {
    wire_log_ = std::make_unique<WireLog>(reporter, number_);
    peer_.observe(*wire_log_);
  }
  [[nodiscard]] bool shows_wire() const noexcept { return wire_log_ != nullptr; }

  /// Sends a message or a piece of one, and reports it. peer().flush() writes it.
  [[nodiscard]] ws::Status send(const ws::Piece& piece) {
    if (shows_wire()) [[unlikely]]
      return send_and_report(piece);
    return connection().send(piece);
  }
  /// The same for whatever there is to be sent. `random` is for the masks of frames.
  [[nodiscard]] ws::Status send(const wire::Instruction& instruction, base::RandomSource& random);

  /// Whether what is sent from now on is compressed, if that was agreed on, and what shows_wire() is for; at first it
  /// is.
  void set_compresses(bool compresses) noexcept { compresses_ = compresses; }
  [[nodiscard]] bool compresses() const noexcept { return compresses_; }

  /// Begins to close it, unless it is closing already, and writes that. The answer is read.
  void close(ws::CloseCode code) {
    pause(Wait::by_hand, false);
    static_cast<void>(connection().close(peer_.now(), code));
    peer_.flush();
  }

  /// Whether it is in the middle of a message of which more has come since the last call.
  [[nodiscard]] bool more_has_come() noexcept;

  /// Sends `beats`, of which there are some and which outlive it like `loop`, from now on.
  void beat(Loop& loop, const std::vector<Beat>& beats) { beats_ = std::make_unique<Beats>(loop, beats, *this); }

  /// One more of them, and one less, as Beats has them.
  void add_beat(Loop& loop, std::uint64_t id, const Beat& beat, const Recollection& variables) {
    if (!beats_) beats_ = std::make_unique<Beats>(loop, std::vector<Beat>(), *this);
    beats_->add(id, beat, variables);
  }
  void remove_beat(std::uint64_t id) {
    if (beats_) beats_->remove(id);
  }

  /// Why nothing is read from it: its answers wait, stdout does, or a person wants that.
  enum class Wait : unsigned char { for_answers = 1, for_printing = 2, by_hand = 4 };
  void pause(Wait wait, bool paused);
  [[nodiscard]] bool paused(Wait wait) const noexcept { return (waits_ & static_cast<unsigned char>(wait)) != 0; }

 private:
  [[nodiscard]] ws::Status send_and_report(const ws::Piece& piece);
  [[nodiscard]] ws::Status carry_out(const wire::SendFragments& fragments);
  [[nodiscard]] ws::Status carry_out(const wire::SendFrame& frame, base::RandomSource& random);

  ConnectionNumber number_;
  std::unique_ptr<WireLog> wire_log_;
  peer::Peer peer_;
  std::uint64_t seen_ = 0;   // bytes of the message that more_has_come() has told of
  unsigned char waits_ = 0;  // a set of Wait
  bool compresses_ = true;
  std::unique_ptr<Beats> beats_;
};

}  // namespace wscope::link
