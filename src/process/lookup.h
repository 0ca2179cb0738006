// Where a program is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace wscope::process {

/// The absolute path of the program of that name: one with a slash is a path from here, of others the first is taken
/// that is in a folder of `path`, PATH's value, and may be executed. An error of kind io: there is none, it is no file,
/// or it may not be executed.
[[nodiscard]] base::Result<std::string> find_program(const std::string& name, std::string_view path);

/// PATH's value, or what it is for shells if there is none.
[[nodiscard]] std::string search_path();

}  // namespace wscope::process
