#include "http/head_parser.h"

#include <algorithm>
#include <cassert>

#include "http/field_syntax.h"

namespace wscope::http {
namespace {

constexpr std::string_view version_prefix = "HTTP/";
constexpr std::size_t version_size = 8;  // HTTP/d.d

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool parse_version(std::string_view text, Version& version) noexcept {
  if (text.size() != version_size || !text.starts_with(version_prefix)) return false;
  if (!is_digit(text[5]) || text[6] != '.' || !is_digit(text[7])) return false;
  version = {static_cast<std::uint8_t>(text[5] - '0'), static_cast<std::uint8_t>(text[7] - '0')};
  return true;
}

int status_to_answer(HeadError::Code code) noexcept {
  switch (code) {
    case HeadError::Code::start_line_long:
      return 414;
    case HeadError::Code::head_too_long:
      return 431;
    default:
      return 400;
  }
}

/// A field name for a message: it is a token, and not longer than a person wants to read.
std::string shown(std::string_view name) { return std::string(name.substr(0, 40)); }

// An alert or a handshake (RFC 8446 section 5.1): what comes most often where HTTP should.
bool is_tls(char first) noexcept { return first == '\x15' || first == '\x16'; }

// The whole first byte of most frames (RFC 6455 section 5.2): text, binary, Close, Ping or Pong, with FIN, compressed
// or not.
bool is_frame(char first) noexcept {
  constexpr std::string_view usual = "\x81\x82\xc1\xc2\x88\x89\x8a";
  return usual.find(first) != std::string_view::npos;
}

}  // namespace

HeadParser::HeadParser(Kind kind, HeadLimits limits) noexcept
    : kind_(kind), stage_(kind == Kind::trailers ? Stage::fields : Stage::start_line), limits_(limits) {}

HeadParser::Progress HeadParser::receive(base::Bytes& in) {
  while (running() && !in.empty()) take_line(in);
  if (running()) return Progress::need_more;
  return stage_ == Stage::done ? Progress::done : Progress::failed;
}

// Never looks beyond the limit, so that a verdict does not depend on how much has come already.
void HeadParser::take_line(base::Bytes& in) {
  const std::size_t room = limits_.head_bytes - head_bytes_;
  const std::string_view window = base::as_text(in.first(std::min(in.size(), room)));
  const std::size_t end = window.find('\n');
  const bool complete = end != std::string_view::npos;
  const std::string_view piece = complete ? window.substr(0, end + 1) : window;
  in = in.subspan(piece.size());
  head_bytes_ += piece.size();

  // A line that came whole is read where it lies; only one that was cut is gathered.
  const bool in_one_piece = complete && line_.empty();
  const std::string_view line = in_one_piece ? piece : std::string_view(line_.append(piece));
  if (stage_ == Stage::start_line && !can_start(line)) {
    fail_start(line.front());
  } else if (complete) {
    finish_line(line);
    line_.clear();
  }
  if (running() && head_bytes_ == limits_.head_bytes) {
    fail(stage_ == Stage::start_line ? HeadError::Code::start_line_long : HeadError::Code::head_too_long,
         "a head of more than " + std::to_string(limits_.head_bytes) + " bytes");
    if (!in.empty()) error_.came = head_bytes_ + in.size();
  }
}

void HeadParser::fail_start(char first) {
  if (is_tls(first)) return fail(HeadError::Code::tls_record, "this is a TLS record, not HTTP");
  if (is_frame(first)) return fail(HeadError::Code::websocket_frame, "this is a WebSocket frame, not HTTP");
  fail_syntax(kind_ == Kind::request ? "this is not an HTTP request" : "this is not an HTTP response");
}

/// Whether a line that begins so can become a start line.
bool HeadParser::can_start(std::string_view line) noexcept {
  // Looks at a byte once, except for the first few: a method that comes byte by byte must not cost its square.
  if (kind_ == Kind::response) return version_prefix.starts_with(line.substr(0, version_prefix.size()));
  if (line.starts_with('\r') && !skipped_empty_line_) return line.size() == 1 || line[1] == '\n';
  while (method_bytes_ < line.size() && is_token_char(line[method_bytes_])) ++method_bytes_;
  return method_bytes_ == line.size() || (method_bytes_ > 0 && line[method_bytes_] == ' ');
}

void HeadParser::finish_line(std::string_view line) {
  const bool has_cr = line.ends_with("\r\n");
  if (!has_cr && kind_ == Kind::request) return fail_syntax("a line that ends in LF without CR");
  line.remove_suffix(has_cr ? 2 : 1);
  if (stage_ == Stage::fields) {
    finish_field_line(line);
  } else if (kind_ == Kind::response) {
    finish_status_line(line);
  } else if (line.empty()) {
    skipped_empty_line_ = true;
  } else {
    finish_request_line(line);
  }
}

void HeadParser::finish_request_line(std::string_view line) {
  const std::size_t method_end = line.find(' ');  // can_start saw it
  const std::size_t target_end = line.rfind(' ');
  // The target reaches to the last space, so a space inside is found by what a target may hold.
  if (method_end == target_end) return fail_syntax("a request line without a version");
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  if (!is_target(target)) return fail_syntax("a request target that is empty or holds a character not allowed there");
  if (!parse_version(line.substr(target_end + 1), request_.version)) {
    return fail_syntax("a request line that does not end in an HTTP version");
  }
  request_.method = line.substr(0, method_end);
  request_.target = target;
  stage_ = Stage::fields;
}

void HeadParser::finish_status_line(std::string_view line) {
  if (!parse_version(line.substr(0, version_size), response_.version)) {
    return fail_syntax("a status line without an HTTP version");
  }
  line.remove_prefix(version_size);
  if (line.size() < 4 || line[0] != ' ' || !std::all_of(line.begin() + 1, line.begin() + 4, is_digit)) {
    return fail_syntax("a status line without a three-digit status");
  }
  response_.status = (line[1] - '0') * 100 + (line[2] - '0') * 10 + (line[3] - '0');
  if (response_.status < 100 || response_.status > 599) return fail_syntax("a status out of range (100 to 599)");
  // RFC 9112 section 4 wants the space even before an empty reason; some servers leave it out.
  line.remove_prefix(4);
  if (!line.empty() && line[0] != ' ') return fail_syntax("a status with more than three digits");
  if (!is_field_value(line)) return fail_syntax("a control character in the reason phrase");
  response_.reason = line.substr(line.empty() ? 0 : 1);
  stage_ = Stage::fields;
}

void HeadParser::finish_field_line(std::string_view line) {
  if (line.empty()) {
    stage_ = Stage::done;
    return;
  }
  if (trim_white_space(line.substr(0, 1)).empty()) return continue_field(line);
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos) return fail_syntax("a header line without a colon");
  // White space there has let requests through proxies that read the name otherwise (RFC 9112 section 5.1).
  if (!is_token(name)) {
    return fail_syntax(is_token(trim_white_space(name)) ? "white space before the colon of a header line"
                                                        : "a header name that is not a token");
  }
  const std::string_view value = trim_white_space(line.substr(colon + 1));
  if (!is_field_value(value)) return fail_syntax("a control character in the value of header " + shown(name));
  headers_.add(std::string(name), std::string(value));
}

void HeadParser::continue_field(std::string_view line) {
  // Before the first field there is nothing to go on with, and readers differ in what they make of it (section 2.2).
  if (kind_ == Kind::request || headers_.empty()) return fail_syntax("a header line that begins with white space");
  const std::string_view text = trim_white_space(line);
  if (!is_field_value(text)) {
    return fail_syntax("a control character in the value of header " + shown((headers_.end() - 1)->name));
  }
  headers_.continue_last(text);
}

RequestHead HeadParser::take_request() {
  assert(kind_ == Kind::request && stage_ == Stage::done);
  RequestHead head = std::move(request_);
  head.headers = std::move(headers_);
  *this = HeadParser(kind_, limits_);
  return head;
}

ResponseHead HeadParser::take_response() {
  assert(kind_ == Kind::response && stage_ == Stage::done);
  ResponseHead head = std::move(response_);
  head.headers = std::move(headers_);
  *this = HeadParser(kind_, limits_);
  return head;
}

void HeadParser::fail(HeadError::Code code, std::string detail) {
  error_ = {code, std::move(detail), status_to_answer(code), 0};
  stage_ = Stage::failed;
}

}  // namespace wscope::http
