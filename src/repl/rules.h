// What is answered and said by itself: /reply and /every.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "link/connections.h"
#include "link/loop.h"
#include "link/replies.h"
#include "repl/slash_commands.h"
#include "streams/format.h"
#include "talk/source.h"

namespace wscope::repl {

class InterpreterHost;

/// Rules of connections, which outlive these and hold again once they are made again, and rules of all of them, also of
/// those to come. A message is answered by the first one that matches, those of its connection before those of all.
class Rules {
 public:
  /// All that is referred to outlives it; `variables` are known to their texts.
  Rules(link::Loop& loop, link::Connections& connections, const link::Recollection& variables, InterpreterHost& host)
      : loop_(loop), connections_(connections), variables_(variables), host_(host) {}

  /// Whether it is such a command.
  [[nodiscard]] static bool knows(Action action) noexcept { return action == Action::reply || action == Action::every; }
  /// Obeys one, for those in use: adds a rule whose text is a message of `type`, lists them or ends them. Names of a
  /// MATCH are those of `fill`, null: it has none. An error is of kind usage, not_now or io.
  [[nodiscard]] base::Result<void> execute(Action action, std::string_view arguments, streams::MessageType type,
                                           const talk::Names* fill);
  /// Those beats are a connection's from its beginning on.
  void add_beats(link::ConnectionNumber connection, std::vector<link::Beat> beats);

  /// A connection has opened: what is sent again and again begins.
  void begin();
  /// A whole message has come: it may be answered.
  void answer(link::ConnectionNumber connection, const talk::Message& message);
  /// There may be room for more answers: who was not read because of them is read again.
  void go_on();

 private:
  // Rules of one connection, or of all.
  struct Answers {
    std::vector<link::ReplyRule> rules{};
    std::vector<std::string> typed{};
    std::unique_ptr<link::Replies> replies{};  // by these rules
  };
  struct Every {
    std::uint64_t id;
    link::Use use;
    link::Beat beat;
    std::string typed;
  };
  using Key = link::ConnectionNumber;  // 0: all
  // One of the rules for what is in use, as they are numbered for a person.
  struct Place {
    Key key;
    std::size_t index;
  };

  [[nodiscard]] base::Result<void> add_reply(std::string_view arguments, streams::MessageType type,
                                             const talk::Names* fill);
  [[nodiscard]] base::Result<void> add_every(std::string_view arguments, streams::MessageType type);
  void add_beat(link::Use use, link::Beat beat, std::string typed);
  [[nodiscard]] base::Result<link::Saying> read_text(const std::string& typed, std::size_t at,
                                                     streams::MessageType type, link::Nameable known) const;
  [[nodiscard]] std::vector<Place> replies_in_use() const;
  [[nodiscard]] std::vector<const Every*> beats_in_use() const;
  [[nodiscard]] std::vector<std::string> rows(Action action) const;
  void list(Action action);
  [[nodiscard]] base::Result<void> end(Action action, std::string_view which);
  void remove(Action action, std::size_t number);
  [[nodiscard]] bool answer_by(Key key, link::Link& link, const talk::Message& message);

  link::Loop& loop_;
  link::Connections& connections_;
  const link::Recollection& variables_;
  InterpreterHost& host_;
  std::map<Key, Answers> answers_{};
  std::vector<Every> beats_{};
  std::uint64_t last_id_ = 0;
  std::set<link::ConnectionNumber> full_{};  // of answers, so that they are not read
};

}  // namespace wscope::repl
