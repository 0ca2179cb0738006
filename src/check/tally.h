// What is judged of all cases together.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "check/case.h"
#include "check/client_tally.h"
#include "check/heard.h"
#include "check/settings.h"

namespace wscope::check {

/// Sums up what was heard.
class Tally {
 public:
  void add(const Case& one, const Heard& heard);

  /// Of a case without a program: what comes of all others; `target` is that of the URL.
  [[nodiscard]] Result judge(const Case& one, const Settings& settings) const;

 private:
  struct Finding {
    std::string seen{};
    std::string found_in{};
    bool is_minor = false;
  };
  static void note(std::optional<Finding>& finding, const Case& one, std::string seen, bool is_minor = false);

  std::size_t count_ = 0;
  std::size_t refusals_ = 0;
  std::optional<Finding> upgrade_of_426_{};
  std::optional<Finding> form_{};
  std::optional<Finding> crash_{};
  std::optional<Finding> leak_{};
  std::array<std::optional<Finding>, invariant_count> invariants_{};
  ClientTally clients_{};
};

}  // namespace wscope::check
