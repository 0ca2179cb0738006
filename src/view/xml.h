// Text for XML 1.0.
#pragma once

#include <string>
#include <string_view>

namespace wscope::view {

/// `text` for the inside of an element. What XML cannot hold is written out, as escape() does; line breaks stay.
[[nodiscard]] std::string xml_text(std::string_view text);

/// " name="value"", where white space is written out.
[[nodiscard]] std::string xml_attribute(std::string_view name, std::string_view value);

}  // namespace wscope::view
