#include "cli/curl_arguments.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "cli/option_table.h"
#include "cli/parsing.h"
#include "http/field_syntax.h"
#include "http/headers.h"

namespace wscope::cli {
namespace {

enum class Meaning : unsigned char {
  ours,         // the option of ours that `ours` names
  url,          // the URL
  header,       // a field, or none of that name
  referer,      // the field of that name
  cookie,       // cookies, or the name of a file of them
  certificate,  // FILE[:PASSPHRASE]
  socks,        // a proxy without the scheme, which is socks5
  socks_names,  // and socks5h
  method,       // there is only one
  nothing,      // there is nothing here that it could mean
  body,         // which a WebSocket request has not
  help,
};

// An option of curl's. Others are taken for ours, which says so if there is none of that name either.
struct CurlOption {
  char letter;  // 0: none
  std::string_view name;
  bool has_value;
  Meaning meaning;
  OptionName ours = {};
};

constexpr CurlOption options_of_curl[] = {
    {0, "url", true, Meaning::url},
    {'H', "header", true, Meaning::header},
    {'e', "referer", true, Meaning::referer},
    {'b', "cookie", true, Meaning::cookie},
    {'E', "cert", true, Meaning::certificate},
    {0, "socks5", true, Meaning::socks},
    {0, "socks5-hostname", true, Meaning::socks_names},
    {'X', "request", true, Meaning::method},
    {'I', "head", false, Meaning::method},
    {'h', "help", false, Meaning::help},

    {'A', "user-agent", true, Meaning::ours, "--user-agent"},
    {'u', "user", true, Meaning::ours, "--user"},
    {0, "oauth2-bearer", true, Meaning::ours, "--bearer"},
    {'x', "proxy", true, Meaning::ours, "--proxy"},
    {'U', "proxy-user", true, Meaning::ours, "--proxy-user"},
    {'k', "insecure", false, Meaning::ours, "--insecure"},
    {'L', "location", false, Meaning::ours, "--location"},
    {0, "max-redirs", true, Meaning::ours, "--max-redirects"},
    {0, "cacert", true, Meaning::ours, "--cacert"},
    {0, "capath", true, Meaning::ours, "--capath"},
    {0, "key", true, Meaning::ours, "--key"},
    {0, "pass", true, Meaning::ours, "--passphrase"},
    {0, "tlsv1.2", false, Meaning::ours, "--tls-min=1.2"},
    {0, "tlsv1.3", false, Meaning::ours, "--tls-min=1.3"},
    {0, "ciphers", true, Meaning::ours, "--ciphers"},
    {0, "resolve", true, Meaning::ours, "--resolve"},
    {0, "connect-to", true, Meaning::ours, "--connect-to"},
    {0, "unix-socket", true, Meaning::ours, "--unix-socket"},
    {0, "connect-timeout", true, Meaning::ours, "--connect-timeout"},
    {'m', "max-time", true, Meaning::ours, "--timeout"},
    {'4', "ipv4", false, Meaning::ours, "--ipv4"},
    {'6', "ipv6", false, Meaning::ours, "--ipv6"},
    {'v', "verbose", false, Meaning::ours, "--verbose"},

    {'#', "progress-bar", false, Meaning::nothing},
    {'0', "http1.0", false, Meaning::nothing},
    {'1', "tlsv1", false, Meaning::nothing},
    {'D', "dump-header", true, Meaning::nothing},
    {'G', "get", false, Meaning::nothing},
    {'J', "remote-header-name", false, Meaning::nothing},
    {'N', "no-buffer", false, Meaning::nothing},
    {'O', "remote-name", false, Meaning::nothing},
    {'R', "remote-time", false, Meaning::nothing},
    {'S', "show-error", false, Meaning::nothing},
    {'Y', "speed-limit", true, Meaning::nothing},
    {'Z', "parallel", false, Meaning::nothing},
    {'c', "cookie-jar", true, Meaning::nothing},
    {'f', "fail", false, Meaning::nothing},
    {'g', "globoff", false, Meaning::nothing},
    {'i', "include", false, Meaning::nothing},
    {'j', "junk-session-cookies", false, Meaning::nothing},
    {'o', "output", true, Meaning::nothing},
    {'q', "disable", false, Meaning::nothing},
    {'s', "silent", false, Meaning::nothing},
    {'w', "write-out", true, Meaning::nothing},
    {'y', "speed-time", true, Meaning::nothing},
    {0, "basic", false, Meaning::nothing},
    {0, "cert-type", true, Meaning::nothing},
    {0, "compressed", false, Meaning::nothing},
    {0, "create-dirs", false, Meaning::nothing},
    {0, "fail-with-body", false, Meaning::nothing},
    {0, "http1.1", false, Meaning::nothing},
    {0, "http2", false, Meaning::nothing},
    {0, "http2-prior-knowledge", false, Meaning::nothing},
    {0, "http3", false, Meaning::nothing},
    {0, "keepalive-time", true, Meaning::nothing},
    {0, "key-type", true, Meaning::nothing},
    {0, "limit-rate", true, Meaning::nothing},
    {0, "max-filesize", true, Meaning::nothing},
    {0, "no-keepalive", false, Meaning::nothing},
    {0, "no-progress-meter", false, Meaning::nothing},
    {0, "output-dir", true, Meaning::nothing},
    {0, "path-as-is", false, Meaning::nothing},
    {0, "proxy-anyauth", false, Meaning::nothing},
    {0, "proxy-basic", false, Meaning::nothing},
    {'p', "proxytunnel", false, Meaning::nothing},
    {0, "raw", false, Meaning::nothing},
    {0, "retry", true, Meaning::nothing},
    {0, "retry-delay", true, Meaning::nothing},
    {0, "retry-max-time", true, Meaning::nothing},
    {0, "ssl-no-revoke", false, Meaning::nothing},
    {0, "stderr", true, Meaning::nothing},
    {0, "styled-output", false, Meaning::nothing},
    {0, "tcp-nodelay", false, Meaning::nothing},
    {0, "tr-encoding", false, Meaning::nothing},
    {0, "trace", true, Meaning::nothing},
    {0, "trace-ascii", true, Meaning::nothing},
    {0, "trace-time", false, Meaning::nothing},

    {'d', "data", true, Meaning::body},
    {0, "data-ascii", true, Meaning::body},
    {0, "data-binary", true, Meaning::body},
    {0, "data-raw", true, Meaning::body},
    {0, "data-urlencode", true, Meaning::body},
    {'F', "form", true, Meaning::body},
    {0, "form-string", true, Meaning::body},
    {'T', "upload-file", true, Meaning::body},
};

// The opening handshake makes these itself (RFC 6455 section 4.1), or has nothing to encode.
constexpr std::array<std::string_view, 7> own_fields = {
    "Upgrade",         "Connection",    "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions",
    "Accept-Encoding", "Content-Length"};

template <typename Condition>
const CurlOption* find_option(Condition condition) noexcept {
  const auto* found = std::find_if(std::begin(options_of_curl), std::end(options_of_curl), condition);
  return found == std::end(options_of_curl) ? nullptr : found;
}

class Translator {
 public:
  explicit Translator(const std::vector<std::string>& arguments) : rest_(arguments) {}

