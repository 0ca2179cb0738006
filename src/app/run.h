// The program.
#pragma once

#include <string>
#include <vector>

namespace wscope::app {

/// Does what the arguments (without the program's name) ask for, and returns the exit status.
[[nodiscard]] int run(const std::vector<std::string>& arguments);

}  // namespace wscope::app
