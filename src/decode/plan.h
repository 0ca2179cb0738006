// What wscope decode and wscope encode are to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "view/style.h"
#include "wire/frame.h"
#include "wire/stored_instruction.h"
#include "ws/deflate_parameters.h"
#include "ws/mask.h"
#include "ws/opcode.h"

namespace wscope::decode {

/// What the input is.
enum class InputKind : std::uint8_t {
  automatic,
  hex,     ///< text, in any usual shape
  base64,  ///< text
  raw,     ///< the bytes themselves
  json,    ///< lines of our events
  pcap,    ///< a capture: pcap or pcapng
  har,     ///< what a browser saved
};

struct DecodePlan {
  std::string file = "-";  ///< -: stdin
  InputKind from = InputKind::automatic;
  std::optional<ws::Role> role{};                  ///< of who has sent it; nothing: it shows
  std::optional<ws::DeflateParameters> deflate{};  ///< agreed on; nothing: a head tells
  std::optional<std::uint16_t> port{};             ///< of a capture, only connections of which one side has it
  std::optional<std::uint64_t> stream{};           ///< of a capture or HAR, only the connection of this number
  std::size_t dump_size = 256;                     ///< bytes of a frame that are printed
  bool json = false;
  bool counts = false;  ///< numbers, instead of frames
  bool strict = false;  ///< what has no end is a violation, too
  view::ColorChoice color = view::ColorChoice::automatic;
};

/// Any frame, legal or not.
struct StoredFrame {
  wire::Header header{};
  bool masked_by_role = true;  ///< the key is not that of the header
  std::string payload{};
};

enum class OutputKind : std::uint8_t { hex, raw, base64, c };

struct EncodePlan {
  using Item = std::variant<wire::StoredInstruction, StoredFrame>;
  std::vector<Item> items{};
  bool reads_json = false;  ///< items are lines of stdin
  ws::Role role = ws::Role::client;
  enum class Masking : std::uint8_t { by_role, none, random, key };
  Masking masking = Masking::by_role;  ///< of frames that say nothing else
  ws::MaskKey key{};
  std::optional<std::size_t> fragment{};  ///< bytes of each part of a message; nothing: it is in one
  std::optional<ws::DeflateParameters> deflate{};
  OutputKind out = OutputKind::hex;
};

}  // namespace wscope::decode
