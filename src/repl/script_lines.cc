#include "repl/script_lines.h"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace wscope::repl {

ScriptLines::ScriptLines(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
  skip_empty_lines();
}

ScriptLines::Line ScriptLines::take() {
  assert(!empty());
  const std::size_t size = line_size();
  std::string_view line = std::string_view(text_).substr(position_, size);
  if (line.ends_with('\r')) line.remove_suffix(1);
  Line taken{std::string(line), fmt::format("{}:{}: ", path_, number_)};
  position_ = std::min(position_ + size + 1, text_.size());
  ++number_;
  skip_empty_lines();
  return taken;
}

// Of the line at the position, without its LF.
std::size_t ScriptLines::line_size() const noexcept {
  return std::min(text_.find('\n', position_), text_.size()) - position_;
}

void ScriptLines::skip_empty_lines() noexcept {
  while (!empty()) {
    const std::size_t size = line_size();
    const bool only_cr = size == 1 && text_[position_] == '\r';
    if (size > 0 && !only_cr) return;
    position_ = std::min(position_ + size + 1, text_.size());
    ++number_;
  }
}

}  // namespace wscope::repl
