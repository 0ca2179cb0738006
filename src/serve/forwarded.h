// What is forwarded through one WebSocket connection of our own.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "link/happening.h"
#include "ws/close_code.h"

namespace wscope::serve {

class Forwarded;

class ForwardedOwner {
 public:
  /// The connection is open.
  virtual void handle_forwarded_open(Forwarded& forwarded) = 0;
  /// It is over and is to be destroyed, but not in this call.
  virtual void handle_forwarded_over(Forwarded& forwarded) = 0;

 protected:
  ~ForwardedOwner() = default;
};

class Forwarded {
 public:
  Forwarded() = default;
  Forwarded(const Forwarded&) = delete;
  Forwarded& operator=(const Forwarded&) = delete;
  virtual ~Forwarded() = default;

  [[nodiscard]] virtual link::ConnectionNumber number() const noexcept = 0;
  /// Whoever sends, or is sent to, on our side has failed or is gone.
  [[nodiscard]] virtual bool local_failed() const noexcept = 0;
  /// Once it is over: what is wrong with the end of the connection, if anything, and what its peer said if it began.
  [[nodiscard]] virtual const std::optional<base::Error>& failure() const noexcept = 0;
  [[nodiscard]] virtual std::string closed() const = 0;

  /// Closes it, or gives it up if it is not open.
  virtual void close(ws::CloseCode code) = 0;
  /// Ends it without waiting for anything.
  virtual void drop() = 0;
};

}  // namespace wscope::serve
