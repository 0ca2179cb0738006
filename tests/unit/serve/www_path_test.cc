#include "serve/www_path.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;
using serve::read_www_path;

namespace {

std::string read(std::string_view path) {
  const serve::WwwPath read = read_www_path(path);
  if (read.status != 200) return std::to_string(read.status);
  return read.path + (read.has_slash ? " slash" : "");
}

}  // namespace

TEST_CASE("a path is decoded once") {
  CHECK(read("/") == " slash");
  CHECK(read("/a") == "a");
  CHECK(read("/a/b.txt") == "a/b.txt");
  CHECK(read("/a/b/") == "a/b slash");
  CHECK(read("/a%20b") == "a b");
  CHECK(read("/%61") == "a");
  CHECK(read("/%C3%a4") == "\xc3\xa4");
  CHECK(read("/%ff") == "\xff");
  CHECK(read("/a%2Fb") == "a/b");
  CHECK(read("/%2561") == "%61");
  CHECK(read("/a+b") == "a+b");
  CHECK(read("/a.b..c") == "a.b..c");
  CHECK(read("/.well-known/a") == ".well-known/a");
  CHECK(read("/.well-known/") == ".well-known slash");
}

TEST_CASE("a path that is no name of a file is not there") {
  for (const char* path : {"//",
                           "//evil.example",
                           "//evil.example/",
                           "/a//b",
                           "/a//",
                           "/..",
                           "/../a",
                           "/a/../b",
                           "/a/..",
                           "/.",
                           "/./a",
                           "/%2e%2e/a",
                           "/.%2e/a",
                           "/%2E/a",
                           "/.git/config",
                           "/a/.b",
                           "/%2ehtaccess",
                           "/..a",
                           "/a%00b",
                           "/%00",
                           "/a%0a",
                           "/a%0D%0Ab",
                           "/a%1fb",
                           "/a%7f",
                           "/a\\b",
                           "/a%5cb",
                           "/%5c..%5ca",
                           "/%2F/evil.example",
                           "/%2fevil.example/",
                           "/a/.well-known/b",
                           "/.well-known/.b",
                           "/.well-known2/a",
                           "/.well-knownx",
                           "a",
                           ""}) {
    CAPTURE(path);
    CHECK(read(path) == "404");
  }
}

TEST_CASE("what is not percent-encoded is a bad request") {
  for (const char* path : {"/%", "/a%", "/%2", "/%zz", "/%2g", "/%g2", "/%%41", "/a%u0041"}) {
    CAPTURE(path);
    CHECK(read(path) == "400");
  }
}

TEST_CASE("a path is written so that it is read again") {
  CHECK(serve::write_www_path("a b/\xc3\xa4?#%'\"<x>") == "a%20b/%C3%A4%3F%23%25%27%22%3Cx%3E");
  CHECK(serve::write_www_path("a-b._~") == "a-b._~");
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name = "x" + std::string(1, static_cast<char>(byte));
    if (serve::is_www_name(name)) CHECK(read("/" + serve::write_www_path(name)) == name);
  }
}
