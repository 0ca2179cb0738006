// Parses the head of an HTTP/1.x request or response that arrives in pieces, strictly and within limits.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "http/head.h"

namespace wscope::http {

/// What a head may cost at most. The verdict is the same however the bytes are cut into pieces.
struct HeadLimits {
  /// The whole head, with its line ends: one line may take all of it, and so may any number of fields, which cost at
  /// most 32 times as much memory as they have bytes (fields of four bytes).
  std::size_t head_bytes = 64 * 1024;
};

struct HeadError {
  enum class Code : unsigned char {
    syntax,           ///< not an HTTP/1.x head
    tls_record,       ///< this came where one should begin
    websocket_frame,  ///< or this
    start_line_long,  ///< over the limit before the request or status line has ended
    head_too_long,    ///< over the limit later
  };
  Code code = Code::syntax;
  std::string detail;  ///< for a person: what was wrong, without quoting more than a name
  int status = 400;    ///< what a server should answer: 400, 414 or 431
  /// Over the limit: how many bytes had come, of the head and of what may be behind it; 0 if not more than the limit.
  /// All else of an error is the same however the bytes were cut, this is not.
  std::size_t came = 0;

  [[nodiscard]] bool over_limit() const noexcept {
    return code == Code::start_line_long || code == Code::head_too_long;
  }
};

/// Reads one head. Bytes behind it are left to the caller.
///
/// Rules: no white space around a field name; names are tokens; values hold no control characters but HTAB (RFC 9112
/// sections 2.2 to 5). A request, which may have been made to be read otherwise by somebody before us, has lines that
/// end in CRLF and are not folded. A response is taken from old servers, too: a line may end in a bare LF (section
/// 2.2), and one that begins with white space goes on with the value before it, behind a space (section 5.2). What
/// cannot become HTTP is refused at its first impossible byte (a TLS record, an SSH banner), without waiting for the
/// end of a line. One empty line before a request is skipped (section 2.2), and counts.
class HeadParser {
 public:
  enum class Kind : unsigned char {
    request,
    response,
    trailers,  ///< only fields, as they end a chunked body of a response (RFC 9112 section 7.1.2)
  };
  enum class Progress : unsigned char { need_more, done, failed };

  HeadParser(Kind kind, HeadLimits limits) noexcept;

  /// Takes bytes from the front of `in` up to the end of the head and advances `in` past them. After done or failed it
  /// takes nothing more.
  [[nodiscard]] Progress receive(base::Bytes& in);

  /// After done, once: the head. The parser is then ready for another one (a response may follow a 1xx).
  [[nodiscard]] RequestHead take_request();
  [[nodiscard]] ResponseHead take_response();

  /// Whether not a single byte of the head has come yet.
  [[nodiscard]] bool untouched() const noexcept { return head_bytes_ == 0; }

  /// Of a request: its method, once the request line has been read and until take_request(); before that, empty.
  [[nodiscard]] std::string_view method() const noexcept { return request_.method; }

  /// After failed.
  [[nodiscard]] const HeadError& error() const noexcept { return error_; }

 private:
  enum class Stage : unsigned char { start_line, fields, done, failed };

  void take_line(base::Bytes& in);
  void finish_line(std::string_view line);
  void finish_request_line(std::string_view line);
  void finish_status_line(std::string_view line);
  void finish_field_line(std::string_view line);
  void continue_field(std::string_view line);
  [[nodiscard]] bool can_start(std::string_view line) noexcept;
  [[nodiscard]] bool running() const noexcept { return stage_ < Stage::done; }
  void fail(HeadError::Code code, std::string detail);
  void fail_start(char first);
  void fail_syntax(std::string detail) { fail(HeadError::Code::syntax, std::move(detail)); }

  Kind kind_;
  Stage stage_;
  bool skipped_empty_line_ = false;
  HeadLimits limits_;
  std::size_t head_bytes_ = 0;    // taken so far
  std::size_t method_bytes_ = 0;  // of the request line, known to be token characters
  std::string line_;              // the beginning of a line whose end has not come
  RequestHead request_;
  ResponseHead response_;
  Headers headers_;
  HeadError error_;
};

}  // namespace wscope::http
