// The answer to a client's request, which may be one that no server sends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "check/step.h"
#include "http/head.h"

namespace wscope::check {

/// Begins as the right 101, and is changed step by step. In the texts of steps {accept} stands for the right value of
/// Sec-WebSocket-Accept, {other-case} for the same with the case of its letters changed, {protocol} for the first
/// subprotocol that the client offers or "x-wscope-none", {target} and {host} for parts of its request.
class AnswerDraft {
 public:
  /// Whether the step is about the answer: then it is remembered.
  [[nodiscard]] bool change(const Step& step);
  /// Adds the extension that was agreed on.
  void agree(std::string extension) { extension_ = std::move(extension); }

  /// The whole answer, whose status is 101 unless it is to be another.
  [[nodiscard]] std::string text(const http::RequestHead& request, int status, bool secure) const;

 private:
  std::vector<Step> changes_{};
  std::string extension_{};
};

}  // namespace wscope::check
