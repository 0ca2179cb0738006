#include "check/step.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "base/hex.h"
#include "base/unescape.h"

namespace wscope::check {
namespace {

// What stands behind a verb.
enum class Takes : std::uint8_t {
  nothing,
  text,
  count,       // N
  count_text,  // N TEXT
  count_time,  // N MS
  numbers,     // N, with blanks between them, perhaps none
  time,        // MS
  times,       // MS [MS]
  time_text,   // MS TEXT
  frame,
  close,
  repeated,
};

struct Word {
  std::string_view name;
  Verb verb;
  Takes takes;
};

constexpr Word words[] = {
    {"method", Verb::method, Takes::text},
    {"target", Verb::target, Takes::text},
    {"version", Verb::version, Takes::text},
    {"line", Verb::line, Takes::text},
    {"set", Verb::set, Takes::text},
    {"also", Verb::also, Takes::text},
    {"drop", Verb::drop, Takes::text},
    {"first", Verb::first, Takes::text},
    {"before", Verb::before, Takes::text},
    {"body", Verb::body, Takes::text},
    {"lf", Verb::lf, Takes::nothing},
    {"lower", Verb::lower, Takes::nothing},
    {"plain", Verb::plain, Takes::nothing},
    {"filler", Verb::filler, Takes::count},
    {"fillers", Verb::fillers, Takes::count},
    {"offer", Verb::offer, Takes::text},
    {"fresh", Verb::fresh, Takes::nothing},
    {"way", Verb::way, Takes::text},
    {"ask", Verb::ask, Takes::nothing},
    {"cut", Verb::cut, Takes::count},
    {"again", Verb::again, Takes::nothing},
    {"frame", Verb::frame, Takes::frame},
    {"text", Verb::frame, Takes::frame},
    {"binary", Verb::frame, Takes::frame},
    {"ping", Verb::frame, Takes::frame},
    {"pong", Verb::frame, Takes::frame},
    {"close", Verb::close, Takes::close},
    {"fragments", Verb::fragments, Takes::count_text},
    {"repeated", Verb::repeated, Takes::repeated},
    {"raw", Verb::raw, Takes::text},
    {"compressed", Verb::compressed, Takes::text},
    {"burst", Verb::burst, Takes::count},
    {"message", Verb::message, Takes::text},
    {"bytewise", Verb::bytewise, Takes::time},
    {"whole", Verb::whole, Takes::nothing},
    {"gap", Verb::gap, Takes::time},
    {"fin", Verb::fin, Takes::nothing},
    {"rst", Verb::rst, Takes::nothing},
    {"pause", Verb::pause, Takes::nothing},
    {"resume", Verb::resume, Takes::nothing},
    {"unanswered", Verb::unanswered, Takes::nothing},
    {"open", Verb::open, Takes::nothing},
    {"basic", Verb::basic, Takes::nothing},
    {"refused", Verb::refused, Takes::numbers},
    {"not-opened", Verb::not_opened, Takes::nothing},
    {"may-refuse", Verb::may_refuse, Takes::numbers},
    {"either", Verb::either, Takes::numbers},
    {"told", Verb::told, Takes::nothing},
    {"answered", Verb::answered, Takes::nothing},
    {"reply", Verb::reply, Takes::text},
    {"handled", Verb::handled, Takes::numbers},
    {"ignored", Verb::ignored, Takes::numbers},
    {"ponged", Verb::ponged, Takes::text},
    {"each-ponged", Verb::each_ponged, Takes::count},
    {"soon", Verb::soon, Takes::time_text},
    {"echoed", Verb::echoed, Takes::numbers},
    {"failed", Verb::failed, Takes::numbers},
    {"closed", Verb::closed, Takes::nothing},
    {"closes", Verb::closes, Takes::nothing},
    {"settle", Verb::settle, Takes::time},
    {"not-ponged", Verb::not_ponged, Takes::text},
    {"not-echoed", Verb::not_echoed, Takes::nothing},
    {"one-close", Verb::one_close, Takes::nothing},
    {"ended", Verb::ended, Takes::times},
    {"not-ended", Verb::not_ended, Takes::time},
    {"no-answer", Verb::no_answer, Takes::time},
    {"tell-pings", Verb::tell_pings, Takes::time},
    {"tell-end", Verb::tell_end, Takes::time},
    {"tell", Verb::tell, Takes::time},
    {"tell-close", Verb::tell_close, Takes::nothing},
    {"tell-idle", Verb::tell_idle, Takes::time},
    {"tell-echo", Verb::tell_echo, Takes::time},
    {"beats", Verb::beats, Takes::count_time},
    {"measured", Verb::measured, Takes::text},
    {"endless", Verb::endless, Takes::time},
    {"lives", Verb::lives, Takes::nothing},
    {"agree", Verb::agree, Takes::text},
    {"answer", Verb::answer, Takes::text},
    {"asked", Verb::asked, Takes::nothing},
    {"request", Verb::request, Takes::text},
    {"silent", Verb::silent, Takes::time},
    {"rejected", Verb::rejected, Takes::nothing},
    {"may-reject", Verb::may_reject, Takes::nothing},
    {"tell-open", Verb::tell_open, Takes::nothing},
    {"tell-redirect", Verb::tell_redirect, Takes::nothing},
    {"backoff", Verb::backoff, Takes::nothing},
    {"unasked", Verb::unasked, Takes::nothing},
};

std::string_view trimmed(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string_view take_word(std::string_view& text) noexcept {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  text = trimmed(text);
  return word;
}

template <typename Number>
bool read_number(std::string_view text, Number& number, int base = 10) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_time(std::string_view text, base::Duration& time) noexcept {
  std::uint32_t milliseconds = 0;
  if (!read_number(text, milliseconds)) return false;
  time = std::chrono::milliseconds(milliseconds);
  return true;
}

bool read_count(std::string_view& text, std::uint64_t& count) noexcept { return read_number(take_word(text), count); }

bool read_numbers(std::string_view text, std::vector<std::uint16_t>& numbers) {
  while (!text.empty()) {
    std::uint16_t number = 0;
    if (!read_number(take_word(text), number)) return false;
    numbers.push_back(number);
  }
  return true;
}

bool read_mask(std::string_view text, Step& step) {
  step.mask_given = true;
  if (text == "no") return true;
  if (text == "yes") {
    step.header.mask = ws::MaskKey{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};
    return true;
  }
  const auto bytes = base::hex_decode(text);
  if (!bytes || bytes->size() != 4) return false;
  ws::MaskKey key{};
  std::copy_n(base::as_bytes(*bytes).begin(), key.size(), key.begin());
  step.header.mask = key;
  return true;
}

// One of the words of a frame that have a =; nothing if it is none.
std::optional<bool> read_frame_word(std::string_view word, Step& step) {
  const std::string_view name = word.substr(0, word.find('='));
  const std::string_view value = name.size() < word.size() ? word.substr(name.size() + 1) : std::string_view();
  if (name == "fin") {
    step.header.fin = value != "0";
    return true;
  }
  if (name == "rsv") {
    unsigned bits = 0;
    if (!read_number(value, bits) || bits > 7) return false;
    step.header.rsv = static_cast<ws::Rsv>(bits);
    return true;
  }
  if (name == "mask") return read_mask(value, step);
  if (name == "len") {
    step.length_given = true;
    return read_number(value, step.header.length);
  }
  if (name == "form") {
    step.header.form = value == "16" ? ws::LengthForm::bits_16 : ws::LengthForm::bits_64;
    return true;
  }
  return std::nullopt;
}

bool read_frame(std::string_view text, Step& step) {
  while (!text.empty()) {
    std::string_view rest = text;
    const std::string_view word = take_word(rest);
    if (word.find('=') == std::string_view::npos) break;
    const auto read = read_frame_word(word, step);
    if (!read) break;
    if (!*read) return false;
    text = rest;
  }
  step.text = text;
  return true;
}

bool read_opcode(std::string_view word, std::string_view& rest, Step& step) {
  if (word == "text") step.header.opcode = 1;
  if (word == "binary") step.header.opcode = 2;
  if (word == "ping") step.header.opcode = 9;
  if (word == "pong") step.header.opcode = 10;
  if (word != "frame") return true;
  return read_number(take_word(rest), step.header.opcode, 16) && step.header.opcode < 16;
}

bool read_arguments(const Word& word, std::string_view rest, Step& step) {
  switch (word.takes) {
    case Takes::nothing:
      return rest.empty();
    case Takes::text:
      step.text = rest;
      return true;
    case Takes::count:
      return read_count(rest, step.count) && rest.empty();
    case Takes::count_text:
      step.length_given = rest.starts_with('/');  // a number of parts
      if (step.length_given) rest.remove_prefix(1);
      if (!read_count(rest, step.count) || step.count == 0) return false;
      step.text = rest;
      return !rest.empty();
    case Takes::count_time:
      return read_count(rest, step.count) && step.count > 0 && read_time(rest, step.time);
    case Takes::numbers:
      return read_numbers(rest, step.numbers);
    case Takes::time:
      return read_time(rest, step.time);
    case Takes::times: {
      const std::string_view first = take_word(rest);
      step.other_time = {};
      return read_time(first, step.time) && (rest.empty() || read_time(rest, step.other_time));
    }
    case Takes::time_text: {
      const std::string_view first = take_word(rest);
      step.text = rest;
      return read_time(first, step.time);
    }
    case Takes::frame:
      return read_opcode(word.name, rest, step) && read_frame(rest, step);
    case Takes::close:
      step.header.opcode = 8;
      if (rest.empty()) return true;
      step.length_given = true;  // there is a code
      if (!read_count(rest, step.count) || step.count > 0xffff) return false;
      step.text = rest;
      return true;
    case Takes::repeated:
      break;
  }
  return false;
}

bool read_step(std::string_view text, Step& step) {
  std::string_view rest = text;
  const std::string_view name = take_word(rest);
  const auto* word =
      std::find_if(std::begin(words), std::end(words), [&](const Word& one) { return one.name == name; });
  if (word == std::end(words)) return false;
  if (word->takes == Takes::repeated) {
    std::uint64_t count = 0;
    if (!read_count(rest, count) || !read_step(rest, step) || step.verb != Verb::frame) return false;
    step.verb = Verb::repeated;
    step.count = count;
    return true;
  }
  step.verb = word->verb;
  return read_arguments(*word, rest, step);
}

std::string filled(std::uint64_t size, bool binary) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Not of a length that fits a window or a buffer, so that what is lost or repeated shows.
    text[i] = binary ? static_cast<char>((i * 7 + i / 251) & 0xff) : static_cast<char>('a' + (i + i / 97) % 26);
  }
  return text;
}

}  // namespace

