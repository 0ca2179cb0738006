#include "capture/har_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/base64.h"
#include "base/decimal.h"
#include "capture/ticks.h"
#include "talk/json.h"

namespace wscope::capture {
namespace {

using Kind = JsonScanner::Token::Kind;

constexpr std::size_t largest_head = std::size_t{64} << 10;
constexpr std::size_t most_held = std::size_t{16} << 20;
constexpr std::size_t message_cost = 256;  // of one that is held, besides its payload
constexpr std::size_t longest_word = 256;

std::optional<int> parse_int(std::string_view text) noexcept {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// What a request line has of an URL.
std::string_view target_of(std::string_view url) noexcept {
  const std::size_t authority = url.find("://");
  if (authority == std::string_view::npos) return url;
  const std::size_t path = url.find_first_of("/?", authority + 3);
  url = path == std::string_view::npos ? std::string_view() : url.substr(path);
  return url.substr(0, url.find('#'));
}

std::string_view version_or(std::string_view version) noexcept {
  return version.starts_with("HTTP/") || version.starts_with("http/") ? version : "HTTP/1.1";
}

}  // namespace

std::optional<WallTime> parse_seconds(std::string_view text) {
  if (text.find_first_of("eE") != std::string_view::npos) {
    const std::optional<double> seconds = base::parse_decimal(text);
    if (!seconds || *seconds < 0 || *seconds > 9e9) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(*seconds);
    return to_wall_time(whole, static_cast<std::uint64_t>((*seconds - static_cast<double>(whole)) * 1e9));
  }
  std::int64_t seconds = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, seconds);
  if (error != std::errc() || seconds < 0) return std::nullopt;
  std::uint64_t nanoseconds = 0;
  if (end == last) return to_wall_time(seconds, 0);
  if (*end != '.') return std::nullopt;
  std::uint64_t unit = 100'000'000;
  for (const char* at = end + 1; at != last; ++at) {
    if (*at < '0' || *at > '9') return std::nullopt;
    nanoseconds += static_cast<std::uint64_t>(*at - '0') * unit;
    unit /= 10;
  }
  return to_wall_time(seconds, nanoseconds);
}

std::size_t HarReader::receive(base::Bytes bytes) {
  base::Bytes rest = bytes;
  while (!rest.empty() && events_.empty()) {
    rest = rest.subspan(scanner_.receive(rest));
    if (const auto token = scanner_.next_event()) take(*token);
  }
  return bytes.size() - rest.size();
}

void HarReader::receive_eof() { scanner_.receive_eof(); }

std::optional<HarEvent> HarReader::next_event() {
  if (events_.empty()) return std::nullopt;
  HarEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void HarReader::take(const JsonScanner::Token& token) {
  switch (token.kind) {
    case Kind::begin_object:
    case Kind::begin_array:
      return begin(token);
    case Kind::end:
      return end();
    case Kind::key:
      return take_key(token);
    case Kind::string:
    case Kind::other:
      return take_value(token);
  }
}

void HarReader::begin(const JsonScanner::Token& token) {
  const bool object = token.kind == Kind::begin_object;
  const Place place = places_.empty() ? (object ? Place::root : Place::other) : place_in(places_.back(), object);
  places_.push_back(place);
  if (place == Place::entry) {
    ++entries_;
    entry_ = {};
  } else if (place == Place::message) {
    message_ = {};
    message_.offset = token.offset;
  } else if (place == Place::messages) {
    entry_.is_websocket = entry_.has_messages = true;
  } else if (place == Place::request_header || place == Place::response_header) {
    entry_.name.clear();
    entry_.value.clear();
  }
}

HarReader::Place HarReader::place_in(Place parent, bool object) const noexcept {
  switch (parent) {
    case Place::root:
      return object && key_ == "log" ? Place::log : Place::other;
    case Place::log:
      return !object && key_ == "entries" ? Place::entries : Place::other;
    case Place::entries:
      return object ? Place::entry : Place::other;
    case Place::entry:
      if (object && key_ == "request") return Place::request;
      if (object && key_ == "response") return Place::response;
      return !object && key_ == "_webSocketMessages" ? Place::messages : Place::other;
    case Place::request:
      return !object && key_ == "headers" ? Place::request_headers : Place::other;
    case Place::response:
      return !object && key_ == "headers" ? Place::response_headers : Place::other;
    case Place::request_headers:
      return object ? Place::request_header : Place::other;
    case Place::response_headers:
      return object ? Place::response_header : Place::other;
    case Place::messages:
      return object ? Place::message : Place::other;
    default:
      return Place::other;
  }
}

void HarReader::end() {
  const Place place = places_.back();
  places_.pop_back();
  switch (place) {
    case Place::request_header:
      return end_field(entry_.request_fields);
    case Place::response_header:
      return end_field(entry_.response_fields);
    case Place::request:
      entry_.has_request = true;
      break;
    case Place::response:
      entry_.has_response = true;
      break;
    case Place::message:
      return end_message();
    case Place::entry:
      return end_entry();
    default:
      break;
  }
}

void HarReader::take_key(const JsonScanner::Token& token) {
  key_ = token.whole ? talk::unescape_json(token.text) : std::string();
  scanner_.keep(wanted_of_value());
}

// How much of the value of this key is worth keeping.
std::size_t HarReader::wanted_of_value() const noexcept {
  switch (places_.back()) {
    case Place::entry:
      return longest_word;
    case Place::request:
    case Place::response:
      return key_ == "url" || key_ == "method" || key_ == "httpVersion" || key_ == "statusText" ? largest_head : 0;
    case Place::request_header:
    case Place::response_header:
      return largest_head;
    case Place::message:
      return key_ == "data" ? largest_message : longest_word;
    default:
      return 0;
  }
}

void HarReader::take_value(const JsonScanner::Token& token) {
  if (places_.empty()) return;
  const Place place = places_.back();
  if (place == Place::other || (token.kind == Kind::string && !token.whole && place != Place::message)) return;
  if (token.kind == Kind::string && token.text.empty()) return;
  std::string text;
  if (token.whole) text = token.kind == Kind::string ? talk::unescape_json(token.text) : std::string(token.text);
  if (place == Place::message) return take_message_value(token, std::move(text));
  if (place == Place::request_header || place == Place::response_header) {
    if (key_ == "name") entry_.name = std::move(text);
    if (key_ == "value") entry_.value = std::move(text);
  } else if (place == Place::entry) {
    if (key_ == "startedDateTime") entry_.started = std::move(text);
    if (key_ == "_resourceType" && text == "websocket") entry_.is_websocket = true;
  } else if (place == Place::request) {
    if (key_ == "method") entry_.method = std::move(text);
    if (key_ == "url") entry_.url = std::move(text);
    if (key_ == "httpVersion") entry_.version = std::move(text);
  } else if (place == Place::response) {
    if (key_ == "status") entry_.status = parse_int(text).value_or(0);
    if (key_ == "statusText") entry_.reason = std::move(text);
  }
}

void HarReader::take_message_value(const JsonScanner::Token& token, std::string text) {
  if (key_ == "type") message_.type = std::move(text);
  if (key_ == "time") message_.time = parse_seconds(text).value_or(WallTime());
  if (key_ == "opcode") message_.opcode = parse_int(text).value_or(0);
  if (key_ != "data") return;
  message_.data = std::move(text);
  message_.whole = token.whole;
}

void HarReader::end_field(std::string& fields) {
  if (entry_.name.empty() || fields.size() + entry_.name.size() + entry_.value.size() > largest_head) return;
  fields.append(entry_.name).append(": ").append(entry_.value).append("\r\n");
}

void HarReader::end_message() {
  const std::size_t size = message_.data.size();
  if (message_.type != "send" && message_.type != "receive") {
    return tell(HarRemark{0, message_.offset, message_.type + ": " + std::move(message_.data)}, size);
  }
  if (!message_.whole) return tell(HarRemark{0, message_.offset, "a message of more than 64 MiB"}, 0);
  HarMessage message;
  message.sent = message_.type == "send";
  message.time = message_.time;
  message.opcode = static_cast<std::uint8_t>(std::clamp(message_.opcode, 0, 15));
  message.offset = message_.offset;
  message.payload = std::move(message_.data);
  if (message.opcode != 1) {
    const auto bytes = base::base64_decode(message.payload);
    if (bytes) message.payload.assign(base::as_text(*bytes));
    message.bad_base64 = !bytes;
  }
  tell(std::move(message), size);
}

// As soon as the heads are known, or too much waits for them.
void HarReader::tell(HarEvent event, std::size_t size) {
  entry_.held.push_back(std::move(event));
  entry_.held_bytes += size + message_cost;
  if ((entry_.has_request && entry_.has_response) || entry_.announced || entry_.held_bytes > most_held) announce();
}

void HarReader::announce() {
  if (!std::exchange(entry_.announced, true)) {
    HarConnection connection{++connections_, entry_.url, entry_.started};
    if (!entry_.method.empty() || !entry_.request_fields.empty()) {
      const std::string_view target = target_of(entry_.url);
      connection.request.append(entry_.method.empty() ? "GET" : entry_.method).append(" ");
      connection.request.append(target.starts_with('/') ? "" : "/").append(target).append(" ");
      connection.request.append(version_or(entry_.version)).append("\r\n" + entry_.request_fields + "\r\n");
    }
    connection.status = entry_.status;
    if (entry_.status > 0) {
      connection.response =
          "HTTP/1.1 " + std::to_string(entry_.status) + " " + entry_.reason + "\r\n" + entry_.response_fields + "\r\n";
    }
    events_.emplace_back(std::move(connection));
  }
  for (HarEvent& event : entry_.held) {
    std::visit(
        [&](auto& e) {
          if constexpr (requires { e.connection; }) e.connection = connections_;
        },
        event);
    events_.push_back(std::move(event));
  }
  entry_.held.clear();
  entry_.held_bytes = 0;
}

void HarReader::end_entry() {
  if (entry_.is_websocket) {
    const bool was_open = entry_.status == 101 || entry_.status == 200;
    if (!entry_.has_messages && was_open) tell(HarRemark{0, 0, "its messages are not in this file"}, 0);
    announce();
  }
  entry_ = {};
}

}  // namespace wscope::capture
