#include "cli/request.h"

#include <algorithm>

#include "base/file.h"
#include "http/auth.h"
#include "http/field_syntax.h"

namespace wscope::cli {
namespace {

// The lines that an argument stands for: itself, or those of the file behind an @. Empty ones are skipped.
base::Result<std::vector<std::string>> expand(const std::string& argument) {
  if (argument.empty() || argument.front() != '@') return std::vector<std::string>{argument};
  const auto text = base::read_file(argument.substr(1));
  if (!text) return text.error();
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text->size();) {
    const std::size_t end = std::min(text->find('\n', begin), text->size());
    std::string line = text->substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) lines.push_back(std::move(line));
    begin = end + 1;
  }
  return lines;
}

base::Result<std::vector<std::string>> expand_all(const std::vector<std::string>& arguments) {
  std::vector<std::string> all;
  for (const std::string& argument : arguments) {
    const auto lines = expand(argument);
    if (!lines) return lines.error();
    all.insert(all.end(), lines->begin(), lines->end());
  }
  return all;
}

base::Result<http::Field> read_header(const std::string& line) {
  const std::size_t colon = line.find(':');
  const std::string name = line.substr(0, colon);
  if (colon == std::string::npos || !http::is_token(name)) {
    return base::usage_error("a header is written Name: value, and its name has no spaces");
  }
  const std::string_view value = http::trim_white_space(std::string_view(line).substr(colon + 1));
  if (!http::is_field_value(value)) return base::usage_error("header " + name + ": a control character in its value");
  return http::Field{name, std::string(value)};
}

base::Result<void> check_value(const char* option, const std::string& value) {
  if (http::is_field_value(value)) return {};
  return base::usage_error(std::string(option) + ": a control character");
}

base::Result<void> add_authorization(const TypedRequest& typed, http::Headers& headers) {
  if (!typed.user.empty() && !typed.bearer.empty()) return base::usage_error("--user and --bearer exclude each other");
  if (!typed.bearer.empty()) headers.add("Authorization", "Bearer " + typed.bearer);
  if (auto checked = check_value("--user", typed.user); !checked) return checked;
  if (typed.user.find(':') == std::string::npos) return {};
  const auto credentials = read_credentials(typed.user);
  if (!credentials) return credentials.error();
  headers.add("Authorization", http::write_basic_credentials(*credentials));
  return {};
}

base::Result<void> add_cookies(const std::vector<std::string>& typed, http::Headers& headers) {
  const auto cookies = expand_all(typed);
  if (!cookies) return cookies.error();
  std::string value;
  for (const std::string& cookie : *cookies) value += (value.empty() ? "" : "; ") + cookie;
  if (auto checked = check_value("--cookie", value); !checked) return checked;
  if (!value.empty()) headers.add("Cookie", value);
  return {};
}

}  // namespace

base::Result<http::Headers> read_headers(const std::vector<std::string>& typed) {
  const auto lines = expand_all(typed);
  if (!lines) return lines.error();
  http::Headers headers;
  for (const std::string& line : *lines) {
    auto field = read_header(line);
    if (!field) return std::move(field).error();
    headers.add(std::move(field->name), std::move(field->value));
  }
  return headers;
}

base::Result<http::Credentials> read_credentials(const std::string& typed) {
  const std::size_t colon = typed.find(':');
  if (colon == std::string::npos) return base::usage_error("--user wants USER:PASSWORD");
  if (auto checked = check_value("--user", typed); !checked) return checked.error();
  return http::Credentials{typed.substr(0, colon), typed.substr(colon + 1)};
}

base::Result<ws::ConnectOptions> read_request(const TypedRequest& typed) {
  ws::ConnectOptions request;
  request.host = typed.host;
  request.origin = typed.origin;
  request.subprotocols = typed.subprotocols;
  request.version = typed.version;
  for (const std::string& subprotocol : typed.subprotocols) {
    if (!http::is_token(subprotocol)) return base::usage_error("--subprotocol: not a token");
  }
  for (const auto& [option, value] :
       {std::pair("--host", typed.host), std::pair("--origin", typed.origin),
        std::pair("--user-agent", typed.user_agent), std::pair("--bearer", typed.bearer)}) {
    if (auto checked = check_value(option, value); !checked) return checked.error();
  }
  auto headers = read_headers(typed.headers);
  if (!headers) return std::move(headers).error();
  request.headers = std::move(headers).value();
  if (auto added = add_authorization(typed, request.headers); !added) return added.error();
  if (auto added = add_cookies(typed.cookies, request.headers); !added) return added.error();
  if (!typed.user_agent.empty() && !request.headers.contains("User-Agent")) {
    request.headers.add("User-Agent", typed.user_agent);
  }
  return request;
}

}  // namespace wscope::cli
