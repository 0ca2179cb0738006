// What is judged of all connections of a client together: its keys.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "check/case.h"
#include "check/heard.h"
#include "check/settings.h"
#include "ws/mask.h"

namespace wscope::check {

class ClientTally {
 public:
  void add(const Heard& heard);
  /// Of the cases c.key and c.masks. With too few connections or frames to tell, they are skipped.
  [[nodiscard]] Result judge(const Case& one) const;

 private:
  void add_key(const http::RequestHead& request);
  void add_masks(const std::vector<ws::MaskKey>& masks);

  std::set<std::string> keys_{};
  std::size_t requests_ = 0;
  std::optional<std::string> bad_key_{};
  std::set<ws::MaskKey> masks_{};
  std::size_t frames_ = 0;
  std::size_t repeats_ = 0;
  std::size_t steps_ = 0;  // from one mask to the next by one
};

}  // namespace wscope::check
