// What this program is: the one place that knows.
#pragma once

#include <string>

namespace wscope::cli {

/// Four lines, as --version prints them: the version, which between two releases is X.Y.Z-dev.N+gHASH[.dirty]; the
/// commit and its date (or SOURCE_DATE_EPOCH of the build), each "unknown" if it was so; the libraries with the
/// versions they have now, which need not be those of the build; what was built in.
[[nodiscard]] std::string version_text();

}  // namespace wscope::cli
