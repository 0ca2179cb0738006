#include "session/prompt.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace wscope::session {
namespace {

using link::Use;

// Of one that is not open yet.
Prompt of_attempt(const link::Connections& connections, link::ConnectionNumber connection, base::TimePoint now) {
  const auto again = connections.tries_again_at(connection);
  if (!again) return {"(connecting) "};
  const auto left = std::chrono::ceil<std::chrono::seconds>(std::max(*again - now, base::Duration::zero()));
  Prompt prompt{fmt::format("(reconnecting in {} s) ", left.count())};
  if (left.count() > 0) prompt.changes_at = *again - left + std::chrono::seconds(1);  // it counts down
  return prompt;
}

Prompt what_goes_on(const Session& session, const link::Connections& connections, bool expects, base::TimePoint now) {
  if (session.state() == Session::State::printing) return {};  // what is typed stays as it stands
  const Use use = connections.use();
  const bool one = use.kind == Use::Kind::one;
  const bool leaves = session.state() == Session::State::leaving && !connections.empty();
  if (leaves || (one && is_closing(connections, use.connection))) return {"(closing, Ctrl-C again ends) "};
  if (expects) return {"(expecting, Ctrl-C gives up) "};
  if (connections.is_paused(use)) return {"(paused) "};
  if (one) return connections.is_connecting(use.connection) ? of_attempt(connections, use.connection, now) : Prompt();
  if (connections.any_connection()) return {};
  return {connections.listening() ? "(no clients) " : "(not connected) "};
}

}  // namespace

bool is_closing(const link::Connections& connections, link::ConnectionNumber connection) {
  const link::Link* link = connections.find(connection);
  return link != nullptr && link->connection().state() == ws::State::local_closing;
}

Prompt make_prompt(const Session& session, const link::Connections& connections, bool expects, base::TimePoint now) {
  Prompt prompt = what_goes_on(session, connections, expects, now);
  const Use use = connections.use();
  const bool several = connections.several();
  if (several && use.kind == Use::Kind::one) prompt.text.insert(0, fmt::format("[{}] ", use.connection));
  if (several && use.kind == Use::Kind::all) prompt.text += "[all] ";
  prompt.text += "> ";
  return prompt;
}

}  // namespace wscope::session
