#include "view/xml.h"

#include <doctest/doctest.h>

using namespace wscope;

TEST_CASE("what means something in XML is written out") {
  CHECK(view::xml_text("a<b>&\"c\"\n") == "a&lt;b&gt;&amp;&quot;c&quot;\n");
  CHECK(view::xml_attribute("name", "a\nb\t<") == " name=\"a&#10;b&#9;&lt;\"");
}

TEST_CASE("what XML cannot hold is escaped") {
  CHECK(view::xml_text("\x1b[m") == "\\x1b[m");
  CHECK(view::xml_text("\xef\xbf\xbf\xef\xbf\xbe") == "\\u{ffff}\\u{fffe}");
}
