// What is different between two texts.
#pragma once

#include <string>
#include <string_view>

namespace wscope::view {

/// A unified diff of the lines of two texts, with three lines around each difference:
///
///     --- #12
///     +++ #14
///     @@ -1,2 +1,2 @@
///      {
///     -  "id": 1
///     +  "id": 2
///
/// Nothing if they are equal. The fewest differences are found if there are not too many; else it says that all between
/// the first and the last one is different, so that time and memory are bounded.
[[nodiscard]] std::string unified_diff(std::string_view from, std::string_view to, std::string_view name_from,
                                       std::string_view name_to);

}  // namespace wscope::view
