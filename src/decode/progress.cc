#include "decode/progress.h"

#include <array>
#include <chrono>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "base/bytes.h"

namespace wscope::decode {
namespace {

constexpr std::chrono::milliseconds interval{250};
constexpr std::string_view erase = "\r\x1b[K";

}  // namespace

Progress::Progress(std::optional<std::uint64_t> size, bool is_wanted) : size_(size) {
  if (is_wanted && ::isatty(STDERR_FILENO) != 0) output_.emplace(net::SharedOutput::open(STDERR_FILENO));
}

void Progress::show(std::uint64_t bytes, base::TimePoint now) {
  if (!output_) return;
  if (!shown_at_) shown_at_ = now;  // what is soon over needs none
  if (now - *shown_at_ < interval) return;
  shown_at_ = now;
  is_shown_ = true;
  const std::string line = std::string(erase) + progress_in_words(bytes, size_);
  static_cast<void>(output_->write(base::as_bytes(line)));  // a terminal that is stuck misses it
}

void Progress::clear() {
  if (!is_shown_) return;
  is_shown_ = false;
  static_cast<void>(output_->write(base::as_bytes(erase)));
}

std::string size_in_words(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 6> units = {"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  auto size = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (size >= 999.95 && unit + 1 < units.size()) {
    size /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", size, units[unit]);
}

std::string progress_in_words(std::uint64_t bytes, std::optional<std::uint64_t> size) {
  if (!size || *size == 0) return size_in_words(bytes);
  return fmt::format("{} of {}, {} %", size_in_words(bytes), size_in_words(*size), bytes * 100 / *size);
}

}  // namespace wscope::decode
