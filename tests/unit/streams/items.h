// What an input asks to be sent, in words.
#pragma once

#include <string>

#include "streams/input_source.h"
#include "unit/view/recipients.h"
#include "unit/wire/instructions.h"

namespace wscope::test {

/// As for its instruction; "… to 3" if it is meant for one client, and so on.
inline std::string in_words(const streams::InputItem& item) {
  return in_words(item.instruction) + in_words(item.recipients);
}

}  // namespace wscope::test
