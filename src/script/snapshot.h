// Messages as they are kept in a file to be compared with.
#pragma once

#include <string>
#include <vector>

#include "talk/match.h"
#include "talk/path.h"

namespace wscope::script {

/// What is in the file of a message: JSON indented, with "*" for what is excepted, or else all of it as it is. It ends
/// in a line feed.
[[nodiscard]] std::string snapshot_of(const talk::Message& message, const std::vector<talk::Path>& except);

}  // namespace wscope::script
