// For whom something is meant, in words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "view/json_events.h"

namespace wscope::test {

/// " to 3", " to 1,2", " to none", " but 4", " to 1,2 but 1"; empty: to all.
inline std::string in_words(const view::Recipients& recipients) {
  const auto list = [](const std::vector<std::uint64_t>& numbers) {
    std::string text;
    for (const std::uint64_t number : numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
    return text.empty() ? "none" : text;
  };
  std::string words;
  if (recipients.only) words += " to " + list(*recipients.only);
  if (!recipients.except.empty()) words += " but " + list(recipients.except);
  return words;
}

}  // namespace wscope::test
