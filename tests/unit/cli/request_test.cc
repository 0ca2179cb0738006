#include "cli/request.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace wscope;

namespace {

/// A file with some text, as long as it lives.
class TextFile {
 public:
  explicit TextFile(const std::string& text) {
    std::FILE* file = ::fdopen(::mkstemp(name_), "wb");
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
  }
  ~TextFile() { std::remove(name_); }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  [[nodiscard]] std::string argument() const { return std::string("@") + name_; }
  [[nodiscard]] std::string path() const { return name_; }

 private:
  char name_[32] = "/tmp/wscope-test-XXXXXX";
};

http::Headers headers_of(const cli::TypedRequest& typed) {
  const auto request = cli::read_request(typed);
  REQUIRE(request.ok());
  return request->options.headers;
}

cli::Request request_of(const cli::TypedRequest& typed) {
  auto request = cli::read_request(typed);
  REQUIRE(request.ok());
  return std::move(request).value();
}

/// The Cookie header that goes to `url`.
std::string cookies_of(const cli::Request& request, std::string_view url) {
  const std::string* typed = request.options.headers.find("Cookie");
  return request.cookies.value_for(http::parse_url(url).value(), typed == nullptr ? "" : *typed,
                                   http::CalendarTime(std::chrono::seconds(1'800'000'000)));
}

std::string error_of(const cli::TypedRequest& typed) {
  const auto request = cli::read_request(typed);
  REQUIRE(!request.ok());
  CHECK(request.error().kind == base::ErrorKind::usage);
  return request.error().message;
}

/// The message of what must be an error about a file.
std::string file_error_of(const cli::TypedRequest& typed) {
  const auto request = cli::read_request(typed);
  REQUIRE(!request.ok());
  CHECK(request.error().kind == base::ErrorKind::io);
  return request.error().message;
}

}  // namespace

TEST_CASE("a request asks for nothing of its own accord") {
  const auto request = cli::read_request({});
  REQUIRE(request.ok());
  CHECK(request->options.host.empty());
  CHECK(request->options.origin.empty());
  CHECK(request->options.subprotocols.empty());
  CHECK(request->options.headers.empty());
  CHECK(request->options.version == 13);
}

TEST_CASE("host, origin, subprotocols and version are as they are typed") {
  const auto request =
      cli::read_request({.subprotocols = {"b", "a", "b"}, .origin = "null", .host = "[::1]:80", .version = 8});
  REQUIRE(request.ok());
  CHECK(request->options.subprotocols == std::vector<std::string>{"b", "a", "b"});
  CHECK(request->options.origin == "null");
  CHECK(request->options.host == "[::1]:80");
  CHECK(request->options.version == 8);
  CHECK(request->options.headers.empty());
}

TEST_CASE("headers are sent as they are typed, repeats too") {
  CHECK(headers_of({.headers = {"X-A: 1", "x-a:2"}}) == http::Headers{{"X-A", "1"}, {"x-a", "2"}});
  CHECK(headers_of({.headers = {"Host: a", "Origin: b", "Authorization: c", "Cookie: d"}}) ==
        http::Headers{{"Host", "a"}, {"Origin", "b"}, {"Authorization", "c"}, {"Cookie", "d"}});
}

TEST_CASE("a header without a value is left out, one with a semicolon is sent empty") {
  const cli::Request request = request_of({.headers = {"Host:", "X:\t ", "Empty;", "Y: a;", "Z: ;"}});
  CHECK(request.options.left_out == std::vector<std::string>{"Host", "X"});
  CHECK(request.options.headers == http::Headers{{"Empty", ""}, {"Y", "a;"}, {"Z", ";"}});
  for (const char* line : {";", "a b;", "a; ", "a;;", "a;b"}) {
    CHECK(error_of({.headers = {line}}) == "a header is written Name: value, and its name has no spaces");
  }
  const TextFile file("Origin:\nEmpty;\n");
  const cli::Request from_file = request_of({.headers = {file.argument()}});
  CHECK(from_file.options.left_out == std::vector<std::string>{"Origin"});
  CHECK(from_file.options.headers == http::Headers{{"Empty", ""}});
}

TEST_CASE("a header says more than an option does") {
  const std::vector<std::string> given = {"authorization: a", "user-agent: b"};
  CHECK(headers_of({.headers = given, .user_agent = "me", .user = "a:b"}) ==
        http::Headers{{"authorization", "a"}, {"user-agent", "b"}});
  CHECK(headers_of({.headers = given, .user_agent = "me", .bearer = "t"}) ==
        http::Headers{{"authorization", "a"}, {"user-agent", "b"}});
  const std::vector<std::string> left_out = {"Authorization:", "User-Agent:", "Cookie:"};
  const TextFile jar("h\tFALSE\t/\tFALSE\t0\ta\tb\n");
  const cli::Request request =
      request_of({.headers = left_out, .user_agent = "me", .user = "a:b", .cookies = {"a=b", jar.argument()}});
  CHECK(request.options.headers.empty());
  CHECK(request.options.left_out == std::vector<std::string>{"Authorization", "User-Agent", "Cookie"});
  CHECK(request.cookies.empty());
}

TEST_CASE("a header Sec-WebSocket-Protocol offers subprotocols") {
  const cli::Request request =
      request_of({.headers = {"sec-websocket-protocol: mqtt,wamp", "X: y", "Sec-WebSocket-Protocol: a"},
                  .subprotocols = {"first"}});
  CHECK(request.options.subprotocols == std::vector<std::string>{"first", "mqtt", "wamp", "a"});
  CHECK(request.options.headers == http::Headers{{"X", "y"}});
  CHECK(headers_of({.headers = {"Sec-WebSocket-Protocol;"}}) == http::Headers{{"Sec-WebSocket-Protocol", ""}});
  CHECK(error_of({.headers = {"Sec-WebSocket-Protocol: a b"}}).starts_with("header Sec-WebSocket-Protocol: "));
}

TEST_CASE("there is one header of cookies") {
  CHECK(headers_of({.headers = {"cookie: a=1", "X: y", "Cookie: b=2;c=3"}, .cookies = {"d=4"}}) ==
        http::Headers{{"cookie", "a=1; b=2;c=3; d=4"}, {"X", "y"}});
  CHECK(headers_of({.headers = {"Cookie;"}, .cookies = {"d=4"}}) == http::Headers{{"Cookie", "d=4"}});
}

TEST_CASE("a Netscape cookie file is obeyed") {
  const TextFile jar(
      "# Netscape HTTP Cookie File\n\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\tabc\n"
      "#HttpOnly_.example.com\tTRUE\t/x\tTRUE\t1900000000\ttok\tx\n");
  const cli::Request request = request_of({.cookies = {"a=b", jar.argument()}});
  CHECK(request.options.headers == http::Headers{{"Cookie", "a=b"}});
  CHECK(request.notices.empty());
  CHECK(cookies_of(request, "ws://127.0.0.1:81/") == "a=b; sid=abc");
  CHECK(cookies_of(request, "wss://www.example.com/x/y") == "a=b; tok=x");
  CHECK(cookies_of(request, "ws://www.example.com/x/y") == "a=b");
}

TEST_CASE("lines of a Netscape cookie file that are none are left out, and that is said") {
  const TextFile one("# Netscape HTTP Cookie File\nh FALSE / FALSE 0 a s3cret\n");
  CHECK(request_of({.cookies = {one.argument()}}).notices ==
        std::vector<std::string>{one.path() + ": line 2 is no cookie, and left out"});
  const TextFile more("h\tFALSE\t/\tFALSE\t0\ta\tb\n\na=s3cret\nb=s3cret\n");
  const cli::Request request = request_of({.cookies = {more.argument()}});
  CHECK(request.notices ==
        std::vector<std::string>{more.path() + ": 2 lines are no cookies, and left out, line 3 first"});
  CHECK(cookies_of(request, "ws://h/") == "a=b");
}

TEST_CASE("a file of lines may have comments, and nothing else that is no cookie") {
  const TextFile lines("# mine\r\na=1\r\n\r\nb=2; c=3\r\n");
  CHECK(headers_of({.cookies = {lines.argument()}}) == http::Headers{{"Cookie", "a=1; b=2; c=3"}});
  for (const char* text : {"s3cret", "{\"a\": \"b=s3cret\"}", "[{\"a=s3cret\"}]", "set-cookie: a=s3cret"}) {
    const TextFile file(std::string("a=1\n") + text + "\n");
    CHECK(error_of({.cookies = {file.argument()}}) == file.path() + ":2: not a cookie");
  }
}

TEST_CASE("a header's value has no white space around it, and any byte but control characters inside") {
  CHECK(headers_of({.headers = {"A: \t b\tc : d\t "}}) == http::Headers{{"A", "b\tc : d"}});
  CHECK(headers_of({.headers = {"A: \xc3\xa9\xff"}}) == http::Headers{{"A", "\xc3\xa9\xff"}});
  CHECK(headers_of({.headers = {"A: @file"}}) == http::Headers{{"A", "@file"}});
  CHECK(headers_of({.headers = {"A:: :"}}) == http::Headers{{"A", ": :"}});
}

TEST_CASE("headers and cookies come from files too") {
  const TextFile file("A: 1\r\n\nB: 2");
  CHECK(headers_of({.headers = {"Z: 0", file.argument()}}) == http::Headers{{"Z", "0"}, {"A", "1"}, {"B", "2"}});
  CHECK(headers_of({.headers = {file.argument(), "Z: 0", file.argument()}}).size() == 5);
  const TextFile jar("a=1\nb=2\n");
  CHECK(headers_of({.cookies = {jar.argument(), "c=3"}}) == http::Headers{{"Cookie", "a=1; b=2; c=3"}});
  const TextFile nothing("\n\r\n\n");
  CHECK(headers_of({.headers = {nothing.argument()}, .cookies = {nothing.argument()}}).empty());
}

TEST_CASE("a file of headers may be long") {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "A: " + std::to_string(i) + "\n";
  const TextFile file(text);
  const http::Headers headers = headers_of({.headers = {file.argument()}});
  CHECK(headers.size() == 2000);
  CHECK((headers.end() - 1)->value == "1999");
}

TEST_CASE("what is wrong in a file is as wrong as on the command line") {
  const TextFile space(" A: 1\n");
  CHECK(error_of({.headers = {space.argument()}}) == "a header is written Name: value, and its name has no spaces");
  const TextFile nested("@other\n");
  CHECK(error_of({.headers = {nested.argument()}}) == "a header is written Name: value, and its name has no spaces");
  const TextFile zero(std::string("A: a\0b", 6));
  CHECK(error_of({.headers = {zero.argument()}}) == "header A: a control character in its value");
  const TextFile control("a=b\x01\n");
  CHECK(error_of({.cookies = {control.argument()}}) == "--cookie: a control character");
}

TEST_CASE("a file that cannot be read is an error that names it") {
  CHECK(file_error_of({.headers = {"@/nonexistent/file"}}) == "/nonexistent/file: no such file or directory");
  CHECK(file_error_of({.headers = {"A: 1", "@/"}}) == "/: is a directory");
  CHECK(file_error_of({.cookies = {"@/nonexistent/jar"}}) == "/nonexistent/jar: no such file or directory");
  CHECK(file_error_of({.cookies = {"@"}}).find("no such file or directory") != std::string::npos);
}

TEST_CASE("nothing that could end a header line gets into one") {
  CHECK(error_of({.headers = {"X: a\r\nY: b"}}) == "header X: a control character in its value");
  for (const char* line : {"X", "", "X Y: a", " X: a", "X : a", ": a", ":", "X\r\n: a", "\xc3\xa9: a", "[a]"}) {
    CHECK(error_of({.headers = {line}}) == "a header is written Name: value, and its name has no spaces");
  }
  for (const char* value : {"a\nb", "a\rb", "\x7f", "\x1b[0m"}) {
    CHECK(error_of({.origin = value}) == "--origin: a control character");
    CHECK(error_of({.host = value}) == "--host: a control character");
    CHECK(error_of({.user_agent = value}) == "--user-agent: a control character");
    CHECK(error_of({.bearer = value}) == "--bearer: a control character");
    CHECK(error_of({.user = value}) == "--user: a control character");
    CHECK(error_of({.user = std::string("me:") + value}) == "--user: a control character");
    CHECK(error_of({.cookies = {value}}) == "--cookie: a control character");
  }
  for (const char* name : {"", "a b", "a,b", "a\n", "\xc3\xa9"}) {
    CHECK(error_of({.subprotocols = {"a", name}}) == "--subprotocol: not a token");
  }
}

TEST_CASE("credentials become an Authorization header and are never quoted") {
  CHECK(headers_of({.user = "Aladdin:open sesame"}) ==
        http::Headers{{"Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}});
  CHECK(headers_of({.bearer = "t0k"}) == http::Headers{{"Authorization", "Bearer t0k"}});
  for (const char* text : {"t0k", "t0k\n", " t0k\t\r\nsecond line\n"}) {
    const TextFile file(text);
    CHECK(headers_of({.bearer = file.argument()}) == http::Headers{{"Authorization", "Bearer t0k"}});
  }
  CHECK(headers_of({.user = "me"}).empty());  // the password is not known yet
  CHECK(error_of({.user = "a:b", .bearer = "c"}) == "--user and --bearer exclude each other");
}

TEST_CASE("a file without a token is an error that quotes nothing of it") {
  for (const char* text : {"", "\n", " \r\nt0k\n"}) {
    const TextFile file(text);
    CHECK(file_error_of({.bearer = file.argument()}) ==
          file.argument().substr(1) + ": its first line is empty: no token");
  }
  const TextFile controls("t0\x01k\n");
  CHECK(error_of({.bearer = controls.argument()}) == "--bearer: a control character");
  CHECK(file_error_of({.bearer = "@/nowhere"}) == "/nowhere: no such file or directory");
}

TEST_CASE("a user's name ends at the first colon") {
  const auto credentials = [](const std::string& typed) {
    const auto read = cli::read_credentials(typed);
    REQUIRE(read.ok());
    return *read;
  };
  CHECK(credentials("me:secret") == http::Credentials{"me", "secret"});
  CHECK(credentials("me:a:b:") == http::Credentials{"me", "a:b:"});
  CHECK(credentials("me:") == http::Credentials{"me", ""});
  CHECK(credentials(":secret") == http::Credentials{"", "secret"});
  CHECK(credentials(":") == http::Credentials{});
  for (const char* typed : {"", "me", "me:a\nb", "m\re:a", "me:\x7f"}) CHECK(!cli::read_credentials(typed).ok());
}

TEST_CASE("a User-Agent header of one's own replaces the usual one") {
  CHECK(headers_of({.user_agent = "wscope"}) == http::Headers{{"User-Agent", "wscope"}});
  CHECK(headers_of({.headers = {"user-agent: me"}, .user_agent = "wscope"}) == http::Headers{{"user-agent", "me"}});
}

TEST_CASE("headers stand in the order of what is asked for") {
  CHECK(headers_of({.headers = {"A: 1"}, .user_agent = "me", .user = "a:b", .cookies = {"c=d"}}) ==
        http::Headers{{"A", "1"}, {"Authorization", "Basic YTpi"}, {"Cookie", "c=d"}, {"User-Agent", "me"}});
}
