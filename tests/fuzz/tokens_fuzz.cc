// Files of tokens, what a request names of them, and targets.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "require.h"
#include "serve/relay_plan.h"
#include "serve/token_table.h"

using namespace wscope;
using fuzz::require;

namespace {

// What is read can be written and read again.
void check_target(std::string_view text) {
  const auto target = serve::parse_target(text);
  if (!target) {
    require(!target.error().message.empty() && target.error().kind == base::ErrorKind::usage);
    return;
  }
  const auto again = serve::parse_target(target->text());
  require(again.ok());
  if (target->kind != serve::Target::Kind::websocket) require(*again == *target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_target(text);
  static_cast<void>(serve::parse_target_or_address(text));
  static_cast<void>(serve::parse_route(text));
  const auto table = serve::TokenTable::parse(text);
  if (!table) require(table.error().message.find("line ") == 0);
  if (const auto token = serve::token_of(text)) {
    require(serve::is_token_name(*token));
    const std::string line = *token + ": echo:\n";
    const auto of_one = serve::TokenTable::parse(line);
    require(of_one.ok() && of_one->size() == 1 && of_one->find(*token) != nullptr);
    if (table) static_cast<void>(table->find(*token));
  }
  return 0;
}
