#include "report/selection.h"

#include "talk/json.h"

namespace wscope::report {

bool Selection::lets_through(const talk::Message& message) const {
  if (select && !select->matches(message)) return false;
  if (!pick) return true;
  const auto json = message.json();
  return json && pick->visit(*json, [](const talk::Part& part) { return part.has_value(); });
}

void Selection::show_parts(const talk::Message& message, const std::function<void(std::string_view)>& show) const {
  pick->visit(*message.json(), [&show](const talk::Part& part) {
    if (!part) return false;
    const bool is_string = talk::type_of(*part) == talk::JsonType::string;
    show(is_string ? talk::unescape_json(*part) : talk::on_one_line(*part));
    return false;
  });
}

}  // namespace wscope::report
