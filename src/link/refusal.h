// Why an upgrade failed, in words that help.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/head.h"
#include "http/url.h"
#include "ws/event.h"

namespace wscope::link {

/// What the command line says already, so that no hint says it again.
struct Given {
  bool credentials = false;      ///< --auth, --bearer, the URL's, or a header
  bool credentials_sent = true;  ///< they were: they do not follow a redirection to another origin
  bool origin = false;
  bool version = false;     ///< --protocol-version
  bool head_limit = false;  ///< --max-header
};

/// `hint` without those of its parts, between commas, that begin with an option of `given`.
[[nodiscard]] std::string without_given(std::string_view hint, const std::vector<std::string_view>& given);

/// The server of `url` answered with something else than 101. `body`: what it said (readable_body()); one that is short
/// text or JSON is part of the words.
[[nodiscard]] base::Error explain_refusal(const http::ResponseHead& response, std::string_view body,
                                          const http::Url& url, const Given& given);

/// The body of such an answer, or the beginning of it, with its Content-Encoding undone, in UTF-8 as far as its charset
/// is known, and at most `limit` bytes; as it came if its coding is not known.
[[nodiscard]] std::string readable_body(const http::ResponseHead& response, std::string_view body, std::size_t limit);

/// What those who want to know everything are shown of it.
[[nodiscard]] std::string_view beginning_of_body(std::string_view body) noexcept;

/// What went wrong with a handshake, with the option that allows more where there was too much.
[[nodiscard]] std::string describe(const ws::HandshakeFailed& failure);

/// The handshake with the server of `url`, which errors call `where`, broke off; `socket_error` says what became of the
/// socket, if anything did.
[[nodiscard]] base::Error explain_failure(const ws::HandshakeFailed& failure, const http::Url& url,
                                          const std::string& where, const Given& given,
                                          const std::string& socket_error);

}  // namespace wscope::link
