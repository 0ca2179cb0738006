#include "link/saying.h"

#include <utility>

#include "base/utf8.h"

namespace wscope::link {

base::Result<wire::StoredInstruction> Saying::fill(const talk::Names& names) const {
  wire::StoredInstruction filled = message;
  if (!payload) return filled;
  auto text = payload->fill(names);
  if (!text) return std::move(text).error();
  if (message.opcode == ws::Opcode::text && !base::is_utf8(base::as_bytes(*text))) {
    return base::Error{base::ErrorKind::expectation, "what was filled in is not UTF-8: it cannot be sent as text"};
  }
  filled.payload = std::move(text).value();
  return filled;
}

}  // namespace wscope::link