base::Result<std::vector<Step>> parse_program(std::string_view program) {
  std::vector<Step> steps;
  while (!trimmed(program).empty()) {
    const std::string_view text = program.substr(0, program.find('|'));
    program.remove_prefix(std::min(text.size() + 1, program.size()));
    Step step;
    if (!read_step(trimmed(text), step)) return base::usage_error("no step: \"" + std::string(trimmed(text)) + "\"");
    steps.push_back(std::move(step));
  }
  return steps;
}

base::Result<std::string> read_payload(std::string_view text) {
  constexpr std::string_view fill = "fill:";
  constexpr std::string_view hex = "hex:";
  constexpr std::string_view zeros = "zeros:";
  if (text.starts_with(zeros)) {
    std::uint64_t size = 0;
    if (!read_number(text.substr(zeros.size()), size)) return base::usage_error("no number: " + std::string(text));
    return std::string(size, '\0');
  }
  if (text.starts_with(fill)) {
    text.remove_prefix(fill.size());
    const std::string_view number = text.substr(0, text.find(':'));
    std::uint64_t size = 0;
    if (!read_number(number, size)) return base::usage_error("no number of bytes: " + std::string(text));
    return filled(size, number.size() < text.size());
  }
  if (text.starts_with(hex)) {
    auto bytes = base::hex_decode(text.substr(hex.size()));
    if (!bytes) return base::usage_error("no bytes: " + std::string(text));
    return *std::move(bytes);
  }
  return base::unescape(text);
}

}  // namespace wscope::check
