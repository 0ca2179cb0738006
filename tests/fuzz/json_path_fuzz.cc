// A path, an expression or nothing, a line feed, and any text as JSON that it leads into.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/utf8.h"
#include "require.h"
#include "talk/expression.h"
#include "talk/json.h"
#include "talk/json_compare.h"
#include "talk/json_reader.h"
#include "talk/path.h"
#include "view/json_layout.h"

using namespace wscope;
using fuzz::require;

namespace {

void check_value(std::string_view value) {
  const std::string line = talk::on_one_line(value);
  require(talk::is_json(line));
  const talk::Comparand comparand(value);
  require(comparand.equals(line));
  require(comparand.equals(value));
  require(talk::canonical(value) == talk::canonical(line));
  require(talk::Likeness(line)(value));
  if (const auto order = comparand.order(line)) require(*order == 0);
  if (talk::type_of(value) == talk::JsonType::string) {
    std::string again;
    talk::append_json_string(talk::unescape_json(value), again);
    require(comparand.equals(again));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view language = all.substr(0, all.find('\n'));
  const std::string_view text = all.substr(language.size() < all.size() ? language.size() + 1 : language.size());
  const bool is_json = talk::is_json(text);
  require(is_json == view::pretty_json(text).has_value());
  if (!is_json) return 0;
  const std::string_view value = talk::trim_json(text);
  check_value(value);
  if (!base::is_utf8(base::as_bytes(language))) return 0;
  talk::Source source(language);
  if (const auto expression = talk::Expression::read(source)) static_cast<void>(expression->holds(value));
  if (const auto path = talk::Path::parse(language)) {
    path->visit(value, [value](const talk::Part& part) {
      if (!part) return false;
      require(part->data() >= value.data() && part->data() + part->size() <= value.data() + value.size());
      require(talk::is_json(*part));
      return false;
    });
  }
  return 0;
}
