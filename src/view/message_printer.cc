#include "view/message_printer.h"

#include <algorithm>
#include <cassert>

#include "view/escape.h"
#include "view/hexdump.h"

namespace wscope::view {
namespace {

void append(base::Buffer& out, base::Bytes bytes) {
  const bool fits = out.append(bytes);
  assert(fits);  // its owner stops reading long before
  static_cast<void>(fits);
}

}  // namespace

void MessagePrinter::print(const ws::Message& message, base::Buffer& out) {
  if (surface_ == Surface::terminal) return print_on_terminal(message, out);
  append(out, message.data);
  if (message.type == ws::Opcode::text && message.finished) append(out, base::as_bytes("\n"));
}

void MessagePrinter::print_on_terminal(const ws::Message& message, base::Buffer& out) {
  if (message.type == ws::Opcode::text) {
    append(out, base::as_bytes(escape(message.text(), LineBreaks::keep)));
    if (message.finished) append(out, base::as_bytes("\n"));
    return;
  }
  if (message.first) offset_ = 0;
  append(out, base::as_bytes(hexdump(message.data, offset_)));
  offset_ += message.data.size();
}

}  // namespace wscope::view
