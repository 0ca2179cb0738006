// Anything that may be asked to be encoded.
#pragma once

#include <random>
#include <string>

#include "decode/plan.h"
#include "wire/frame_writer.h"
#include "ws/frame.h"

namespace wscope::test {

/// A frame as /frame makes them: any opcode and bits, a length that need not be true in any form that has room for it.
inline decode::StoredFrame random_frame(std::mt19937& random) {
  constexpr std::size_t sizes[] = {0, 1, 5, 125, 126, 127, 300, 65535, 65536};
  constexpr ws::LengthForm forms[] = {ws::LengthForm::bits_7, ws::LengthForm::bits_16, ws::LengthForm::bits_64};
  decode::StoredFrame frame;
  frame.header.opcode = static_cast<std::uint8_t>(random() % 16);
  frame.header.fin = random() % 2 == 0;
  frame.header.rsv = static_cast<ws::Rsv>(random() % 8);
  frame.masked_by_role = false;
  if (random() % 2 == 0) {
    for (std::byte& byte : frame.header.mask.emplace()) byte = static_cast<std::byte>(random());
  }
  frame.payload.resize(sizes[random() % (random() % 10 == 0 ? 9 : 7)]);
  for (char& c : frame.payload) c = static_cast<char>(random());
  frame.header.length = random() % 3 == 0 ? random() % 70000 : frame.payload.size();
  if (random() % 50 == 0) frame.header.length = (std::uint64_t{random()} << 32U) | random();
  frame.header.form = forms[random() % 3];
  // In seven bits these two say that another form follows.
  const bool has_room = frame.header.form == ws::LengthForm::bits_7
                            ? frame.header.length <= ws::max_control_payload
                            : wire::has_room(frame.header.form, frame.header.length);
  if (!has_room) frame.header.form = ws::shortest_form(frame.header.length);
  return frame;
}

/// A message or a control frame.
inline wire::StoredInstruction random_event(std::mt19937& random) {
  constexpr ws::Opcode opcodes[] = {ws::Opcode::text, ws::Opcode::binary, ws::Opcode::ping, ws::Opcode::pong,
                                    ws::Opcode::close};
  wire::StoredInstruction event{opcodes[random() % 5]};
  const bool is_control = ws::is_control(event.opcode);
  event.payload.resize(random() % (is_control ? 124 : 1000));
  for (char& c : event.payload) c = static_cast<char>('a' + random() % 26);
  if (event.opcode == ws::Opcode::close) {
    event.code = ws::CloseCode{static_cast<std::uint16_t>(random())};
  }
  return event;
}

}  // namespace wscope::test
