#include "view/decode_events.h"

#include "view/json.h"

namespace wscope::view {
namespace {

JsonObject begin(std::string_view name, const Stamp& stamp, wire::Direction direction, std::string& out) {
  JsonObject event(out);
  event.word("event", name).time("time", stamp.time);
  if (stamp.connection) event.number("conn", *stamp.connection);
  event.word("dir", direction == wire::Direction::in ? "in" : "out");
  return event;
}

}  // namespace

void append_frame_at(const Stamp& stamp, wire::Direction direction, const wire::Frame& frame, std::uint64_t offset,
                     std::string& out) {
  JsonObject event = begin("frame", stamp, direction, out);
  event.number("opcode", frame.opcode).boolean("fin", frame.fin).number("rsv", frame.rsv);
  event.boolean("masked", frame.mask.has_value()).number("length", frame.length).hex("hex", frame.bytes);
  event.number("offset", offset).end();
}

void append_violation(const Stamp& stamp, wire::Direction direction, const ViolationView& violation, std::string& out) {
  JsonObject event = begin("violation", stamp, direction, out);
  event.word("section", violation.section).number("offset", violation.offset).text("message", violation.message).end();
}

void append_cut(const Stamp& stamp, wire::Direction direction, std::uint64_t offset, base::Bytes bytes,
                std::uint64_t needs, std::string& out) {
  JsonObject event = begin("cut", stamp, direction, out);
  event.number("offset", offset).hex("hex", bytes);
  needs > 0 ? event.number("needs", needs).end() : event.null("needs").end();
}

void append_hole(const Stamp& stamp, wire::Direction direction, std::uint64_t offset, std::uint64_t size,
                 std::string& out) {
  begin("hole", stamp, direction, out).number("offset", offset).number("length", size).end();
}

void append_unreadable(const Stamp& stamp, std::string_view message, std::string& out) {
  JsonObject event(out);
  event.word("event", "unreadable").time("time", stamp.time);
  if (stamp.connection) event.number("conn", *stamp.connection);
  event.text("message", message).end();
}

}  // namespace wscope::view
