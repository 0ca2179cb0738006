// Which rows are the ones that wscope is to be ahead of others in, by the clock: the group "times".
#pragma once

#include <string_view>

namespace wscope::bench {

[[nodiscard]] bool is_timed(std::string_view row);

}  // namespace wscope::bench
