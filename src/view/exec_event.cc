#include <cstddef>

#include "base/utf8.h"
#include "view/json.h"
#include "view/json_events.h"

namespace wscope::view {

void append_exec(const Stamp& stamp, const ExecView& exec, std::string& out) {
  constexpr std::string_view states[] = {"start", "stderr", "exit"};
  JsonObject event(out);
  event.word("event", "exec").time("time", stamp.time);
  if (stamp.connection) event.number("conn", *stamp.connection);
  event.word("state", states[static_cast<std::size_t>(exec.state)]);
  event.number("pid", static_cast<std::uint64_t>(exec.process));
  if (exec.state == ExecView::State::errors && base::is_utf8(exec.errors)) {
    event.text("data", base::as_text(exec.errors));
  } else if (exec.state == ExecView::State::errors) {
    event.base64("base64", exec.errors);
  } else if (exec.state == ExecView::State::exit) {
    exec.status ? event.number("status", static_cast<std::uint64_t>(*exec.status)) : event.null("status");
    exec.signal.empty() ? event.null("signal") : event.word("signal", exec.signal);
  }
  event.end();
}

}  // namespace wscope::view
