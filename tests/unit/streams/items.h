// What an input asks to be sent, in words.
#pragma once

#include <string>

#include "streams/input_source.h"
#include "unit/ws/bytes.h"

namespace wscope::test {

/// "text hello", "binary 00ff", "ping x", "close 1000 bye", "close"; "… to 3" if it is meant for one client. A piece
/// that does not end its message is marked "+".
inline std::string in_words(const streams::InputItem& item) {
  using Kind = streams::InputItem::Kind;
  const std::string payload(base::as_text(item.payload));
  std::string words;
  switch (item.kind) {
    case Kind::data:
      words = item.type == ws::Opcode::text ? "text " + payload : "binary " + hex(payload);
      break;
    case Kind::ping:
      words = "ping " + payload;
      break;
    case Kind::pong:
      words = "pong " + payload;
      break;
    case Kind::close:
      words = "close";
      if (item.code) words += " " + std::to_string(item.code->value) + " ";
      words += item.reason;
      break;
  }
  if (item.connection) words += " to " + std::to_string(*item.connection);
  return item.finished ? words : words + "+";
}

}  // namespace wscope::test
