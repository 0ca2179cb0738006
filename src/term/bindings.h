// Tables of what keys do.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "term/edit_commands.h"
#include "term/key_code.h"

namespace wscope::term {

struct Binding {
  KeyCode code;
  commands::Command command;
};

/// Nothing if the table does not have the key.
template <std::size_t size>
[[nodiscard]] commands::Command find(const std::array<Binding, size>& table, KeyCode code) noexcept {
  const auto* row = std::find_if(table.begin(), table.end(), [&](const Binding& each) { return each.code == code; });
  return row == table.end() ? nullptr : row->command;
}

}  // namespace wscope::term
