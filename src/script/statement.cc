#include "script/statement.h"

#include <algorithm>
#include <iterator>

namespace wscope::script {
namespace {

struct KindName {
  std::string_view name;
  Kind kind;
};
constexpr KindName kinds[] = {
    {"text", Kind::text}, {"binary", Kind::binary}, {"json", Kind::json},   {"ping", Kind::ping},
    {"pong", Kind::pong}, {"close", Kind::close},   {"open", Kind::open},   {"refused", Kind::refused},
    {"fail", Kind::fail}, {"lost", Kind::lost},     {"error", Kind::error}, {"any", Kind::any},
    {"none", Kind::none},
};

}  // namespace

std::string_view name_of(Kind kind) noexcept {
  const auto* const found =
      std::find_if(std::begin(kinds), std::end(kinds), [kind](const KindName& one) { return one.kind == kind; });
  return found == std::end(kinds) ? "message" : found->name;
}

std::optional<Kind> kind_named(std::string_view name) noexcept {
  const auto* const found =
      std::find_if(std::begin(kinds), std::end(kinds), [name](const KindName& one) { return one.name == name; });
  return found == std::end(kinds) ? std::nullopt : std::optional(found->kind);
}

std::string place_text(const Script& script, const Statement& statement, LinePlace place) {
  return script.files[statement.file] + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

}  // namespace wscope::script
