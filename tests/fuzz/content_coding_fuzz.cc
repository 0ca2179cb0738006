// The body of a refusal under any Content-Encoding: the first byte says which.
#include <array>
#include <cstddef>
#include <cstdint>

#include "require.h"
#include "ws/content_coding.h"

using namespace wscope;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::array<const char*, 6> codings = {"gzip",          "deflate",       "identity",
                                                  "gzip, deflate", "deflate, gzip", "br"};
  constexpr std::size_t limit = 1000;
  const base::Bytes body(reinterpret_cast<const std::byte*>(data + 1), size - 1);
  const auto decoded = ws::undo_content_coding(codings[data[0] % codings.size()], body, limit);
  if (decoded) require(decoded->size() <= limit);
  const auto listed = ws::undo_content_coding(base::as_text(body), body, limit);
  if (listed) require(listed->size() <= limit);
  return 0;
}
