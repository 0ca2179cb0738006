#include "script/event.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "view/counted.h"
#include "view/escape.h"

namespace wscope::script {
namespace {

constexpr std::size_t longest_line = 120;  // bytes of what an event says

std::string cut(std::string_view text) {
  std::size_t size = std::min(text.size(), longest_line);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return view::escape(text.substr(0, size)) + (size < text.size() ? "…" : "");
}

std::string beginning_in_hex(base::Bytes bytes) {
  constexpr std::size_t most = 32;
  std::string text;
  for (const std::byte byte : bytes.first(std::min(bytes.size(), most))) {
    text += fmt::format("{:02x} ", std::to_integer<unsigned>(byte));
  }
  return text + (bytes.size() > most ? "… " : "") + "(" + view::counted(bytes.size(), "byte") + ")";
}

}  // namespace

bool Event::is_failure() const noexcept {
  const bool is_ordinary = kind == Kind::close && (code == 1000 || code == 1001 || code == 1005);
  return is_end() && !is_ordinary;
}

base::Error Event::failure() const {
  if (kind == Kind::refused) return {base::ErrorKind::http, fmt::format("upgrade refused: HTTP {}", code)};
  if (kind == Kind::close) {
    return {base::ErrorKind::closed,
            fmt::format("closed by the peer: {}{}{}", code, payload.empty() ? "" : " ", payload)};
  }
  return {error, payload};
}

talk::Occasion Event::occasion(const talk::Message& message) const {
  talk::Occasion occasion;
  occasion.message = &message;
  if (kind == Kind::open || kind == Kind::refused) {
    occasion.status = static_cast<int>(code);
    occasion.header = [this](std::string_view name) { return headers.joined(name); };
  }
  if (kind == Kind::close || kind == Kind::fail) occasion.code = code;
  if (kind == Kind::close) occasion.reason = payload;
  occasion.round_trip = round_trip;
  return occasion;
}

std::string Event::line() const {
  const std::string name(name_of(kind));
  const std::string& shown = masked ? *masked : payload;
  const bool is_text = base::is_utf8(base::as_bytes(payload));
  if (masked && (kind == Kind::binary || !is_text)) return name + "  ***";
  switch (kind) {
    case Kind::binary:
      return name + "  " + beginning_in_hex(base::as_bytes(payload));
    case Kind::close:
    case Kind::fail:
    case Kind::refused:
      return fmt::format("{}  {}{}{}", name, code, shown.empty() ? "" : " ", cut(shown));
    case Kind::open:
      return detail.empty() ? name : name + "  protocol=" + cut(detail);
    case Kind::error:
      return name + "  " + detail + ": " + cut(shown);
    default:
      break;
  }
  return name + (shown.empty() ? "" : "  ") + (is_text ? cut(shown) : beginning_in_hex(base::as_bytes(payload)));
}

bool Target::accepts(const Event& event) const {
  switch (kind) {
    case Kind::message:
      if (!event.is_message()) return false;
      break;
    case Kind::json:
      if (!event.is_message() || !event.message().json()) return false;
      break;
    case Kind::any:
      if (!event.is_seen()) return false;
      break;
    case Kind::none:
      return false;
    default:
      if (event.kind != kind) return false;
  }
  const bool has_text = kind == Kind::open || kind == Kind::error;
  if (argument && has_text && argument->text != event.detail) return false;
  if (argument && !has_text && (event.code < argument->least || event.code > argument->most)) return false;
  return match == nullptr || match->matches(event.message());
}

}  // namespace wscope::script
