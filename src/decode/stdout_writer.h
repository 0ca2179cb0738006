// Writes all that a command prints, as fast as it is read, until a signal comes.
#pragma once

#include <string>

#include "net/shared_output.h"
#include "net/signals.h"
#include "streams/outcome.h"

namespace wscope::decode {

class StdoutWriter {
 public:
  /// `signals` and `outcome` outlive it.
  StdoutWriter(net::Signals& signals, streams::Outcome& outcome);

  /// Writes all of `text` and empties it. Once the outcome is decided it does not wait any more: by an error, by a
  /// signal, or as nobody reads, which is no failure.
  void write(std::string& text);
  /// A signal that has come decides the outcome.
  void look_at_signals();
  /// What tells that nobody reads.
  [[nodiscard]] int poll_fd() const noexcept { return output_.poll_fd(); }

 private:
  net::Signals& signals_;
  streams::Outcome& outcome_;
  net::SharedOutput output_;
};

}  // namespace wscope::decode
