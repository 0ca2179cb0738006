#include "serve/www_listing.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("a folder is a list of links") {
  const std::string page = serve::write_listing("a b", {{{"c.txt", false}, {"d", true}}, true});
  CHECK(page.find("<!DOCTYPE html>\n") == 0);
  CHECK(page.find("<title>/a b/</title>") != std::string::npos);
  CHECK(page.find("<li><a href=\"../\">../</a>\n"
                  "<li><a href=\"./c.txt\">c.txt</a>\n"
                  "<li><a href=\"./d/\">d/</a>\n</ul>\n") != std::string::npos);
  CHECK(page.find("There are more") == std::string::npos);
  const std::string root = serve::write_listing("", {{}, false});
  CHECK(root.find("../") == std::string::npos);
  CHECK(root.find("There are more") != std::string::npos);
}

TEST_CASE("a list has bounds") {
  serve::WwwEntries list;
  for (std::size_t i = 0; i < serve::most_listed; ++i) list.entries.push_back({std::string(255, '<'), false});
  const std::string page = serve::write_listing("", list);
  CHECK(page.size() < serve::longest_listing + 10'000);
  CHECK(page.ends_with("</ul>\n<p>There are more.</p>\n"));
}

TEST_CASE("names on the list are names, whatever is in them") {
  const std::string page =
      serve::write_listing("<b>", {{{"<script>alert(1)<", false}, {"javascript:a", false}, {"a\"'&", false}}, true});
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<b>") == std::string::npos);
  CHECK(page.find("<a href=\"./%3Cscript%3Ealert%281%29%3C\">&lt;script&gt;") != std::string::npos);
  CHECK(page.find("href=\"./javascript%3Aa\"") != std::string::npos);
  CHECK(page.find("<a href=\"./a%22%27%26\">a&quot;&#39;&amp;</a>") != std::string::npos);
}
