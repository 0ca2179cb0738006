#include "cli/request.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

using namespace wscope;

namespace {

/// A file with some text, as long as it lives.
class TextFile {
 public:
  explicit TextFile(const std::string& text) {
    std::FILE* file = ::fdopen(::mkstemp(name_), "wb");
    std::fputs(text.c_str(), file);
    std::fclose(file);
  }
  ~TextFile() { std::remove(name_); }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  [[nodiscard]] std::string argument() const { return std::string("@") + name_; }

 private:
  char name_[32] = "/tmp/wscope-test-XXXXXX";
};

http::Headers headers_of(const cli::TypedRequest& typed) {
  const auto request = cli::read_request(typed);
  REQUIRE(request.ok());
  return request->headers;
}

std::string error_of(const cli::TypedRequest& typed) {
  const auto request = cli::read_request(typed);
  REQUIRE(!request.ok());
  CHECK(request.error().kind == base::ErrorKind::usage);
  return request.error().message;
}

}  // namespace

TEST_CASE("headers are sent as they are typed, repeats too") {
  CHECK(headers_of({.headers = {"X-A: 1", "x-a:2", "Empty:"}}) ==
        http::Headers{{"X-A", "1"}, {"x-a", "2"}, {"Empty", ""}});
}

TEST_CASE("headers and cookies come from files too") {
  const TextFile file("A: 1\r\n\nB: 2");
  CHECK(headers_of({.headers = {"Z: 0", file.argument()}}) == http::Headers{{"Z", "0"}, {"A", "1"}, {"B", "2"}});
  const TextFile jar("a=1\nb=2\n");
  CHECK(headers_of({.cookies = {jar.argument(), "c=3"}}) == http::Headers{{"Cookie", "a=1; b=2; c=3"}});
  const auto missing = cli::read_request({.headers = {"@/nonexistent/file"}});
  REQUIRE(!missing.ok());
  CHECK(missing.error().kind == base::ErrorKind::io);
  CHECK(missing.error().message == "/nonexistent/file: No such file or directory");
}

TEST_CASE("nothing that could end a header line gets into one") {
  CHECK(error_of({.headers = {"X: a\r\nY: b"}}) == "header X: a control character in its value");
  CHECK(error_of({.headers = {"X Y: a"}}).find("has no spaces") != std::string::npos);
  CHECK(error_of({.headers = {"X"}}).find("Name: value") != std::string::npos);
  CHECK(error_of({.origin = "a\nb"}) == "--origin: a control character");
  CHECK(error_of({.host = "a\nb"}) == "--host: a control character");
  CHECK(error_of({.user_agent = "a\nb"}) == "--user-agent: a control character");
  CHECK(error_of({.bearer = "a\nb"}) == "--bearer: a control character");
  CHECK(error_of({.cookies = {"a\nb"}}) == "--cookie: a control character");
  CHECK(error_of({.subprotocols = {"a b"}}) == "--subprotocol: not a token");
}

TEST_CASE("credentials become an Authorization header and are never quoted") {
  CHECK(headers_of({.user = "Aladdin:open sesame"}) ==
        http::Headers{{"Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}});
  CHECK(headers_of({.bearer = "t0k"}) == http::Headers{{"Authorization", "Bearer t0k"}});
  CHECK(error_of({.user = "secret"}) == "--user wants USER:PASSWORD");
  CHECK(error_of({.user = "a:b", .bearer = "c"}) == "--user and --bearer exclude each other");
}

TEST_CASE("a User-Agent header of one's own replaces the usual one") {
  CHECK(headers_of({.user_agent = "wscope"}) == http::Headers{{"User-Agent", "wscope"}});
  CHECK(headers_of({.headers = {"user-agent: me"}, .user_agent = "wscope"}) == http::Headers{{"user-agent", "me"}});
}
