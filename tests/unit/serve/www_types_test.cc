#include "serve/www_types.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("the type of a file is that of its extension") {
  CHECK(serve::type_of_file("index.html") == "text/html; charset=utf-8");
  CHECK(serve::type_of_file("a/b.JS") == "text/javascript; charset=utf-8");
  CHECK(serve::type_of_file("a.tar.gz") == "application/gzip");
  CHECK(serve::type_of_file("a.svg") == "image/svg+xml");
  CHECK(serve::type_of_file("a.wasm") == "application/wasm");
  CHECK(serve::type_of_file("a.woff2") == "font/woff2");
  for (const char* name : {"README", "a.", "a.unknown", "html", "a.html/b", ""}) {
    CAPTURE(name);
    CHECK(serve::type_of_file(name) == "application/octet-stream");
  }
}
