// What happens on a connection, as a script sees it.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "http/headers.h"
#include "script/statement.h"
#include "script/values.h"
#include "talk/match.h"

namespace wscope::script {

struct Event {
  Kind kind = Kind::text;  ///< text, binary, ping, pong, close, open, refused, fail, lost or error
  std::string payload{};   ///< of a close its reason, of a refusal its body; of fail, lost and error what is wrong
  unsigned code = 0;       ///< of a close or fail; of open and refused, the status
  std::string detail{};    ///< of open the subprotocol; of error its kind, as programs call it
  base::ErrorKind error = base::ErrorKind::lost;  ///< of an end that is a failure
  http::Headers headers{};                        ///< of open and refused
  std::optional<base::Duration> round_trip{};     ///< of a pong
  base::TimePoint time{};
  /// In place of the payload in what is shown, if there is a secret in that.
  std::optional<std::string> masked{};

  [[nodiscard]] bool is_message() const noexcept { return kind == Kind::text || kind == Kind::binary; }
  /// Whether `next`, `any` and `none` look at it: a message, a Close, or any other end.
  [[nodiscard]] bool is_seen() const noexcept { return kind != Kind::open && kind != Kind::ping && kind != Kind::pong; }
  /// Whether it is an end, or will soon be followed by one.
  [[nodiscard]] bool is_end() const noexcept {
    return kind == Kind::close || kind == Kind::refused || kind == Kind::fail || kind == Kind::lost ||
           kind == Kind::error;
  }
  /// Whether it is an end that is a failure unless it was expected.
  [[nodiscard]] bool is_failure() const noexcept;
  /// That, as an error.
  [[nodiscard]] base::Error failure() const;
  /// As a message, as long as this lives and does not change.
  [[nodiscard]] talk::Message message() const noexcept { return {base::as_bytes(payload), kind == Kind::binary}; }
  /// What a capture can keep of it, as long as `message` and this live.
  [[nodiscard]] talk::Occasion occasion(const talk::Message& message) const;
  /// "text  {"a":1}": its kind and what it says, on one line, escaped and cut.
  [[nodiscard]] std::string line() const;
  /// The memory that it takes, about.
  [[nodiscard]] std::size_t size() const noexcept { return payload.size() + sizeof(Event); }
};

/// What is looked for, with all values in it. Lives as long as what it refers to.
struct Target {
  Kind kind;
  std::optional<Argument> argument{};
  const talk::Match* match = nullptr;  ///< null: any will do

  [[nodiscard]] bool accepts(const Event& event) const;
};

/// The events of a connection that nobody has looked at, in their order.
class Inbox {
 public:
  /// So much may wait before the connection is not to be read.
  static constexpr std::size_t most = std::size_t{16} << 20;

  void add(Event event) {
    size_ += event.size();
    events_.push_back(std::move(event));
  }
  [[nodiscard]] bool empty() const noexcept { return events_.empty(); }
  [[nodiscard]] bool full() const noexcept { return size_ >= most; }
  [[nodiscard]] const Event& front() const { return events_.front(); }
  Event take() {
    Event event = std::move(events_.front());
    events_.pop_front();
    size_ -= event.size();
    return event;
  }
  [[nodiscard]] auto begin() const noexcept { return events_.begin(); }
  [[nodiscard]] auto end() const noexcept { return events_.end(); }

 private:
  std::deque<Event> events_{};
  std::size_t size_ = 0;
};

}  // namespace wscope::script
