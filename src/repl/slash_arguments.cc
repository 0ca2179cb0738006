#include "repl/slash_arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/decimal.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "net/file.h"
#include "repl/words.h"
#include "wire/frame_writer.h"
#include "ws/frame.h"
#include "ws/mask.h"

namespace wscope::repl {
namespace {

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Also as 0x00ff and as 00:ff.
base::Result<std::string> decode_hex(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::string digits(text);
  if (digits.find("::") == std::string::npos && !digits.starts_with(':') && !digits.ends_with(':')) {
    std::replace(digits.begin(), digits.end(), ':', ' ');
  }
  auto bytes = base::hex_decode(digits);
  if (!bytes) return base::usage_error("wants pairs of hexadecimal digits");
  return std::move(*bytes);
}

base::Result<std::string> decode_base64(std::string_view text) {
  const auto bytes = base::base64_decode(text);
  if (!bytes) return base::usage_error("base64: is not base64");
  return std::string(base::as_text(*bytes));
}

constexpr std::string_view hex_prefix = "hex:";
constexpr std::string_view base64_prefix = "base64:";

// What stands for bytes in the same way everywhere; nothing if it is something else.
std::optional<base::Result<std::string>> parse_marked_bytes(std::string_view text, std::size_t most, const Fill& fill) {
  constexpr std::string_view of_file = "@";
  for (const std::string_view prefix : {of_file, base64_prefix, hex_prefix}) {
    if (!text.starts_with(prefix)) continue;
    const auto rest = fill(text.substr(prefix.size()));
    if (!rest) return base::Result<std::string>(rest.error());
    if (prefix == of_file) return net::read_regular_file(expand_home(*rest), most);
    return prefix == hex_prefix ? decode_hex(*rest) : decode_base64(*rest);
  }
  return std::nullopt;
}

// The payload of a Close that is typed as a code and a reason; nothing if it is not.
std::optional<base::Result<std::string>> close_payload(std::string_view text, const Fill& fill) {
  const auto code = parse_number(take_word(text));
  if (!code || *code > 0xffff) return std::nullopt;
  const auto reason = fill(text);
  if (!reason) return reason;
  return std::string{static_cast<char>(*code >> 8), static_cast<char>(*code & 0xff)} + *reason;
}

base::Result<std::string> parse_payload(std::uint8_t opcode, std::string_view text, std::size_t most,
                                        const Fill& fill) {
  if (auto marked = parse_marked_bytes(text, most, fill)) return std::move(*marked);
  if (opcode == static_cast<std::uint8_t>(ws::Opcode::close)) {
    if (auto payload = close_payload(text, fill)) return std::move(*payload);
  }
  return fill(text);
}

// What a frame is to be like, as it was typed.
struct FrameChoices {
  FrameArguments frame;
  std::optional<std::uint64_t> length;
  std::optional<ws::LengthForm> form;
};

std::optional<std::uint8_t> parse_opcode(std::string_view text) noexcept {
  struct Name {
    std::string_view name;
    std::uint8_t opcode;
  };
  constexpr std::array<Name, 7> names = {
      {{"cont", 0}, {"continuation", 0}, {"text", 1}, {"binary", 2}, {"close", 8}, {"ping", 9}, {"pong", 10}}};
  for (const Name& name : names) {
    if (name.name == text) return name.opcode;
  }
  const auto number = parse_number(text);
  if (!number || *number > 15) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

base::Result<void> choose_mask(std::string_view value, std::optional<ws::MaskKey>& mask) {
  mask.reset();
  if (value == "no" || value == "0") return {};
  const auto key = base::hex_decode(value);
  if (!key || key->size() != mask.emplace().size()) return base::usage_error("mask wants no or 8 hexadecimal digits");
  std::memcpy(mask->data(), key->data(), key->size());
  return {};
}

std::optional<ws::LengthForm> form_of(std::uint64_t width) noexcept {
  if (width == 7) return ws::LengthForm::bits_7;
  if (width == 16) return ws::LengthForm::bits_16;
  if (width == 64) return ws::LengthForm::bits_64;
  return std::nullopt;
}

// One NAME=VALUE. False if it is none, so that the payload begins here.
base::Result<bool> choose(std::string_view word, FrameChoices& choices) {
  const std::string_view name = word.substr(0, word.find('='));
  if (name.size() == word.size()) return false;
  const std::string_view value = word.substr(name.size() + 1);
  if (name == "mask") {
    if (auto chosen = choose_mask(value, choices.frame.header.mask); !chosen) return std::move(chosen).error();
    choices.frame.masked_by_role = false;
    return true;
  }
  if (name != "fin" && name != "rsv" && name != "len" && name != "width") return false;
  const auto number = parse_number(value);
  if (!number) return base::usage_error(std::string(name) + " wants a number");
  if (name == "fin") {
    if (*number > 1) return base::usage_error("fin is 0 or 1");
    choices.frame.header.fin = *number == 1;
  } else if (name == "rsv") {
    if (*number > 7) return base::usage_error("rsv is a number from 0 to 7");
    choices.frame.header.rsv = static_cast<ws::Rsv>(*number);
  } else if (name == "len") {
    choices.length = *number;
  } else {
    choices.form = form_of(*number);
    if (!choices.form) return base::usage_error("width is 7, 16 or 64");
  }
  return true;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<base::Duration> parse_seconds(std::string_view text) {
  constexpr double longest = 86'400;
  const auto seconds = base::parse_decimal(text);
  if (!seconds || *seconds < 0 || *seconds > longest) return std::nullopt;
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(*seconds));
}

base::Result<talk::Match> parse_match(std::string_view text, talk::Source::Names names) {
  if (text.empty()) return base::usage_error("wants a MATCH");
  if (!base::is_utf8(base::as_bytes(text))) return base::usage_error("not UTF-8");
  return talk::Match::parse_argument(text, names);
}

base::Result<bool> parse_switch(std::string_view text, bool now) {
  if (text.empty()) return !now;
  if (text == "on") return true;
  if (text == "off") return false;
  return base::usage_error("wants on or off, not " + in_quotes(text));
}

base::Result<std::string> as_it_stands(std::string_view text) { return std::string(text); }

base::Result<std::string> parse_bytes(std::string_view text, std::size_t most, const Fill& fill) {
  if (auto marked = parse_marked_bytes(text, most, fill)) return std::move(*marked);
  const auto digits = fill(text);
  return digits ? decode_hex(*digits) : digits;
}

base::Result<std::string> parse_data(std::string_view text, std::size_t most, const Fill& fill) {
  if (auto marked = parse_marked_bytes(text, most, fill)) return std::move(*marked);
  return fill(text);
}

base::Result<CloseArguments> parse_close(std::string_view text) {
  CloseArguments arguments;
  if (text.empty()) return arguments;
  const std::string_view word = take_word(text);
  const auto code = parse_number(word);
  if (!code || *code > 0xffff) return base::usage_error(in_quotes(word) + " is no close code");
  if (text.size() > ws::max_control_payload - 2) return base::usage_error("the reason has more than 123 bytes");
  if (!base::is_utf8(base::as_bytes(text))) return base::usage_error("the reason is not UTF-8");
  arguments.code = ws::CloseCode{static_cast<std::uint16_t>(*code)};
  arguments.reason = text;
  return arguments;
}

base::Result<FragmentArguments> parse_fragment(std::string_view text) {
  const auto size = parse_number(take_word(text));
  if (!size || *size == 0) return base::usage_error("SIZE is a number of bytes from 1");
  return FragmentArguments{static_cast<std::size_t>(*size), text};
}

base::Result<FrameArguments> parse_frame(std::string_view text, std::size_t most, const Fill& fill) {
  const std::string_view word = take_word(text);
  if (word.empty()) return base::usage_error("wants an opcode");
  const auto opcode = parse_opcode(word);
  if (!opcode) return base::usage_error(in_quotes(word) + " is no opcode");
  FrameChoices choices;
  choices.frame.header.opcode = *opcode;
  for (std::string_view rest = text; !rest.empty(); text = rest) {
    const auto chosen = choose(take_word(rest), choices);
    if (!chosen) return chosen.error();
    if (!*chosen) break;
  }
  FrameArguments& frame = choices.frame;
  auto payload = parse_payload(*opcode, text, most, fill);
  if (!payload) return std::move(payload).error();
  frame.payload = std::move(payload).value();
  wire::Header& header = frame.header;
  header.length = choices.length.value_or(frame.payload.size());
  header.form = choices.form.value_or(ws::shortest_form(header.length));
  if (!wire::has_room(header.form, header.length)) {
    const std::string_view width = header.form == ws::LengthForm::bits_7 ? "7" : "16";
    return base::usage_error("such a length does not fit in " + std::string(width) + " bits");
  }
  return std::move(frame);
}

}  // namespace wscope::repl
