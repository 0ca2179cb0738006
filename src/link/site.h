// Who answers those that ask a server for a page.
#pragma once

#include <cstdint>
#include <optional>

#include "http/head.h"
#include "link/admission.h"
#include "net/fd.h"

namespace wscope::link {

/// An answer whose body, behind what is in memory, is the beginning of a file.
struct PageAnswer {
  Answer answer{};
  net::UniqueFd file{};    ///< regular; none: there is nothing more
  std::uint64_t size = 0;  ///< how many bytes of it
};

/// What a server has besides its WebSocket.
class Site {
 public:
  virtual ~Site() = default;

  /// A proper GET or HEAD that asks for no upgrade, and that the server has nothing against. Nothing: the server's own
  /// page is for it. To a HEAD the answer is the same; its body is not sent.
  [[nodiscard]] virtual std::optional<PageAnswer> handle_visit(const http::RequestHead& request) = 0;
};

}  // namespace wscope::link