  base::Result<Translated> run() {
    if (!rest_.empty() && rest_.front() == "curl") ++next_;
    while (next_ < rest_.size()) {
      const std::string& argument = rest_[next_++];
      base::Result<void> done;
      if (argument.starts_with("--")) {
        done = take_long(argument);
      } else if (argument.size() > 1 && argument.front() == '-') {
        done = take_letters(argument);
      } else {
        out_.arguments.push_back(argument);
      }
      if (!done) return std::move(done).error();
    }
    return std::move(out_);
  }

 private:
  base::Result<void> take_long(const std::string& argument) {
    const std::string_view name = std::string_view(argument).substr(2);
    const CurlOption* option = find_option([&](const CurlOption& known) { return known.name == name; });
    if (option != nullptr) return take(*option, argument, "");
    out_.arguments.push_back(argument);
    return {};
  }

  // As in -sSH 'Name: value'.
  base::Result<void> take_letters(const std::string& argument) {
    for (std::size_t i = 1; i < argument.size(); ++i) {
      const char letter = argument[i];
      const std::string typed = std::string("-") + letter;
      const CurlOption* option = find_option([&](const CurlOption& known) { return known.letter == letter; });
      if (option == nullptr) return command_line_error("unknown option " + typed);
      if (option->has_value) return take(*option, typed, argument.substr(i + 1));
      if (auto done = take(*option, typed, ""); !done) return done;
    }
    return {};
  }

