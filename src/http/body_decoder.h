// Finds the end of an HTTP/1.1 response body and takes its transfer coding off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "http/head.h"
#include "http/head_parser.h"

namespace wscope::http {

/// Decodes the body of a response to a GET (RFC 9112 section 6.3): none (1xx, 204, 304), by Content-Length, chunked, or
/// until the end of the stream. Chunk extensions are skipped, trailer fields checked and dropped. How much body is too
/// much is the caller's decision.
class BodyDecoder {
 public:
  enum class Progress : unsigned char { need_more, data, done, failed };

  /// Reads the framing from a response head; a contradictory one (two different lengths, an unknown transfer coding) is
  /// an error of kind http.
  [[nodiscard]] static base::Result<BodyDecoder> for_response(const ResponseHead& head);

  /// Takes bytes from the front of `in` and advances it. With data, `data` is a piece of the body, a view into what
  /// `in` was, and more may follow: call again, even with nothing left. After done, what is left in `in` is not part
  /// of the body.
  [[nodiscard]] Progress receive(base::Bytes& in, base::Bytes& data);

  /// The stream has ended: done if that is a proper end of this body, else failed.
  [[nodiscard]] Progress receive_eof();

  /// After failed: what was wrong, for a person.
  [[nodiscard]] const std::string& error() const noexcept { return error_; }

 private:
  enum class Stage : unsigned char {
    sized_data,
    data_until_eof,
    chunk_size,
    chunk_extension,
    chunk_line_end,  // CR is taken, LF must follow
    chunk_data,
    chunk_data_cr,
    chunk_data_lf,
    trailers,
    done,
    failed,
  };

  explicit BodyDecoder(Stage stage, std::uint64_t size = 0) noexcept : stage_(stage), size_(size), left_(size) {}

  [[nodiscard]] base::Bytes take_data(base::Bytes& in) noexcept;
  void take_chunk_size(char c);
  void take_chunk_extension(char c);
  void take_framing(char c);
  void take_trailers(base::Bytes& in);
  void expect(bool met, Stage next);
  void fail(std::string error);

  Stage stage_;
  std::uint64_t size_;          // what Content-Length says
  std::uint64_t left_;          // bytes of data still to come in this body or chunk
  std::uint64_t received_ = 0;  // bytes of data in all
  std::size_t line_bytes_ = 0;  // of the chunk-size line so far
  HeadParser trailers_{HeadParser::Kind::trailers, HeadLimits{}};
  std::string error_;
};

/// Whether a request with these fields has a body (RFC 9112 section 6.3). An error, of kind http, if they leave in
/// doubt where it ends: two different lengths, one that is no number or has leading zeros, a length beside a transfer
/// coding.
[[nodiscard]] base::Result<bool> has_request_body(const Headers& headers);

}  // namespace wscope::http
