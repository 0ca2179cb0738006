#include "decode/finding.h"

namespace wscope::decode {

std::string_view section_of(ws::Violation violation, ws::CloseCode code, bool deflates) noexcept {
  using ws::Violation;
  switch (violation) {
    case Violation::reserved_bits:
      return deflates ? "RFC 7692 6" : "RFC 6455 5.2";
    case Violation::fragmented_control:
    case Violation::control_too_long:
      return "RFC 6455 5.5";
    case Violation::masked_frame:
    case Violation::unmasked_frame:
      return "RFC 6455 5.1";
    case Violation::unexpected_continuation:
    case Violation::expected_continuation:
      return "RFC 6455 5.4";
    case Violation::close_too_short:
    case Violation::close_reason_not_utf8:
      return "RFC 6455 5.5.1";
    case Violation::close_code_invalid:
      return code.value >= 1000 && code.value <= 1015 ? "RFC 6455 7.4.1" : "RFC 6455 7.4.2";
    case Violation::text_not_utf8:
      return "RFC 6455 8.1";
    case Violation::inflate_failed:
    case Violation::inflate_truncated:
      return "RFC 7692 7.2.2";
    default:
      return "RFC 6455 5.2";
  }
}

}  // namespace wscope::decode
