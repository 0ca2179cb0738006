// Which file the path of a request means.
#pragma once

#include <string>
#include <string_view>

namespace wscope::serve {

/// A path below some folder, or why it is none.
struct WwwPath {
  int status = 200;    ///< or 400, 404: `path` is empty then
  std::string path{};  ///< bytes, of segments that can be names of files and are not hidden; empty: the folder itself
  bool has_slash = false;  ///< it ends with one, so a folder is meant; it is not in `path`
};

/// Reads the path of a request (RFC 9112 section 3.2.1), which begins with a slash and ends before the query. It is
/// decoded once. 400: a % without two hexadecimal digits. 404: a control character, a backslash, an empty segment, one
/// that begins with a dot, though the first may be .well-known (RFC 8615).
[[nodiscard]] WwwPath read_www_path(std::string_view path);

/// The same path, or a segment, encoded for a URL: all but slashes and what RFC 3986 calls unreserved.
[[nodiscard]] std::string write_www_path(std::string_view path);

/// Whether a file of that name can be asked for by a segment: it is not empty or hidden, and has no control character,
/// slash or backslash.
[[nodiscard]] bool is_www_name(std::string_view name) noexcept;

}  // namespace wscope::serve
