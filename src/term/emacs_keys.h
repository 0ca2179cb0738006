// The keys of readline's emacs mode.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "term/editing.h"
#include "term/incremental_search.h"
#include "term/key.h"

namespace wscope::term {

/// Keys in, what they do to the text.
class EmacsKeys {
 public:
  [[nodiscard]] EditRequest receive(Editing& editing, IncrementalSearch& search, Key key);
  /// Forgets prefixes and arguments.
  void reset() noexcept;
  /// "(arg: 5) " while a numeric argument is typed.
  [[nodiscard]] std::string status() const;

 private:
  enum class Prefix : std::uint8_t { none, escape, control_x, find_on, find_back, quoted };

  [[nodiscard]] bool take_argument(const Key& key) noexcept;
  [[nodiscard]] Count take_count() noexcept;
  [[nodiscard]] EditRequest handle_prefixed(Editing& editing, Prefix prefix, const Key& key);
  [[nodiscard]] EditRequest run(Editing& editing, IncrementalSearch& search, const Key& key);

  struct Argument {
    bool negative = false;
    std::optional<int> digits{};
  };
  Prefix prefix_ = Prefix::none;
  std::optional<Argument> argument_;
};

}  // namespace wscope::term
