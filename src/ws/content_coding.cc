#include "ws/content_coding.h"

#include <algorithm>
#include <array>
#include <vector>

#include <zlib.h>

#include "http/field_syntax.h"
#include "http/headers.h"

namespace wscope::ws {
namespace {

constexpr std::size_t most_codings = 3;
constexpr int zlib_or_gzip = MAX_WBITS + 32;  // inflate looks at the header
constexpr int no_header = -MAX_WBITS;

// What comes out before the input ends, breaks off or is not what it should be.
std::string inflate_beginning(std::string_view in, int window_bits, std::size_t limit) {
  std::string out;
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return out;
  // zlib does not write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // NOLINT(*-const-cast)
  stream.avail_in = static_cast<uInt>(in.size());
  std::array<char, 4096> window;
  int status = Z_OK;
  while (status == Z_OK && out.size() < limit) {
    stream.next_out = reinterpret_cast<Bytef*>(window.data());
    stream.avail_out = static_cast<uInt>(window.size());
    status = inflate(&stream, Z_SYNC_FLUSH);
    const std::size_t size = window.size() - stream.avail_out;
    out.append(window.data(), std::min(size, limit - out.size()));
    if (size == 0) break;
  }
  inflateEnd(&stream);
  return out;
}

std::optional<std::string> undo(const std::string& coding, std::string body, std::size_t limit) {
  if (http::equals_ignoring_case(coding, "identity")) return body;
  const bool gzip = http::equals_ignoring_case(coding, "gzip") || http::equals_ignoring_case(coding, "x-gzip");
  if (!gzip && !http::equals_ignoring_case(coding, "deflate")) return std::nullopt;
  std::string out = inflate_beginning(body, zlib_or_gzip, limit);
  if (out.empty() && !gzip) out = inflate_beginning(body, no_header, limit);  // as some servers have it
  return out;
}

}  // namespace

std::optional<std::string> undo_content_coding(std::string_view codings, base::Bytes body, std::size_t limit) {
  std::string text(base::as_text(body));
  if (http::trim_white_space(codings).empty()) return text.substr(0, limit);
  auto list = http::parse_token_list(codings);
  if (!list || list->size() > most_codings) return std::nullopt;
  std::reverse(list->begin(), list->end());  // the last one was applied last
  for (const auto& coding : *list) {
    auto undone = undo(coding, std::move(text), limit);
    if (!undone) return std::nullopt;
    text = std::move(*undone);
  }
  return text.substr(0, limit);
}

}  // namespace wscope::ws
