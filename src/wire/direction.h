// Which way something went.
#pragma once

namespace wscope::wire {

enum class Direction : unsigned char { in, out };

}  // namespace wscope::wire
