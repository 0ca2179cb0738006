// The standard streams of the process.
#pragma once

#include <string_view>

#include "view/style.h"

namespace wscope::streams {

/// Opens /dev/null, for reading only, as each standard stream that the process was started without, so that nothing
/// else gets its number: a closed stdin is at its end, and what is written to a closed stdout fails.
void fill_standard_streams() noexcept;

/// Writes all of `text` to stdout, before there is a loop; false if that is not possible, or if a signal that is caught
/// comes while its reader is waited for.
[[nodiscard]] bool print_out(std::string_view text);

/// The colours of a report that goes to stdout.
[[nodiscard]] view::Style style_of_stdout(view::ColorChoice choice);

}  // namespace wscope::streams
