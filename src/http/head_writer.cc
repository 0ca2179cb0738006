#include "http/head_writer.h"

#include <array>
#include <charconv>
#include <optional>

namespace wscope::http {
namespace {

std::optional<base::Error> find_fault(const Version& version, const Headers& headers) {
  if (version.major > 9 || version.minor > 9) return base::usage_error("an HTTP version has one digit on each side");
  for (const Field& field : headers) {
    // A bad name is not quoted: whatever it holds would go to a terminal.
    if (!is_token(field.name))
      return base::usage_error("a header name is empty or holds a character not allowed there");
    if (!is_field_value(field.value))
      return base::usage_error("the value of header " + field.name + " holds a control character");
  }
  return std::nullopt;
}

void append_version(std::string& out, const Version& version) {
  out.append("HTTP/").append(1, static_cast<char>('0' + version.major));
  out.append(1, '.').append(1, static_cast<char>('0' + version.minor));
}

void append_headers(std::string& out, const Headers& headers) {
  for (const Field& field : headers) out.append(field.name).append(": ").append(field.value).append("\r\n");
  out.append("\r\n");
}

}  // namespace

base::Result<std::string> write_head(const RequestHead& head) {
  if (!is_token(head.method)) return base::usage_error("the request method is not a token");
  if (!is_target(head.target))
    return base::usage_error("the request target is empty or holds a character not allowed there");
  if (auto fault = find_fault(head.version, head.headers)) return *std::move(fault);
  std::string out = head.method + ' ' + head.target + ' ';
  append_version(out, head.version);
  out.append("\r\n");
  append_headers(out, head.headers);
  return out;
}

base::Result<std::string> write_head(const ResponseHead& head) {
  if (head.status < 100 || head.status > 599) return base::usage_error("the response status is not in 100 to 599");
  if (!is_field_value(head.reason)) return base::usage_error("the reason phrase holds a control character");
  if (auto fault = find_fault(head.version, head.headers)) return *std::move(fault);
  std::string out;
  append_version(out, head.version);
  // The space stays even without a reason (RFC 9112 section 4).
  out.append(" ").append(std::to_string(head.status)).append(" ").append(head.reason).append("\r\n");
  append_headers(out, head.headers);
  return out;
}

std::string write_chunk(base::Bytes data) {
  if (data.empty()) return {};
  std::array<char, 2 * sizeof(std::size_t)> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), data.size(), 16).ptr;
  std::string chunk(digits.data(), end);
  chunk.append("\r\n").append(base::as_text(data)).append("\r\n");
  return chunk;
}

}  // namespace wscope::http
