// Which way something went.
#pragma once

namespace wscope::view {

enum class Direction : unsigned char { in, out };

}  // namespace wscope::view
