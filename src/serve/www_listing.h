// A folder as a page.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "serve/www_folder.h"

namespace wscope::serve {

/// So many names are on it, if they are not so long that it would have more bytes.
inline constexpr std::size_t most_listed = 10'000;
inline constexpr std::size_t longest_listing = std::size_t{2} << 20;

/// The page, in HTML, of the folder at `path`, which is below the one that is served; empty: that itself. Names say
/// nothing but what they are, whatever is in them.
[[nodiscard]] std::string write_listing(std::string_view path, const WwwEntries& list);

}  // namespace wscope::serve
