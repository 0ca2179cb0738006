#include "link/page.h"

#include <doctest/doctest.h>

#include <string>

using namespace wscope;

TEST_CASE("the page is small, and needs nothing from elsewhere") {
  const link::Answer page = link::page_answer();
  CHECK(page.status == 200);
  CHECK(page.body.size() < 12'000);
  for (const char* part : {"src=", "href=", "@import", "url(", "http:", "https:", "eval(", "innerHTML", "style=\""}) {
    CAPTURE(part);
    CHECK(page.body.find(part) == std::string::npos);
  }
}

TEST_CASE("the page may talk to another path") {
  CHECK(link::page_answer().body.find("<body>") != std::string::npos);
  const std::string body = link::page_answer("/a\"b&<c>").body;
  CHECK(body.find("<body data-path=\"/a&quot;b&amp;<c>\">") != std::string::npos);
  CHECK(link::page_answer("/a").headers == link::page_answer().headers);
}

TEST_CASE("all that is on the page can be reached and is named") {
  const std::string body = link::page_answer().body;
  for (const char* part : {"<html lang=", "name=\"viewport\"", "color-scheme: light dark", "role=\"status\"",
                           "role=\"log\"", "aria-label=\"Messages\"", "for=\"file\""}) {
    CAPTURE(part);
    CHECK(body.find(part) != std::string::npos);
  }
}
