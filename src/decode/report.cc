#include "decode/report.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"
#include "view/counted.h"
#include "view/decode_events.h"
#include "view/hexdump.h"
#include "view/json_events.h"
#include "view/wire_text.h"
#include "wire/agreement.h"
#include "wire/header_parser.h"

namespace wscope::decode {
namespace {

constexpr std::string_view indentation = "        ";

wire::Direction other(wire::Direction direction) noexcept {
  return direction == wire::Direction::out ? wire::Direction::in : wire::Direction::out;
}

ws::Role other(ws::Role role) noexcept { return role == ws::Role::client ? ws::Role::server : ws::Role::client; }

std::string_view arrow(wire::Direction direction) noexcept { return direction == wire::Direction::out ? ">" : "<"; }

}  // namespace

void Report::receive(const Place& place, base::Bytes bytes, std::uint64_t offset) {
  Direction& direction = find(place);
  while (!bytes.empty()) {
    const std::size_t taken = direction.decoder.receive(bytes, offset);
    take_events(place, direction);
    bytes = bytes.subspan(taken);
    offset += taken;
  }
}

void Report::receive_hole(const Place& place, std::uint64_t size, std::uint64_t offset) {
  Direction& direction = find(place);
  direction.decoder.receive_hole(size, offset);
  take_events(place, direction);
}

void Report::receive_eof(const Place& place) {
  const auto found = connections_.find(place.stream);
  if (found == connections_.end()) return;
  auto& direction = found->second.directions[static_cast<std::size_t>(place.direction)];
  if (!direction) return;
  direction->decoder.receive_eof();
  take_events(place, *direction);
  direction.reset();
  const auto& both = found->second.directions;
  if (!both[0] && !both[1]) connections_.erase(found);
}

void Report::agree(std::uint64_t stream, const std::optional<ws::DeflateParameters>& deflate) {
  Connection& connection = connections_[stream];
  connection.has_agreement = true;
  connection.agreed = deflate;
  for (const auto& direction : connection.directions) {
    if (direction) direction->decoder.agree(deflate);
  }
}

void Report::note(const Place& place, std::string_view words) {
  if (options_.form == Form::json || options_.counts) return;
  out_ += stream_name(place);
  if (!out_.empty() && options_.is_numbered) out_ += ' ';
  out_ += options_.style(view::Meaning::notice, words);
  out_ += '\n';
}

void Report::remark(std::string_view words) {
  if (options_.form == Form::json || options_.counts) {
    remarks_.emplace_back(words);
    return;
  }
  out_ += options_.style(view::Meaning::notice, words);
  out_ += '\n';
}

void Report::tell_unreadable(const Place& place, std::string_view why) {
  if (options_.form == Form::json) return view::append_unreadable(stamp(place), why, out_);
  remark(fmt::format("stream {}: {}", place.stream, why));
}

void Report::end_inside(std::string_view words) {
  ++incomplete_;
  remark(words);
}

void Report::take_head(const Place& place, std::string_view head) {
  ++heads_;
  if (options_.counts) return;
  if (options_.form == Form::json) return view::append_head(stamp(place), place.direction, head, out_);
  out_ += view::describe_head(place.direction, head);
}

void Report::take_message(const Place& place, std::uint8_t opcode, base::Bytes payload) {
  wire::Frame frame;
  frame.opcode = opcode;
  frame.length = payload.size();
  frame.payload = payload.first(std::min(payload.size(), options_.dump_size));
  frame.bytes = frame.payload;
  MessageCount message;
  statistics_.add(place.direction, frame, 0, message);
  if (options_.counts) return;
  if (options_.form == Form::dump) {
    const std::string stream = stream_name(place);
    out_ += view::describe_frame(place.direction, frame, {stream, place.time}, options_.style);
    return;
  }
  switch (static_cast<ws::Opcode>(opcode)) {
    case ws::Opcode::ping:
      return view::append_ping(stamp(place), place.direction, payload, out_);
    case ws::Opcode::pong:
      return view::append_pong(stamp(place), place.direction, payload, std::nullopt, out_);
    case ws::Opcode::text:
      if (base::is_utf8(payload)) {
        return view::append_message(stamp(place), place.direction, ws::Opcode::text, payload, out_);
      }
      break;
    case ws::Opcode::close:
      if (payload.size() < 2) break;
      return view::append_close(stamp(place), place.direction,
                                ws::CloseCode{base::load_big_endian<std::uint16_t>(payload.data())},
                                base::as_text(payload.subspan(2)), out_);
    default:
      break;
  }
  view::append_message(stamp(place), place.direction, ws::Opcode::binary, payload, out_);
}

void Report::finish() {
  while (!connections_.empty()) {
    const auto& [stream, connection] = *connections_.begin();
    const bool has_out = connection.directions[static_cast<std::size_t>(wire::Direction::out)] != nullptr;
    const bool has_in = connection.directions[static_cast<std::size_t>(wire::Direction::in)] != nullptr;
    const std::uint64_t number = stream;
    if (!has_out && !has_in) connections_.erase(number);
    if (has_out) receive_eof({number, wire::Direction::out});
    if (has_in) receive_eof({number, wire::Direction::in});
  }
  if (!options_.counts) return;
  if (options_.form == Form::json) {
    statistics_.append_event({options_.now, 0}, out_);
  } else {
    out_ += statistics_.describe(options_.style);
  }
}

Report::Direction& Report::find(const Place& place) {
  Connection& connection = connections_[place.stream];
  auto& direction = connection.directions[static_cast<std::size_t>(place.direction)];
  if (direction) return *direction;
  DirectionDecoder::Options options;
  options.deflate = options_.deflate;
  options.kept_bytes = options_.counts ? 0 : options_.dump_size;
  options.sender = options_.role;
  if (options.sender && place.direction == wire::Direction::in) options.sender = other(*options.sender);
  direction = std::make_unique<Direction>(options);
  if (connection.has_agreement) direction->decoder.agree(connection.agreed);
  return *direction;
}

void Report::take_events(const Place& place, Direction& direction) {
  while (const auto event = direction.decoder.next_event()) {
    std::visit([&](const auto& what) { show(place, direction, what); }, *event);
  }
}

void Report::show(const Place& place, Direction& direction, const DecodedHead& head) {
  ++heads_;
  const HeadMeaning meaning = read_meaning(head.text);
  if (!meaning.foreign && !meaning.is_interim && meaning.sender == ws::Role::server) {
    Connection& connection = connections_[place.stream];
    connection.has_agreement = true;
    connection.agreed = meaning.deflate;
    const auto& opposite = connection.directions[static_cast<std::size_t>(other(place.direction))];
    if (opposite) opposite->decoder.agree(meaning.deflate);
  }
  if (options_.counts) return;
  const wire::Direction shown = shown_direction(place, direction);
  if (options_.form == Form::json) return view::append_head(stamp(place), shown, head.text, out_);
  out_ += view::describe_head(shown, head.text);
}

void Report::show(const Place& place, Direction& direction, const DecodedFrame& decoded) {
  const wire::Direction shown = shown_direction(place, direction);
  if ((decoded.frame.rsv & ws::rsv1) != 0 && !direction.decoder.deflates()) lacks_agreement_ = true;
  statistics_.add(shown, decoded.frame, decoded.frame.bytes.size() - decoded.frame.payload.size(), direction.message);
  if (!decoded.findings.empty()) statistics_.add(decoded.findings);
  if (options_.counts) return;
  if (options_.form == Form::json) {
    view::append_frame_at(stamp(place), shown, decoded.frame, decoded.offset, out_);
  } else {
    dump(place, shown, decoded, true);
  }
  show_findings(place, shown, decoded.findings);
}

void Report::dump(const Place& place, wire::Direction shown, const DecodedFrame& decoded, bool complete) {
  std::vector<view::Mark> marks;
  for (const Finding& finding : decoded.findings) marks.push_back({finding.offset, finding.size});
  const std::string stream = stream_name(place);
  out_ +=
      view::describe_frame(shown, decoded.frame, {stream, place.time, decoded.offset, marks, complete}, options_.style);
  if (decoded.lost > 0) add_line(view::counted(decoded.lost, "byte") + " of it missing", view::Meaning::warning);
}

void Report::show_findings(const Place& place, wire::Direction shown, std::span<const Finding> findings) {
  for (const Finding& finding : findings) {
    if (options_.form == Form::json) {
      view::append_violation(stamp(place), shown, {finding.section, finding.offset, finding.message}, out_);
    } else {
      add_line(fmt::format("violation of {} at {}: {}", finding.section, finding.offset, finding.message),
               view::Meaning::error);
    }
  }
}

void Report::show(const Place& place, Direction& direction, const Tail& tail) {
  ++incomplete_;
  statistics_.add(tail.findings);
  if (options_.counts) return;
  const wire::Direction shown = shown_direction(place, direction);
  if (options_.form == Form::json) {
    view::append_cut(stamp(place), shown, tail.offset, tail.bytes, tail.needs, out_);
    return show_findings(place, shown, tail.findings);
  }
  if (tail.frame) {
    dump(place, shown, {*tail.frame, tail.offset, tail.lost, tail.findings}, false);
    show_findings(place, shown, tail.findings);
  } else if (tail.needs == 0) {
    out_ += view::describe_head(shown, base::as_text(tail.bytes));
    return add_line("the head has no end", view::Meaning::warning);
  } else {
    out_ += fmt::format("{}{} incomplete header\n", options_.is_numbered ? stream_name(place) + " " : "", arrow(shown));
    out_ += view::hexdump(tail.bytes, tail.offset, options_.style, tail.bytes.size());
  }
  add_line(fmt::format("needs {}{}", tail.frame ? "" : "at least ", view::counted(tail.needs, "more byte")),
           view::Meaning::warning);
}

void Report::show(const Place& place, Direction& direction, const Unfinished& unfinished) {
  ++incomplete_;
  if (options_.counts) return;
  const auto& [type, length] = unfinished.message;
  if (options_.form == Form::json) {
    return view::append_incomplete(stamp(place), shown_direction(place, direction), {type, length}, out_);
  }
  add_line(fmt::format("the {} message has no end: {} of it so far, and no frame with FIN", ws::name(type),
                       view::counted(length, "byte")),
           view::Meaning::warning);
}

void Report::show(const Place& place, Direction& direction, const Lost& lost) {
  if (options_.form == Form::json) {
    if (!options_.counts)
      view::append_hole(stamp(place), shown_direction(place, direction), lost.offset, lost.size, out_);
    return;
  }
  note(place, fmt::format("{} {} missing at {}, with the header of a frame: what follows cannot be read",
                          arrow(shown_direction(place, direction)), view::counted(lost.size, "byte"), lost.offset));
}

void Report::show(const Place& place, Direction&, const Foreign& foreign) {
  if (!foreign_) foreign_ = foreign;
  if (options_.is_numbered) note(place, foreign.what);
}

void Report::add_line(std::string_view words, view::Meaning meaning) {
  out_ += indentation;
  options_.style.append(meaning, words, out_);
  out_ += '\n';
}

wire::Direction Report::shown_direction(const Place& place, const Direction& direction) const noexcept {
  if (options_.is_directed) return place.direction;
  return direction.decoder.sender() == ws::Role::server ? wire::Direction::in : wire::Direction::out;
}

std::string Report::stream_name(const Place& place) const {
  return options_.is_numbered ? fmt::format("[{}]", place.stream) : std::string();
}

view::Stamp Report::stamp(const Place& place) const { return {place.time.value_or(options_.now), place.stream}; }

}  // namespace wscope::decode
