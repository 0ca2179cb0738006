// What a request line asks for (RFC 9112 section 3.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wscope::http {

/// A target taken apart.
struct RequestTarget {
  /// Of an absolute-form target, which says itself whom it asks: that counts, not Host (section 3.2.2). Not looked at
  /// closely. A view into the target.
  std::optional<std::string_view> authority;
  std::string path_and_query;  ///< begins with a slash

  /// Without the query.
  [[nodiscard]] std::string_view path() const noexcept {
    return std::string_view(path_and_query).substr(0, path_and_query.find('?'));
  }
};

/// Takes apart a path, or a URL of http, https, ws or wss. Nothing if it is neither: `*`, `host:port`, a fragment.
[[nodiscard]] std::optional<RequestTarget> split_target(std::string_view target);

}  // namespace wscope::http
