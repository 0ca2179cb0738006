#include "cli/message_argument.h"

#include <utility>

#include "cli/parsing.h"

namespace wscope::cli {

base::Result<std::optional<link::Saying>> read_saying(OptionName option, const std::string& typed, std::size_t at,
                                                      const session::InputShape& input, bool binary,
                                                      const link::Nameable* known) {
  auto read = link::read_saying(typed, at, input, binary, known, option.text());
  if (read) return read;
  base::Error error = std::move(read).error();
  if (error.kind == base::ErrorKind::usage && error.hint.empty()) error.hint = help_hint;
  return error;
}

}  // namespace wscope::cli
