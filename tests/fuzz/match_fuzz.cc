// Any text as a MATCH: of a command line, of a script, in front of =TEXT; and as a template. Behind the first NUL there
// is a message to be looked at.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/utf8.h"
#include "require.h"
#include "talk/match.h"

using namespace wscope;
using fuzz::require;

namespace {

class Digits final : public talk::Names {
 public:
  [[nodiscard]] std::optional<talk::Value> find(const talk::Name& name) const override {
    return talk::Value{talk::Value::Kind::text, name.text};
  }
};

void look(const talk::Match& match, std::string_view payload) {
  for (const bool binary : {false, true}) {
    const talk::Message message(base::as_bytes(payload), binary);
    const bool matches = match.matches(message);
    require(matches == match.matches(message));
    if (matches) require(match.groups(message).size() == match.group_count() + 1);
  }
}

void try_source(std::string_view text, std::string_view payload, talk::Source::Names names) {
  talk::Source source(text, names);
  const auto match = talk::Match::read(source);
  require(match.has_value() != source.flaw().has_value());
  require(source.position() <= text.size());
  if (source.flaw()) require(source.flaw()->at <= text.size() && !talk::describe(*source.flaw(), text).excerpt.empty());
  if (!match || match->file() != nullptr) return;
  if (match->names().empty()) return look(*match, payload);
  if (const auto filled = match->fill(Digits())) look(*filled, payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view text = all.substr(0, all.find('\0'));
  const std::string_view payload = all.substr(text.size() < all.size() ? text.size() + 1 : text.size());
  if (!base::is_utf8(base::as_bytes(text))) return 0;
  if (const auto match = talk::Match::parse_argument(text)) look(*match, payload);
  try_source(text, payload, talk::Source::Names::plain);
  try_source(text, payload, talk::Source::Names::filled_in);
  talk::Source source(text);
  if (const auto match = talk::Match::read_before_equals(source)) {
    require(source.front() == '=');
    look(*match, payload);
  }
  if (const auto made = talk::Template::parse(text)) require(made->fill(Digits()).ok());
  return 0;
}
