// What was meant by a word that is none of those that there are.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace wscope::view {

/// How many letters must be added, left out, exchanged for others or swapped with the next to make `b` of `a`, whatever
/// their case.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The one of `names` that was probably meant, the first of several that are as near; empty if none is: a beginning of
/// a name means that name, and a misspelt one is two letters from it at most, or one if it is short.
[[nodiscard]] std::string_view nearest(std::string_view typed, std::span<const std::string_view> names);

}  // namespace wscope::view
