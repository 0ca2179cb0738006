#include "ws/handshake_fields.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "http/field_syntax.h"

namespace wscope::ws {
namespace {

// A field that is there once.
struct SingleField {
  std::string_view name;
  std::string_view separator;  // between the values of repeats; empty: the last one counts
};
constexpr SingleField single_fields[] = {
    {"Host", ""},
    {"Origin", ""},
    {"Authorization", ""},
    {"User-Agent", ""},
    {"Cookie", "; "},
    {"Upgrade", ", "},
    {"Connection", ", "},
    {"Sec-WebSocket-Key", ""},
    {"Sec-WebSocket-Accept", ""},
    {"Sec-WebSocket-Version", ""},
    {"Sec-WebSocket-Extensions", ", "},
    {"Sec-WebSocket-Protocol", ", "},
};

}  // namespace

bool is_made(std::string_view name, const http::Headers& given, const std::vector<std::string>& left_out) {
  return !given.contains(name) && !http::list_contains(left_out, name);
}

void add_given(http::Headers& headers, const http::Field& field) {
  const auto* const single =
      std::find_if(std::begin(single_fields), std::end(single_fields),
                   [&](const SingleField& known) { return http::equals_ignoring_case(known.name, field.name); });
  const std::string* before = single == std::end(single_fields) ? nullptr : headers.find(field.name);
  if (before == nullptr) return headers.add(field.name, field.value);
  std::string value = field.value;
  if (!single->separator.empty() && !before->empty()) {
    value = value.empty() ? *before : *before + std::string(single->separator) + value;
  }
  headers.set(field.name, std::move(value));
}

}  // namespace wscope::ws
