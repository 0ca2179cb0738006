#include "decode/hex_form.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace wscope::decode {
namespace {

constexpr std::size_t flushed_at = std::size_t{64} << 10;
constexpr std::uint64_t most_repeated = std::uint64_t{64} << 20;
constexpr unsigned bases[] = {16, 8, 10};
constexpr std::size_t digits_of_od = 7;

wire::Direction other(wire::Direction direction) noexcept {
  return direction == wire::Direction::out ? wire::Direction::in : wire::Direction::out;
}

bool is_zero(std::string_view digits) noexcept {
  return std::all_of(digits.begin(), digits.end(), [](char c) { return c == '0'; });
}

// The base in which these digits are that offset; 0: in none.
unsigned base_of(std::string_view digits, std::uint64_t offset, unsigned known) noexcept {
  for (const unsigned base : bases) {
    if ((known == 0 || known == base) && offset_value(digits, base) == offset) return base;
  }
  return 0;
}

// The base that whoever has made it mostly counts in.
unsigned usual_base(std::string_view digits) noexcept {
  return digits.size() == digits_of_od && offset_value(digits, 8) ? 8 : 16;
}

std::string_view without_end(std::string_view line) noexcept {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

base::Result<void> HexForm::receive(base::Bytes piece) {
  std::string_view text = base::as_text(piece);
  while (!text.empty()) {
    const std::string_view room = text.substr(0, longest_dump_line - line_.size());
    const std::size_t end = room.find('\n');
    const bool ends = end != std::string_view::npos;
    line_ += room.substr(0, ends ? end + 1 : room.size());
    text.remove_prefix(ends ? end + 1 : room.size());
    if (!ends && line_.size() < longest_dump_line) break;
    if (auto taken = take_piece(ends); !taken) {
      flush();
      return taken;
    }
    if (bytes_.size() >= flushed_at) flush();
  }
  flush();
  return {};
}

base::Result<void> HexForm::receive_eof() {
  auto ended = line_.empty() ? base::Result<void>() : take_piece(true);
  if (ended) ended = digits_.receive_eof();
  flush();
  return ended;
}

// Of a long line, pieces that do not depend on how it has come.
base::Result<void> HexForm::take_piece(bool ends) {
  const bool begins = !std::exchange(in_long_line_, !ends);
  auto taken = begins && ends ? take_line() : digits_.receive(line_, begins);
  line_.clear();
  return taken;
}

base::Result<void> HexForm::take_line() {
  const std::string_view text = without_end(line_);
  if (!digits_.at_rest()) return digits_.receive(line_, true);
  const OurLine ours = read_our_line(text, in_our_head_);
  if (is_ours_ || ours.kind == OurLine::Kind::frame || ours.kind == OurLine::Kind::head) {
    take_our_line(text, ours);
    digits_.skip(line_);
    return {};
  }
  if (ours.kind == OurLine::Kind::note) {
    digits_.skip(line_);
    return {};
  }
  const auto dumped = take_dump_line(text);
  if (!dumped) return dumped.error();
  if (*dumped) {
    digits_.skip(line_);
    return {};
  }
  // As Wireshark names the two sides of a stream.
  if (text.find("peer0_") != std::string_view::npos) turn_to(wire::Direction::out);
  if (text.find("peer1_") != std::string_view::npos) turn_to(wire::Direction::in);
  return digits_.receive(line_, true);
}

void HexForm::take_our_line(std::string_view line, const OurLine& ours) {
  is_ours_ = true;
  switch (ours.kind) {
    case OurLine::Kind::frame:
    case OurLine::Kind::head:
      report_.set_directed();
      if (place_.stream != ours.stream) report_.set_numbered();
      flush();
      place_ = {ours.stream, ours.direction};
      in_our_head_ = ours.kind == OurLine::Kind::head && !ours.text.empty();
      if (ours.kind == OurLine::Kind::head) bytes_.append(ours.text).append("\r\n");
      return;
    case OurLine::Kind::bytes:
      if (const auto read = parse_dump_line(line); read && !read->bad) bytes_ += read->bytes;
      return;
    case OurLine::Kind::hole: {
      flush();
      std::uint64_t& offset = offsets_[static_cast<std::size_t>(place_.direction)];
      report_.receive_hole(place_, ours.number, offset);
      offset += ours.number;
      return;
    }
    case OurLine::Kind::note:
    case OurLine::Kind::other:
      return;
  }
}

// False: it is none.
base::Result<bool> HexForm::take_dump_line(std::string_view text) {
  Dump& dump = current();
  if (text == "*" && dump.begun) return dump.repeats = true;
  if (has_words_of_hexdump(text)) {
    base::Error error = error_in_line(0, "words, whose bytes may stand in any order");
    error.hint = "xxd, hexdump -C and od -t x1 show bytes";
    return error;
  }
  const auto line = parse_dump_line(text);
  if (!line || (!dump.begun && (line->bytes.empty() || (!line->is_certain && !is_zero(line->offset))))) return false;
  if (line->bad) {
    const std::size_t at = *line->bad;
    return error_in_line(at, at < text.size() ? quote(text[at]) + " where a byte of two digits should be" : "no byte");
  }
  if (auto joined = join(*line); !joined) return std::move(joined).error();
  return true;
}

base::Result<void> HexForm::join(const DumpLine& line) {
  auto found = dump_of(line);
  if (!found) return std::move(found).error();
  Dump& dump = **found;
  if (!dump.begun) {
    dump.begun = true;
    dump.indent = line.indent;
    if (!is_zero(line.offset)) dump.base = usual_base(line.offset);
    dump.next = is_zero(line.offset) ? 0 : offset_value(line.offset, dump.base).value_or(0);
  } else if (!std::exchange(dump.repeats, false)) {
    if (dump.base == 0) dump.base = base_of(line.offset, dump.next, 0);
  } else {
    if (dump.base == 0) dump.base = usual_base(line.offset);
    if (auto repeated = repeat(dump, *offset_value(line.offset, dump.base)); !repeated) return repeated;
  }
  bytes_ += line.bytes;
  dump.next += line.bytes.size();
  if (!line.bytes.empty()) dump.last_line = line.bytes;
  return {};
}

// The dump that goes on, or begins, with that line; it is the current one then.
base::Result<HexForm::Dump*> HexForm::dump_of(const DumpLine& line) {
  const auto goes_on = [&line](const Dump& dump) {
    if (dump.repeats)
      return offset_value(line.offset, dump.base == 0 ? usual_base(line.offset) : dump.base).has_value();
    return base_of(line.offset, dump.next, dump.base) != 0;
  };
  Dump& dump = current();
  if (!dump.begun || goes_on(dump)) return &dump;
  // Of a stream that Wireshark follows, what the other side has sent is indented.
  Dump& opposite = dumps_[static_cast<std::size_t>(other(place_.direction))];
  if (line.indent != dump.indent && (opposite.begun ? goes_on(opposite) : is_zero(line.offset))) {
    turn_to(other(place_.direction));
    return &opposite;
  }
  if (!is_zero(line.offset) || line.bytes.empty()) {
    return error_in_line(line.indent, fmt::format("the dump goes on at {}, where {:x} is next: something is missing",
                                                  line.offset, dump.next));
  }
  dump = {};  // another one
  return &dump;
}

// What a line with a star stands for.
base::Result<void> HexForm::repeat(Dump& dump, std::uint64_t up_to) {
  const std::uint64_t size = up_to - dump.next;
  if (up_to < dump.next || dump.last_line.empty() || size % dump.last_line.size() != 0) {
    return error_in_line(0, "such an offset cannot follow the lines that are left out");
  }
  if (size > most_repeated) return error_in_line(0, "lines are left out that have more than 64 MiB");
  for (; dump.next < up_to; dump.next += dump.last_line.size()) {
    bytes_ += dump.last_line;
    if (bytes_.size() >= flushed_at) flush();
  }
  return {};
}

base::Error HexForm::error_in_line(std::size_t column, std::string_view why) const {
  return error_at({digits_.position().line, column + 1}, why);
}

void HexForm::turn_to(wire::Direction direction) {
  if (place_.direction == direction) return;
  flush();
  place_.direction = direction;
}

void HexForm::flush() {
  std::uint64_t& offset = offsets_[static_cast<std::size_t>(place_.direction)];
  report_.receive(place_, base::as_bytes(bytes_), offset);
  offset += bytes_.size();
  bytes_.clear();
}

}  // namespace wscope::decode
