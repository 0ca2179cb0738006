#include "cli/parsing.h"

#include <charconv>
#include <utility>

#include "base/decimal.h"

namespace wscope::cli {
namespace {

base::Error wrong_value(OptionName option, const char* wanted, const std::string& text) {
  return command_line_error(std::string(option.text()) + " wants " + wanted + ", not \"" + text + "\"");
}

}  // namespace

base::Error command_line_error(std::string message) { return base::usage_error(std::move(message), help_hint); }

base::Result<base::Duration> parse_seconds(const std::string& text, OptionName option) {
  const auto seconds = base::parse_decimal(text);
  if (!seconds || *seconds < 0 || *seconds > 1e9) return wrong_value(option, "a number of seconds", text);
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(*seconds));
}

base::Result<std::uint64_t> parse_count(const std::string& text, OptionName option) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc() && end == text.data() + text.size() && count > 0) return count;
  return wrong_value(option, "a whole number of at least 1", text);
}

base::Result<int> parse_level(const std::string& text, OptionName option) {
  if (text.size() == 1 && text.front() >= '1' && text.front() <= '9') return text.front() - '0';
  return wrong_value(option, "a level from 1 to 9", text);
}

base::Result<std::uint64_t> parse_size(const std::string& text, OptionName option) {
  std::uint64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  unsigned shift = 0;
  if (unit == "K" || unit == "k") shift = 10;
  if (unit == "M" || unit == "m") shift = 20;
  if (unit == "G" || unit == "g") shift = 30;
  const bool known = unit.empty() || shift > 0;
  if (error == std::errc() && known && number > 0 && number <= (UINT64_MAX >> shift)) return number << shift;
  return wrong_value(option, "a number of bytes such as 100, 64K or 16M", text);
}

base::Result<ws::DeflateParameters> parse_deflate(const std::string& text, OptionName option) {
  const auto error_of = [option](const base::Error& error) {
    return command_line_error(std::string(option.text()) + ": " + error.message);
  };
  auto list = ws::parse_extension_parameters(text);
  if (!list) return error_of(list.error());
  const ws::ExtensionParameter name = {"permessage-deflate", std::nullopt};  // first in a header
  if (!list->empty() && list->front() == name) list->erase(list->begin());
  auto parameters = ws::parse_deflate_parameters(*list);
  if (!parameters) return error_of(parameters.error());
  return parameters;
}

}  // namespace wscope::cli
