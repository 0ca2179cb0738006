#include "check/request_words.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "http/field_syntax.h"
#include "http/headers.h"
#include "ws/deflate_parameters.h"
#include "ws/extension_header.h"

namespace wscope::check {
namespace {

constexpr std::string_view extensions_field = "Sec-WebSocket-Extensions";
constexpr std::string_view key_field = "Sec-WebSocket-Key";
constexpr std::string_view protocol_field = "Sec-WebSocket-Protocol";

bool is_same(std::string_view a, std::string_view b) noexcept { return http::equals_ignoring_case(a, b); }

// The next line, which is taken off with its end; nothing if it does not end in CR and LF.
std::optional<std::string_view> take_line(std::string_view& text) noexcept {
  const std::size_t end = text.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

// Whether it can stand between ' and ', and in a field.
bool may_be_typed(std::string_view value) noexcept {
  const auto is_harmless = [](char c) { return c >= ' ' && c <= '~' && c != '\''; };
  return std::all_of(value.begin(), value.end(), is_harmless) && value.find("{{") == std::string_view::npos;
}

// The fields of a head that ends with it; nothing if another request line is in front, or something is not written as
// fields are.
std::optional<http::Headers> fields_of(std::string_view request, const std::string& target) {
  const auto first = take_line(request);
  if (!first || *first != "GET " + target + " HTTP/1.1") return std::nullopt;
  http::Headers fields;
  while (const auto line = take_line(request)) {
    if (line->empty()) return request.empty() ? std::optional(std::move(fields)) : std::nullopt;
    const std::size_t colon = line->find(':');
    if (colon == std::string_view::npos || !http::is_token(line->substr(0, colon))) return std::nullopt;
    std::string_view value = line->substr(colon + 1);
    if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    if (value != http::trim_white_space(value) || !may_be_typed(value)) return std::nullopt;
    fields.add(std::string(line->substr(0, colon)), std::string(value));
  }
  return std::nullopt;
}

// With their names, as their spelling may be what a case is about.
std::vector<http::Field> named(const http::Headers& fields, std::string_view name) {
  std::vector<http::Field> found;
  std::copy_if(fields.begin(), fields.end(), std::back_inserter(found),
               [name](const http::Field& field) { return is_same(field.name, name); });
  return found;
}

std::optional<std::string> extension_words(const std::vector<http::Field>& offered) {
  if (offered.empty()) return " --no-compress";
  if (offered.size() > 1) return std::nullopt;
  const auto extensions = ws::parse_extensions(offered.front().value);
  if (!extensions || extensions->size() != 1 || extensions->front().name != "permessage-deflate") return std::nullopt;
  if (!ws::parse_deflate_parameters(extensions->front().parameters)) return std::nullopt;
  return " --compress '" + offered.front().value + "'";
}

std::string header_word(const std::string& name, const std::string& value) {
  return " -H '" + name + (value.empty() ? ";" : ": " + value) + "'";
}

}  // namespace

std::optional<std::string> request_words(const std::string& request, const Settings& settings, bool any_key) {
  const auto fields = fields_of(request, settings.request.target);
  if (!fields) return std::nullopt;
  const http::Headers& usual = settings.request.headers;
  auto words = extension_words(named(*fields, extensions_field));
  if (!words) return std::nullopt;
  std::vector<std::string> done = {std::string(extensions_field)};
  if (any_key) done.emplace_back(key_field);
  for (const http::Headers* const names : {&*fields, &usual}) {
    for (const http::Field& one : *names) {
      const auto is_it = [&one](const std::string& name) { return is_same(name, one.name); };
      if (std::any_of(done.begin(), done.end(), is_it)) continue;
      done.push_back(one.name);
      const auto given = named(*fields, one.name);
      if (given == named(usual, one.name)) continue;
      if (is_same(one.name, protocol_field)) return std::nullopt;  // an offer is one of its own kind there
      if (given.size() > 1) return std::nullopt;  // there, one takes the place of the other, or they are joined
      *words += given.empty() ? " -H '" + one.name + ":'" : header_word(given.front().name, given.front().value);
    }
  }
  return words;
}

}  // namespace wscope::check
