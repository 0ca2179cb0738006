#include "report/recording.h"

#include <cerrno>
#include <chrono>
#include <utility>

#include "net/error.h"
#include "net/file.h"
#include "view/json_events.h"

namespace wscope::report {

base::Result<Recording> Recording::begin(const std::string& path, const std::string& url) {
  auto file = net::make_new_file(path);
  if (!file) return std::move(file).error();
  Recording recording(path, std::move(*file));
  std::string line;
  view::append_recording({std::chrono::system_clock::now(), 0}, "wscope " WSCOPE_VERSION, url, line);
  if (auto written = recording.write(line); !written) return std::move(written).error();
  return recording;
}

base::Result<void> Recording::write(const std::string& line) {
  if (net::write_all(file_.get(), line)) return {};
  return net::system_error(path_, errno);
}

base::Result<void> Recording::add(const Entry& entry, base::Bytes payload) {
  const view::Stamp stamp{entry.time, entry.connection};
  std::string line;
  if (payload.size() < entry.size) {
    view::append_incomplete(stamp, entry.direction, {.type = entry.opcode, .length = entry.size}, line);
  } else if (entry.opcode == ws::Opcode::ping) {
    view::append_ping(stamp, entry.direction, payload, line);
  } else if (entry.opcode == ws::Opcode::pong) {
    const bool answers = entry.direction == wire::Direction::in;
    view::append_pong(stamp, entry.direction, payload, answers ? entry.latency : std::nullopt, line);
  } else if (entry.opcode == ws::Opcode::close) {
    view::append_close(stamp, entry.direction, entry.code.value_or(ws::close_code::no_status), base::as_text(payload),
                       line);
  } else {
    view::append_message(stamp, entry.direction, entry.opcode, payload, line);
  }
  return write(line);
}

}  // namespace wscope::report
