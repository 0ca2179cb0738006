// What an input asks to be sent, in words.
#pragma once

#include <string>

#include "streams/input_source.h"
#include "unit/wire/instructions.h"

namespace wscope::test {

/// As for its instruction; "… to 3" if it is meant for one client.
inline std::string in_words(const streams::InputItem& item) {
  const std::string words = in_words(item.instruction);
  return item.connection ? words + " to " + std::to_string(*item.connection) : words;
}

}  // namespace wscope::test
