// The arguments of wscope connect.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// `other_names`: long options, without dashes, that may have been meant by one that does not exist.
[[nodiscard]] base::Result<Command> parse_connect(const std::vector<std::string>& arguments, Place place,
                                                  const std::vector<std::string_view>& other_names = {});

}  // namespace wscope::cli
