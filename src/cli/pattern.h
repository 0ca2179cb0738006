// Regular expressions, as grep -E has them.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <regex.h>

#include "base/bytes.h"
#include "base/result.h"

namespace wscope::cli {

/// A POSIX extended regular expression. Move only.
class Pattern {
 public:
  /// An error of kind usage says what is wrong with `expression`.
  [[nodiscard]] static base::Result<Pattern> compile(const std::string& expression);

  /// Whether it matches anywhere in the first 2 GiB of `text`.
  [[nodiscard]] bool matches(base::Bytes text) const;

 private:
  struct Free {
    void operator()(regex_t* compiled) const noexcept;
  };
  explicit Pattern(std::unique_ptr<regex_t, Free> compiled) noexcept : compiled_(std::move(compiled)) {}

  std::unique_ptr<regex_t, Free> compiled_;
};

}  // namespace wscope::cli
