#include "view/message_printer.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <string>
#include <string_view>

#include "base/base64.h"
#include "view/escape.h"
#include "view/hexdump.h"

namespace wscope::view {
namespace {

void append(base::Buffer& out, base::Bytes bytes) {
  const bool fits = out.append(bytes);
  assert(fits);  // its owner stops reading long before
  static_cast<void>(fits);
}

void append(base::Buffer& out, std::string_view text) { append(out, base::as_bytes(text)); }

std::string hex(base::Bytes bytes) {
  std::string text;
  append_hex(bytes, text);
  return text;
}

}  // namespace

void MessagePrinter::print(const ws::Message& message, base::Buffer& out) {
  switch (format_) {
    case MessageFormat::lines:
    case MessageFormat::nul:
      return print({&message, 1}, out);
    case MessageFormat::terminal:
      return print_for_terminal(message, out);
    case MessageFormat::raw:
      return append(out, message.data);
    case MessageFormat::hex:
      append(out, hex(message.data));
      if (message.finished) append(out, "\n");
      return;
    case MessageFormat::base64:
      return print_base64(message, out);
  }
}

void MessagePrinter::print(std::span<const ws::Message> messages, base::Buffer& out) {
  if (format_ != MessageFormat::lines && format_ != MessageFormat::nul) {
    for (const ws::Message& message : messages) print(message, out);
    return;
  }
  std::size_t most = messages.size();
  for (const ws::Message& message : messages) most += message.data.size();
  const base::MutableBytes room = out.prepare(most);
  assert(room.size() == most);
  if (room.size() != most) return;
  auto at = room.begin();
  for (const ws::Message& message : messages) {
    at = std::copy(message.data.begin(), message.data.end(), at);
    if (ends_in_byte(message)) *at++ = format_ == MessageFormat::nul ? std::byte{0} : std::byte{'\n'};
  }
  out.commit(static_cast<std::size_t>(at - room.begin()));
}

void MessagePrinter::print_for_terminal(const ws::Message& message, base::Buffer& out) {
  if (message.type == ws::Opcode::text) {
    append(out, escape(message.text(), LineBreaks::keep));
    if (message.finished) append(out, "\n");
    return;
  }
  if (message.first) offset_ = 0;
  append(out, hexdump(message.data, offset_));
  offset_ += message.data.size();
}

void MessagePrinter::print_base64(const ws::Message& message, base::Buffer& out) {
  base::Bytes data = message.data;
  if (message.first) group_size_ = 0;
  if (group_size_ > 0) {
    const base::Bytes missing = data.first(std::min(data.size(), group_.size() - group_size_));
    std::copy(missing.begin(), missing.end(), group_.data() + group_size_);
    group_size_ += missing.size();
    data = data.subspan(missing.size());
    if (group_size_ < group_.size() && !message.finished) return;
    append(out, base::base64_encode({group_.data(), group_size_}));
  }
  const base::Bytes left = data.last(message.finished ? 0 : data.size() % group_.size());
  append(out, base::base64_encode(data.first(data.size() - left.size())));
  std::copy(left.begin(), left.end(), group_.begin());
  group_size_ = left.size();
  if (message.finished) append(out, "\n");
}

}  // namespace wscope::view
