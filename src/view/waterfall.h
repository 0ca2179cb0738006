// How long the way to an open connection took, for a person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace wscope::view {

/// How long each part of the way took, in this order; nothing for a part that there was not.
struct Timing {
  std::optional<base::Duration> dns{};
  std::optional<base::Duration> tcp{};
  std::optional<base::Duration> proxy{};  ///< TLS to it included
  std::optional<base::Duration> tls{};
  std::optional<base::Duration> upgrade{};  ///< from the request to the answer
};

/// A line for each part that there was: its name, milliseconds, and a bar from where it began to where it ended.
///
///     DNS          0.31 ms |====                |
///     TCP          1.20 ms |    ================|
[[nodiscard]] std::vector<std::string> waterfall(const Timing& timing);

}  // namespace wscope::view
