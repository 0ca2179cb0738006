// Any text as the steps of a case of wscope check.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check/step.h"
#include "require.h"

using namespace wscope;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto steps = check::parse_program(text);
  if (!steps) {
    require(steps.error().kind == base::ErrorKind::usage);
    return 0;
  }
  for (const check::Step& step : *steps) {
    require(step.header.opcode < 16 && step.header.rsv < 8);
    if (step.text.starts_with("fill:") && step.text.size() > 10) continue;  // large, by its nature
    static_cast<void>(check::read_payload(step.text));
  }
  return 0;
}
