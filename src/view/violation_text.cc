#include "view/violation_text.h"

#include <fmt/format.h>

#include "view/counted.h"
#include "view/escape.h"

namespace wscope::view {
namespace {

using ws::Evidence;
using ws::Violation;

std::string kind_of(const Evidence& seen) {
  if (!ws::is_known_opcode(seen.opcode)) return fmt::format("opcode {}", seen.opcode);
  return std::string(ws::name(static_cast<ws::Opcode>(seen.opcode)));
}

std::string reserved_bits(const Evidence& seen) {
  std::string bits;
  for (unsigned number = 1; number <= 3; ++number) {
    if ((seen.rsv & (8U >> number)) == 0) continue;
    bits += fmt::format("{}RSV{}", bits.empty() ? "" : " and ", number);
  }
  return fmt::format("{} frame with {}, which nothing agreed on uses here", kind_of(seen), bits);
}

std::string bad_bytes(const Evidence& seen) {
  std::string text = seen.byte_count == 1 ? "byte" : "bytes";
  for (std::size_t i = 0; i < seen.byte_count; ++i) {
    text += fmt::format(" {:02x}", std::to_integer<unsigned>(seen.bytes[i]));
  }
  return text + fmt::format(" at offset {}", seen.offset);
}

std::string bad_text(std::string_view what, const Evidence& seen) {
  return fmt::format("{} that {}: {}", what, seen.cut ? "ends inside a character" : "is not UTF-8", bad_bytes(seen));
}

std::string code_in_words(ws::CloseCode code) { return fmt::format("{} ({})", code.value, ws::name(code)); }

std::string bad_code(const ws::Failed& failed) {
  std::string text = fmt::format("Close with the code {}, which may not be sent", code_in_words(failed.evidence.code));
  if (!failed.reason.empty()) text += fmt::format("; its reason is \"{}\"", escape(failed.reason));
  return text;
}

std::string too_big(const Evidence& seen) {
  if (seen.compressed) {
    return fmt::format("{} that inflate to more than the limit of {}", counted(seen.size, "compressed byte"),
                       seen.limit);
  }
  return fmt::format("{}{}, over the limit of {}", seen.fragmented ? "at least " : "", counted(seen.size, "byte"),
                     seen.limit);
}

}  // namespace

std::string describe_violation(const ws::Failed& failed) {
  const Evidence& seen = failed.evidence;
  switch (failed.violation) {
    case Violation::reserved_opcode:
      return fmt::format("frame with the reserved opcode {}", seen.opcode);
    case Violation::reserved_bits:
      return reserved_bits(seen);
    case Violation::http_response:
      return "HTTP response behind the 101, where a frame should be";
    case Violation::http_request:
      return "HTTP request behind the upgrade, where a frame should be";
    case Violation::fragmented_control:
      return fmt::format("{} frame without FIN", kind_of(seen));
    case Violation::control_too_long:
      return fmt::format("{} frame of more than {} bytes", kind_of(seen), seen.limit);
    case Violation::masked_frame:
      return fmt::format("masked {} frame from a server", kind_of(seen));
    case Violation::unmasked_frame:
      return fmt::format("unmasked {} frame from a client", kind_of(seen));
    case Violation::length_not_minimal:
      return fmt::format("{} frame of {} whose length is not in its shortest form", kind_of(seen),
                         counted(seen.size, "byte"));
    case Violation::length_too_large:
      return fmt::format("{} frame with the length {:#x}, whose highest bit is set", kind_of(seen), seen.size);
    case Violation::expected_continuation:
      return fmt::format("{} frame inside a fragmented message", kind_of(seen));
    case Violation::close_code_invalid:
      return bad_code(failed);
    case Violation::close_reason_not_utf8:
      return bad_text("Close " + code_in_words(seen.code) + " with a reason", seen);
    case Violation::text_not_utf8:
      return bad_text("text", seen);
    case Violation::frame_too_big:
    case Violation::message_too_big:
      return too_big(seen);
    case Violation::inflate_failed:
      return fmt::format("message of {} that cannot be inflated", counted(seen.size, "compressed byte"));
    case Violation::inflate_truncated:
      return fmt::format("message of {} that ends too early", counted(seen.size, "compressed byte"));
    default:
      return std::string(failed.detail);
  }
}

std::string describe_answer(const ws::Failed& failed) {
  return failed.said ? fmt::format("; we sent {}", failed.code.value) : "";
}

}  // namespace wscope::view