  // `value` is what was found in the same word; a value that is missing there is the next one.
  base::Result<void> take(const CurlOption& option, const std::string& typed, std::string value) {
    if (option.has_value && value.empty()) {
      if (next_ == rest_.size()) return command_line_error("curl's " + typed + " wants a value");
      value = rest_[next_++];
    }
    return translate(option, typed, value);
  }

  base::Result<void> translate(const CurlOption& option, const std::string& typed, const std::string& value) {
    switch (option.meaning) {
      case Meaning::ours:
        out_.arguments.push_back(std::string(option.ours.text()) + (option.has_value ? "=" + value : ""));
        return {};
      case Meaning::url:
        out_.arguments.push_back(value);
        return {};
      case Meaning::header:
        take_header(value);
        return {};
      case Meaning::referer:
        add("--header", "Referer: " + value);
        return {};
      case Meaning::cookie:
        // Without a file, so curl is told to take cookies, which we do anyway.
        if (!value.empty()) add("--cookie", value.find('=') == std::string::npos ? "@" + value : value);
        return {};
      case Meaning::certificate:
        take_certificate(value);
        return {};
      case Meaning::socks:
        add("--proxy", "socks5://" + value);
        return {};
      case Meaning::socks_names:
        add("--proxy", "socks5h://" + value);
        return {};
      case Meaning::method:
        if (value == "GET") return {};
        return command_line_error("curl's " + typed + ": the method of a WebSocket request is GET");
      case Meaning::nothing:
        return ignore(typed);
      case Meaning::body:
        return command_line_error("curl's " + typed + " sends a body, which a WebSocket request has not");
      case Meaning::help:
        out_.help = true;
        return {};
    }
    return {};
  }

  // Ours means the same, but what a browser's handshake has made is of no use in ours.
  void take_header(const std::string& line) {
    const std::size_t colon = line.find(':');
    const std::string_view name = std::string_view(line).substr(0, colon);
    const bool has_value =
        colon != std::string::npos && !http::trim_white_space(std::string_view(line).substr(colon + 1)).empty();
    const bool is_own = has_value && std::any_of(own_fields.begin(), own_fields.end(), [name](std::string_view own) {
                          return http::equals_ignoring_case(name, own);
                        });
    if (!is_own) add("--header", line);
  }

  // A colon of the file's name has a backslash before it.
  void take_certificate(const std::string& value) {
    std::string file;
    std::size_t i = 0;
    for (; i < value.size() && value[i] != ':'; ++i) {
      const bool escaped = value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == ':' || value[i + 1] == '\\');
      file += escaped ? value[++i] : value[i];
    }
    add("--cert", file);
    if (i + 1 < value.size()) add("--passphrase", value.substr(i + 1));
  }

  base::Result<void> ignore(const std::string& typed) {
    out_.ignored.push_back(typed);
    return {};
  }

  // In one word, so that no value is taken for an option.
  void add(OptionName option, const std::string& value) {
    out_.arguments.push_back(std::string(option.text()) + "=" + value);
  }

  const std::vector<std::string>& rest_;
  std::size_t next_ = 0;
  Translated out_;
};

}  // namespace

base::Result<Translated> translate_curl(const std::vector<std::string>& arguments) {
  return Translator(arguments).run();
}

std::vector<std::string_view> names_of_curl() {
  std::vector<std::string_view> names;
  for (const CurlOption& option : options_of_curl) names.push_back(option.name);
  return names;
}

}  // namespace wscope::cli
