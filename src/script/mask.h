// What nobody is to see, in what is printed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace wscope::script {

/// Secrets, each as it is, as JSON (also in ASCII alone, or with \\/), percent-encoded and in base64.
class Mask {
 public:
  /// `secret` is not empty.
  void add(std::string_view secret);
  [[nodiscard]] bool empty() const noexcept { return forms_.empty(); }
  /// `text` with *** in place of every one.
  [[nodiscard]] std::string apply(std::string text) const;
  /// Bytes of a message, likewise.
  [[nodiscard]] std::string apply(base::Bytes bytes) const { return apply(std::string(base::as_text(bytes))); }
  /// Whether there is one in it.
  [[nodiscard]] bool finds(base::Bytes bytes) const noexcept;

 private:
  std::vector<std::string> forms_{};  // the longest first
};

}  // namespace wscope::script
