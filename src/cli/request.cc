#include "cli/request.h"

#include <algorithm>

#include "cli/option_table.h"
#include "http/auth.h"
#include "http/field_syntax.h"
#include "net/file.h"

namespace wscope::cli {
namespace {

constexpr const char* cookie_field = "Cookie";
constexpr const char* subprotocol_field = "Sec-WebSocket-Protocol";

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The lines that an argument stands for: itself, or those of the file behind an @. Empty ones are skipped.
base::Result<std::vector<std::string>> expand(const std::string& argument) {
  if (argument.empty() || argument.front() != '@') return std::vector<std::string>{argument};
  const auto text = net::read_file(argument.substr(1));
  if (!text) return text.error();
  std::vector<std::string> lines = lines_of(*text);
  std::erase(lines, std::string());
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

base::Result<void> read_header(const std::string& line, HeaderLines& into) {
  const bool is_empty = line.ends_with(';') && line.find(':') == std::string::npos;
  const std::size_t end = is_empty ? line.size() - 1 : line.find(':');
  const std::string name = line.substr(0, end);
  if (end == std::string::npos || !http::is_token(name)) {
    return base::usage_error("a header is written Name: value, and its name has no spaces");
  }
  const std::string_view value = http::trim_white_space(std::string_view(line).substr(end + 1));
  if (!http::is_field_value(value)) return base::usage_error("header " + name + ": a control character in its value");
  if (value.empty() && !is_empty) {
    into.left_out.push_back(name);
  } else {
    into.fields.add(name, std::string(value));
  }
  return {};
}

base::Result<void> check_value(OptionName option, const std::string& value) {
  if (http::is_field_value(value)) return {};
  return base::usage_error(std::string(option.text()) + ": a control character");
}

// A token, or the first line of the file behind an @.
base::Result<std::string> read_token(const std::string& typed) {
  if (!typed.starts_with('@')) return typed;
  const std::string path = typed.substr(1);
  const auto text = net::read_file(path);
  if (!text) return text.error();
  const std::string_view line = std::string_view(*text).substr(0, text->find('\n'));
  const std::string_view token = http::trim_white_space(line.substr(0, line.find_last_not_of('\r') + 1));
  if (token.empty()) return base::Error{base::ErrorKind::io, path + ": its first line is empty: no token"};
  return std::string(token);
}

// What --user and --bearer make, unless a header says otherwise.
base::Result<void> add_authorization(const TypedRequest& typed, const HeaderLines& given, http::Headers& headers) {
  if (!typed.user.empty() && !typed.bearer.empty()) return base::usage_error("--user and --bearer exclude each other");
  std::string value;
  if (!typed.bearer.empty()) {
    const auto token = read_token(typed.bearer);
    if (!token) return token.error();
    if (auto checked = check_value("--bearer", *token); !checked) return checked;
    value = "Bearer " + *token;
  }
  if (auto checked = check_value("--user", typed.user); !checked) return checked;
  if (typed.user.find(':') != std::string::npos) {
    const auto credentials = read_credentials(typed.user);
    if (!credentials) return credentials.error();
    value = http::write_basic_credentials(*credentials);
  }
  if (!value.empty() && !given.mention("Authorization")) headers.add("Authorization", value);
  return {};
}

// A header Sec-WebSocket-Protocol is an offer as --subprotocol makes it. An empty one is none, and stays.
base::Result<void> take_subprotocols(ws::ConnectOptions& options) {
  const auto value = options.headers.joined(subprotocol_field);
  if (!value || value->empty()) return {};
  auto offered = http::parse_token_list(*value);
  if (!offered) return base::usage_error("header Sec-WebSocket-Protocol: " + offered.error().message);
  options.headers.remove(subprotocol_field);
  for (std::string& subprotocol : *offered) options.subprotocols.push_back(std::move(subprotocol));
  return {};
}

base::Result<void> check_texts(const TypedRequest& typed) {
  for (const std::string& subprotocol : typed.subprotocols) {
    if (!http::is_token(subprotocol)) return base::usage_error("--subprotocol: not a token");
  }
  for (const auto& [option, value] :
       {std::pair(OptionName("--host"), typed.host), std::pair(OptionName("--origin"), typed.origin),
        std::pair(OptionName("--user-agent"), typed.user_agent), std::pair(OptionName("--bearer"), typed.bearer)}) {
    if (auto checked = check_value(option, value); !checked) return checked.error();
  }
  return {};
}

// --- cookies

void append_cookie(std::string& value, std::string_view cookie) {
  if (!value.empty() && !cookie.empty()) value += "; ";
  value += cookie;
}

// A file without the cookies' domains: a line is what --cookie has.
base::Result<void> add_cookie_lines(const std::string& path, std::string_view text, std::string& value) {
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const bool is_other = line.find('=') == std::string::npos || line.front() == '[' || line.front() == '{' ||
                          http::begins_ignoring_case(line, "Set-Cookie:");
    if (is_other) {
      return base::usage_error(path + ":" + std::to_string(number) + ": not a cookie",
                               "a line is NAME=VALUE, or the file is a Netscape cookie file, as curl -c writes it");
    }
    append_cookie(value, line);
  }
  return {};
}

std::string describe_bad_lines(const std::string& path, const std::vector<std::size_t>& numbers) {
  const std::string first = std::to_string(numbers.front());
  if (numbers.size() == 1) return path + ": line " + first + " is no cookie, and left out";
  return path + ": " + std::to_string(numbers.size()) + " lines are no cookies, and left out, line " + first + " first";
}

base::Result<void> add_cookie_file(const std::string& path, Request& request, std::string& value) {
  const auto text = net::read_file(path);
  if (!text) return text.error();
  if (!http::is_cookie_file(*text)) return add_cookie_lines(path, *text, value);
  const auto bad_lines = request.cookies.add_file(*text);
  if (!bad_lines.empty()) request.notices.push_back(describe_bad_lines(path, bad_lines));
  return {};
}

// Those of the headers and those of --cookie, in one field.
base::Result<void> add_cookies(const TypedRequest& typed, const HeaderLines& given, Request& request) {
  http::Headers& headers = request.options.headers;
  std::string value;
  for (const http::Field& field : headers) {
    if (http::equals_ignoring_case(field.name, cookie_field)) append_cookie(value, field.value);
  }
  for (const std::string& cookie : typed.cookies) {
    if (!cookie.starts_with('@')) {
      append_cookie(value, cookie);
    } else if (auto added = add_cookie_file(cookie.substr(1), request, value); !added) {
      return added;
    }
  }
  if (auto checked = check_value("--cookie", value); !checked) return checked;
  if (http::list_contains(given.left_out, cookie_field)) {
    request.cookies = {};
  } else if (!value.empty()) {
    headers.set(cookie_field, value);
  }
  return {};
}

}  // namespace

bool HeaderLines::mention(std::string_view name) const noexcept {
  return fields.contains(name) || http::list_contains(left_out, name);
}

base::Result<HeaderLines> read_headers(const std::vector<std::string>& typed) {
  const auto lines = expand_all(typed);
  if (!lines) return lines.error();
  HeaderLines headers;
  for (const std::string& line : *lines) {
    if (auto read = read_header(line, headers); !read) return std::move(read).error();
  }
  return headers;
}

base::Result<http::Credentials> read_credentials(const std::string& typed) {
  const std::size_t colon = typed.find(':');
  if (colon == std::string::npos) return base::usage_error("--user wants USER:PASSWORD");
  if (auto checked = check_value("--user", typed); !checked) return checked.error();
  return http::Credentials{typed.substr(0, colon), typed.substr(colon + 1)};
}

base::Result<Request> read_request(const TypedRequest& typed) {
  if (auto checked = check_texts(typed); !checked) return std::move(checked).error();
  const auto given = read_headers(typed.headers);
  if (!given) return given.error();
  Request request;
  ws::ConnectOptions& options = request.options;
  options.host = typed.host;
  options.origin = typed.origin;
  options.subprotocols = typed.subprotocols;
  options.version = typed.version;
  options.headers = given->fields;
  options.left_out = given->left_out;
  if (auto taken = take_subprotocols(options); !taken) return std::move(taken).error();
  if (auto added = add_authorization(typed, *given, options.headers); !added) return std::move(added).error();
  if (auto added = add_cookies(typed, *given, request); !added) return std::move(added).error();
  if (!typed.user_agent.empty() && !given->mention("User-Agent")) options.headers.add("User-Agent", typed.user_agent);
  return request;
}

}  // namespace wscope::cli
