#include "decode/base64_form.h"

#include <string_view>

namespace wscope::decode {
namespace {

constexpr std::size_t flushed_at = std::size_t{64} << 10;

// -1: it is none.
constexpr std::array<std::int8_t, 256> digits = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  std::int8_t value = 0;
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")) {
    values[static_cast<unsigned char>(c)] = value++;
  }
  values['-'] = 62;
  values['_'] = 63;
  return values;
}();

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

base::Result<void> Base64Form::receive(base::Bytes piece) {
  for (const char c : base::as_text(piece)) {
    if (auto taken = take(c); !taken) {
      flush();
      return taken;
    }
    position_.pass(c);
    if (bytes_.size() >= flushed_at) flush();
  }
  flush();
  return {};
}

base::Result<void> Base64Form::take(char c) {
  if (is_space(c)) return {};
  if (c == '=') {
    ++padding_;
    if (digits_ < 2 || digits_ + padding_ > 4) return error_at(position_, "padding that belongs to nothing");
    return digits_ + padding_ == 4 ? finish_group() : base::Result<void>();
  }
  const int value = digits[static_cast<unsigned char>(c)];
  if (value < 0) return error_at(position_, quote(c) + " is not base64");
  if (padding_ > 0) return error_at(position_, quote(c) + " behind padding that is too short");
  bits_ = bits_ << 6U | static_cast<std::uint32_t>(value);
  return ++digits_ == 4 ? finish_group() : base::Result<void>();
}

base::Result<void> Base64Form::finish_group() {
  const unsigned size = digits_ * 6 / 8;
  const unsigned spare = digits_ * 6 % 8;
  if ((bits_ & ((1U << spare) - 1)) != 0) return error_at(position_, "the bits behind the last byte are not zero");
  bits_ >>= spare;
  for (unsigned i = size; i-- > 0;) bytes_ += static_cast<char>(bits_ >> 8 * i & 0xffU);
  bits_ = digits_ = padding_ = 0;
  return {};
}

base::Result<void> Base64Form::receive_eof() {
  if (digits_ == 1 || (padding_ > 0 && digits_ + padding_ < 4)) return error_at(position_, "the end is missing");
  if (digits_ > 0) {
    if (auto finished = finish_group(); !finished) return finished;
  }
  flush();
  return {};
}

void Base64Form::flush() {
  report_.receive({}, base::as_bytes(bytes_), offset_);
  offset_ += bytes_.size();
  bytes_.clear();
}

}  // namespace wscope::decode
