#include "capture/http_side.h"

#include <algorithm>
#include <utility>

#include "http/headers.h"

namespace wscope::capture {
namespace {

constexpr std::string_view http2_preface = "PRI * HTTP/2.0";
constexpr std::string_view response_begins = "HTTP/1.";
constexpr std::size_t longest_method = 24;

std::string_view trim(std::string_view text) noexcept {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the next line off, without its end.
std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The value of the next field of that name, whose line and all before it are taken off.
std::optional<std::string_view> find_next(std::string_view& rest, std::string_view name) noexcept {
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !http::equals_ignoring_case(trim(line.substr(0, colon)), name)) continue;
    return trim(line.substr(colon + 1));
  }
  return std::nullopt;
}

// Whether one of both is the beginning of the other.
bool begins(std::string_view front, std::string_view whole) noexcept {
  return front.substr(0, whole.size()) == whole.substr(0, front.size());
}

}  // namespace

Beginning classify(std::string_view front) noexcept {
  if (front.empty()) return Beginning::not_yet;
  if (begins(front, http2_preface)) return front.size() < http2_preface.size() ? Beginning::not_yet : Beginning::http2;
  if (begins(front, response_begins)) {
    return front.size() < response_begins.size() ? Beginning::not_yet : Beginning::response;
  }
  if (front[0] >= '\x14' && front[0] <= '\x17') {  // RFC 8446 section 5.1
    if (front.size() < 2) return Beginning::not_yet;
    return front[1] == '\x03' ? Beginning::tls : Beginning::other;
  }
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto end = static_cast<std::size_t>(std::find_if_not(front.begin(), front.end(), is_letter) - front.begin());
  if (end > longest_method) return Beginning::other;
  if (end == front.size()) return Beginning::not_yet;
  return end > 0 && front[end] == ' ' ? Beginning::request : Beginning::other;
}

int HeadFields::status() const noexcept {
  const std::size_t space = std::min(head_.find(' '), head_.size());
  const std::string_view digits = head_.substr(space).substr(0, 4);
  int status = 0;
  if (digits.size() < 4) return 0;
  for (const char c : digits.substr(1)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status;
}

std::optional<std::string_view> HeadFields::find(std::string_view name) const noexcept {
  std::string_view rest = head_;
  return find_next(rest, name);
}

bool HeadFields::has_token(std::string_view name, std::string_view token) const noexcept {
  std::string_view rest = head_;
  while (auto list = find_next(rest, name)) {
    while (!list->empty()) {
      const std::size_t comma = std::min(list->find(','), list->size());
      if (http::equals_ignoring_case(trim(list->substr(0, comma)), token)) return true;
      list->remove_prefix(std::min(comma + 1, list->size()));
    }
  }
  return false;
}

std::optional<std::string_view> HttpSide::receive(base::Bytes& in, const Origin& origin) {
  const std::size_t size = in.size();
  if (lost_) {
    const Beginning beginning = classify(base::as_text(in));
    if (beginning != Beginning::request && beginning != Beginning::response) {
      in = {};
      return std::nullopt;
    }
    restart();
  }
  if (body_ && !skip_body(in)) return std::nullopt;
  if (in.empty()) return std::nullopt;
  if (!std::exchange(in_head_, true)) head_origin_ = {origin.time, origin.offset + (size - in.size())};
  in = in.subspan(heads_->receive(in));
  const auto event = heads_->next_event();
  if (!event) return std::nullopt;
  in_head_ = false;
  const auto* head = std::get_if<wire::Head>(&*event);
  std::string_view text = head != nullptr ? head->text : std::string_view();
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  const Beginning beginning = classify(text);
  if (beginning == Beginning::request || beginning == Beginning::response) return text;
  lose();
  in = {};
  return std::nullopt;
}

// Whether it is over.
bool HttpSide::skip_body(base::Bytes& in) {
  base::Bytes data;
  while (true) {
    switch (body_->receive(in, data)) {
      case http::BodyDecoder::Progress::data:
        break;
      case http::BodyDecoder::Progress::need_more:
        return false;
      case http::BodyDecoder::Progress::failed:
        lose();
        in = {};
        return false;
      case http::BodyDecoder::Progress::done:
        body_.reset();
        return true;
    }
  }
}

void HttpSide::expect_body(std::string_view head, bool of_request, bool bodiless) {
  const HeadFields fields(head);
  http::ResponseHead framing;  // requests have their bodies framed alike
  framing.status = of_request ? 200 : fields.status();
  for (const std::string_view name : {"Content-Length", "Transfer-Encoding"}) {
    if (const auto value = fields.find(name)) framing.headers.add(std::string(name), std::string(*value));
  }
  heads_->expect_head();
  if (bodiless || (of_request && framing.headers.empty())) return;
  auto body = http::BodyDecoder::for_response(framing);
  if (!body) return lose();
  body_ = std::make_unique<http::BodyDecoder>(std::move(*body));
}

void HttpSide::restart() noexcept {
  lost_ = false;
  in_head_ = false;
  body_.reset();
  heads_.emplace(0);
}

}  // namespace wscope::capture
