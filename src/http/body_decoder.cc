#include "http/body_decoder.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "http/field_syntax.h"

namespace wscope::http {
namespace {

// So few digits that no sum or product of lengths overflows, and more than any body has.
constexpr std::size_t most_length_digits = 18;
constexpr std::size_t most_chunk_size_digits = 15;
constexpr std::size_t most_chunk_line_bytes = 8192;

base::Error bad_framing(std::string message) { return {base::ErrorKind::http, std::move(message)}; }

std::optional<std::uint64_t> parse_length(std::string_view digits) noexcept {
  std::uint64_t length = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, length);
  if (digits.size() > most_length_digits || stop != end || error != std::errc()) return std::nullopt;
  return length;
}

/// Several equal lengths, in one line or in many, mean one (RFC 9112 section 6.3).
base::Result<std::uint64_t> content_length(std::string_view value) {
  const base::Error bad = bad_framing("the response has a bad Content-Length");
  const auto lengths = parse_token_list(value);
  if (!lengths) return bad;
  const auto length = parse_length(lengths->front());
  for (const std::string& text : *lengths) {
    const auto other = parse_length(text);
    if (!length || !other) return bad;
    if (*other != *length) {
      return bad_framing("the response has two different Content-Lengths, " + std::to_string(*length) + " and " +
                         std::to_string(*other));
    }
  }
  return *length;
}

bool is_chunked(std::string_view value) {
  const auto codings = parse_token_list(value);
  return codings && codings->size() == 1 && list_contains(*codings, "chunked");
}

}  // namespace

base::Result<BodyDecoder> BodyDecoder::for_response(const ResponseHead& head) {
  if (head.status < 200 || head.status == 204 || head.status == 304) return BodyDecoder(Stage::done);
  const auto coding = head.headers.joined("Transfer-Encoding");
  const auto length = head.headers.joined("Content-Length");
  // RFC 9112 section 6.3 would let chunked win, but nobody honest sends both: it is how responses are smuggled.
  if (coding && length) return bad_framing("the response has both a Transfer-Encoding and a Content-Length");
  if (coding) {
    // Section 6.1: such a message has been forwarded by somebody who does not know the coding.
    if (head.version == Version{1, 0}) return bad_framing("an HTTP/1.0 response has a Transfer-Encoding");
    if (!is_chunked(*coding)) return bad_framing("the response has a Transfer-Encoding other than chunked");
    return BodyDecoder(Stage::chunk_size);
  }
  if (length) {
    const auto size = content_length(*length);
    if (!size) return size.error();
    return BodyDecoder(*size == 0 ? Stage::done : Stage::sized_data, *size);
  }
  return BodyDecoder(Stage::data_until_eof, std::numeric_limits<std::uint64_t>::max());
}

BodyDecoder::Progress BodyDecoder::receive(base::Bytes& in, base::Bytes& data) {
  while (true) {
    if (stage_ == Stage::done) return Progress::done;
    if (stage_ == Stage::failed) return Progress::failed;
    // Only here: a body may be done before its first byte or at the end of a piece.
    if (in.empty()) return Progress::need_more;
    if (stage_ == Stage::sized_data || stage_ == Stage::data_until_eof || stage_ == Stage::chunk_data) {
      data = take_data(in);
      return Progress::data;
    }
    if (stage_ == Stage::trailers) {
      take_trailers(in);
    } else {
      take_framing(std::to_integer<char>(in.front()));
      in = in.subspan(1);
    }
  }
}

BodyDecoder::Progress BodyDecoder::receive_eof() {
  if (stage_ == Stage::data_until_eof) stage_ = Stage::done;
  if (stage_ == Stage::done) return Progress::done;
  if (stage_ == Stage::sized_data) {
    fail("the body ended after " + std::to_string(received_) + " of " + std::to_string(size_) + " bytes");
  } else if (stage_ != Stage::failed) {
    fail("the body ended after " + std::to_string(received_) + " bytes, before its last chunk was complete");
  }
  return Progress::failed;
}

base::Bytes BodyDecoder::take_data(base::Bytes& in) noexcept {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), left_));
  const base::Bytes data = in.first(size);
  in = in.subspan(size);
  received_ += size;
  if (stage_ == Stage::data_until_eof) return data;
  left_ -= size;
  if (left_ == 0) stage_ = stage_ == Stage::chunk_data ? Stage::chunk_data_cr : Stage::done;
  return data;
}

void BodyDecoder::take_chunk_size(char c) {
  unsigned digit = 0;
  if (std::from_chars(&c, &c + 1, digit, 16).ec != std::errc()) {
    if (line_bytes_ == 0) return fail("a chunk does not begin with its size");
    return take_chunk_extension(c);
  }
  // Leading zeros count, or a size could go on for ever.
  if (++line_bytes_ > most_chunk_size_digits) return fail("a chunk size has too many digits");
  left_ = left_ * 16 + digit;
}

// An extension means nothing to us: what matters is that it ends.
void BodyDecoder::take_chunk_extension(char c) {
  // White space without a ";" is not in the grammar, but old servers pad their sizes with it.
  const bool begins_badly = stage_ == Stage::chunk_size && c != '\r' && c != ';' && c != ' ' && c != '\t';
  const bool is_line_char = c == '\r' || is_field_value({&c, 1});
  if (begins_badly || !is_line_char) return fail("a chunk-size line holds a character not allowed there");
  if (++line_bytes_ > most_chunk_line_bytes) return fail("a chunk-size line is too long");
  stage_ = c == '\r' ? Stage::chunk_line_end : Stage::chunk_extension;
}

void BodyDecoder::take_framing(char c) {
  switch (stage_) {
    case Stage::chunk_size:
      return take_chunk_size(c);
    case Stage::chunk_extension:
      return take_chunk_extension(c);
    case Stage::chunk_line_end:
      return expect(c == '\n', left_ == 0 ? Stage::trailers : Stage::chunk_data);
    case Stage::chunk_data_cr:
      return expect(c == '\r', Stage::chunk_data_lf);
    default:  // chunk_data_lf
      line_bytes_ = 0;
      return expect(c == '\n', Stage::chunk_size);
  }
}

void BodyDecoder::take_trailers(base::Bytes& in) {
  switch (trailers_.receive(in)) {
    case HeadParser::Progress::need_more:
      return;
    case HeadParser::Progress::done:
      stage_ = Stage::done;
      return;
    case HeadParser::Progress::failed:
      return fail("bad trailers: " + trailers_.error().detail);
  }
}

void BodyDecoder::expect(bool met, Stage next) {
  if (!met) return fail("a chunk does not end where its size says");
  stage_ = next;
}

void BodyDecoder::fail(std::string error) {
  error_ = std::move(error);
  stage_ = Stage::failed;
}

base::Result<bool> has_request_body(const Headers& headers) {
  const bool coded = headers.contains("Transfer-Encoding");
  const auto value = headers.joined("Content-Length");
  if (!value) return coded;
  if (coded) return bad_framing("both a Transfer-Encoding and a Content-Length header");
  const auto length = content_length(*value);
  // Leading zeros mean nothing, but not the same to everybody: a length is to be written in one way.
  if (!length || parse_token_list(*value)->front() != std::to_string(*length)) {
    return bad_framing("a bad Content-Length header, or two that differ");
  }
  return *length != 0;
}

}  // namespace wscope::http
