#include "repl/slash_arguments.h"

#include <array>
#include <charconv>
#include <cstring>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "repl/words.h"
#include "ws/frame.h"
#include "ws/mask.h"

namespace wscope::repl {
namespace {

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

base::Result<std::string> decode_hex(std::string_view text) {
  auto bytes = base::hex_decode(text);
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
std::optional<base::Result<std::string>> parse_marked_bytes(std::string_view text, std::size_t most) {
  if (text.starts_with('@')) return base::read_regular_file(expand_home(text.substr(1)), most);
  if (text.starts_with(base64_prefix)) return decode_base64(text.substr(base64_prefix.size()));
  if (text.starts_with(hex_prefix)) return decode_hex(text.substr(hex_prefix.size()));
  return std::nullopt;
}

// What a frame is to be like, as it was typed.
struct FrameChoices {
  std::uint8_t opcode = 0;
  bool fin = true;
  ws::Rsv rsv = 0;
  std::optional<ws::MaskKey> mask;
  std::optional<std::uint64_t> length;
  std::size_t width = 0;  // bits of the length; 0: as few as will do
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

base::Result<void> choose_mask(std::string_view value, FrameChoices& choices) {
  choices.mask.reset();
  if (value == "no" || value == "0") return {};
  const auto key = base::hex_decode(value);
  if (!key || key->size() != choices.mask.emplace().size())
    return base::usage_error("mask wants no or 8 hexadecimal digits");
  std::memcpy(choices.mask->data(), key->data(), key->size());
  return {};
}

// One NAME=VALUE. False if it is none, so that the payload begins here.
base::Result<bool> choose(std::string_view word, FrameChoices& choices) {
  const std::string_view name = word.substr(0, word.find('='));
  if (name.size() == word.size()) return false;
  const std::string_view value = word.substr(name.size() + 1);
  if (name == "mask") {
    if (auto chosen = choose_mask(value, choices); !chosen) return std::move(chosen).error();
    return true;
  }
  if (name != "fin" && name != "rsv" && name != "len" && name != "width") return false;
  const auto number = parse_number(value);
  if (!number) return base::usage_error(std::string(name) + " wants a number");
  if (name == "fin") {
    if (*number > 1) return base::usage_error("fin is 0 or 1");
    choices.fin = *number == 1;
  } else if (name == "rsv") {
    if (*number > 7) return base::usage_error("rsv is a number from 0 to 7");
    choices.rsv = static_cast<ws::Rsv>(*number);
  } else if (name == "len") {
    choices.length = *number;
  } else {
    if (*number != 7 && *number != 16 && *number != 64) return base::usage_error("width is 7, 16 or 64");
    choices.width = static_cast<std::size_t>(*number);
  }
  return true;
}

// The header as write_frame_header() has it, but for the width of the length.
base::Result<std::string> header_of(const FrameChoices& choices, std::uint64_t length) {
  const std::size_t fits = length <= 125 ? 7 : length <= 0xffff ? 16 : 64;
  const std::size_t width = choices.width == 0 ? fits : choices.width;
  if (width == 7 && length > 127) return base::usage_error("such a length does not fit in 7 bits");
  if (width == 16 && length > 0xffff) return base::usage_error("such a length does not fit in 16 bits");
  const unsigned mask_bit = choices.mask ? 0x80U : 0U;
  std::string header;
  header += static_cast<char>((choices.fin ? 0x80U : 0U) | (static_cast<unsigned>(choices.rsv) << 4U) | choices.opcode);
  header += static_cast<char>(mask_bit | (width == 7 ? static_cast<unsigned>(length) : width == 16 ? 126U : 127U));
  for (std::size_t bits = width == 7 ? 0 : width; bits > 0; bits -= 8) {
    header += static_cast<char>((length >> (bits - 8)) & 0xffU);
  }
  if (choices.mask) header += base::as_text(*choices.mask);
  return header;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

base::Result<bool> parse_switch(std::string_view text, bool now) {
  if (text.empty()) return !now;
  if (text == "on") return true;
  if (text == "off") return false;
  return base::usage_error("wants on or off, not " + in_quotes(text));
}

base::Result<std::string> parse_bytes(std::string_view text, std::size_t most) {
  if (auto marked = parse_marked_bytes(text, most)) return std::move(*marked);
  return decode_hex(text);
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

base::Result<std::string> parse_frame(std::string_view text, ws::Role role, base::RandomSource& random,
                                      std::size_t most) {
  const std::string_view word = take_word(text);
  if (word.empty()) return base::usage_error("wants an opcode");
  const auto opcode = parse_opcode(word);
  if (!opcode) return base::usage_error(in_quotes(word) + " is no opcode");
  FrameChoices choices;
  choices.opcode = *opcode;
  if (role == ws::Role::client) random.fill(choices.mask.emplace());
  for (std::string_view rest = text; !rest.empty(); text = rest) {
    const auto chosen = choose(take_word(rest), choices);
    if (!chosen) return chosen.error();
    if (!*chosen) break;
  }
  std::string payload(text);
  if (auto marked = parse_marked_bytes(text, most)) {
    if (!*marked) return std::move(*marked).error();
    payload = std::move(**marked);
  }
  auto frame = header_of(choices, choices.length.value_or(payload.size()));
  if (!frame) return frame;
  const std::size_t header = frame->size();
  *frame += payload;
  if (choices.mask) {
    const std::span bytes(frame->data() + header, payload.size());
    ws::apply_mask(std::as_writable_bytes(bytes), *choices.mask);
  }
  return frame;
}

}  // namespace wscope::repl
