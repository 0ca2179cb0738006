#include "view/counted.h"

#include <fmt/format.h>

namespace wscope::view {

std::string counted(std::uint64_t number, std::string_view thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

}  // namespace wscope::view
