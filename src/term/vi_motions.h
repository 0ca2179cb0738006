// Where the motions of vi lead.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "term/editing.h"

namespace wscope::term {

struct ViMotion {
  std::size_t place = 0;
  bool inclusive = false;  ///< an operator takes what is at `place` too
};

/// The motions that are one character, and f, F, t, T with the one they look for.
class ViMotions {
 public:
  /// Whether it is f, F, t or T.
  [[nodiscard]] static bool finds(char motion) noexcept;
  [[nodiscard]] std::optional<ViMotion> find(char motion, std::string_view wanted, std::string_view text,
                                             std::size_t place, Count count);

  /// Nothing if it is no motion or leads nowhere. For an operator, w does not leave the line.
  [[nodiscard]] std::optional<ViMotion> go(char motion, std::string_view text, std::size_t place, Count count,
                                           bool for_operator) const;
  /// What cw changes: to the end of the word, without the blanks behind it.
  [[nodiscard]] static std::optional<ViMotion> change_word(char motion, std::string_view text, std::size_t place,
                                                           Count count);
  [[nodiscard]] static bool is_motion(char motion) noexcept;

 private:
  [[nodiscard]] std::optional<ViMotion> find_again(bool reversed, std::string_view text, std::size_t place,
                                                   Count count) const;

  char kind_ = 0;  // of the latest find
  std::string wanted_;
};

}  // namespace wscope::term
