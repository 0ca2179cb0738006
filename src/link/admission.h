// Who is let in by a server, and what those get who are not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/head.h"
#include "link/plan.h"

namespace wscope::link {

/// An answer to a request that does not become a WebSocket connection.
struct Answer {
  int status = 400;
  http::Headers headers{};
  std::string body{};
};

/// A line for whoever reads it, as plain text that no browser takes for anything else. It is not to repeat anything of
/// the request.
[[nodiscard]] Answer plain_answer(int status, std::string_view line, http::Headers headers = {});

/// What a request gets that is not let in: 404 for its path, 401 for its credentials. Nothing: it may go on. (Who may
/// come at all is the guard's business, the subprotocol that of ws::AcceptOptions.)
[[nodiscard]] std::optional<Answer> refuse(const Admission& admission, const http::RequestHead& request);

/// Which paths Admission::path is about.
enum class Paths : std::uint8_t {
  all,
  of_upgrades,  ///< there are pages besides, which have paths of their own
};

/// Whether a request that cannot become a WebSocket asks for a page: it asks for no upgrade. Where there are files, an
/// offer of other protocols keeps nobody from them.
[[nodiscard]] bool is_visit(Paths paths, const http::RequestHead& request);

/// What a proper request that asks for no upgrade gets (RFC 9110) if it gets no page: 405 for another method than GET
/// and HEAD, 404 for its path, 401 for its credentials. Nothing: it may go on.
[[nodiscard]] std::optional<Answer> refuse_visit(const Admission& admission, Paths paths,
                                                 const http::RequestHead& request);

/// What a proper request that asks for no upgrade gets where there are no other pages: it may be of a browser, which
/// then has page_answer().
[[nodiscard]] Answer answer_plain(const Admission& admission, const http::RequestHead& request);

}  // namespace wscope::link
