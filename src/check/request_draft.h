// The request of a case, which may be one that no client sends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "check/settings.h"
#include "check/step.h"

namespace wscope::check {

/// Small letters (of ASCII) as capital ones, and the other way round.
[[nodiscard]] std::string in_other_case(std::string text);

/// Begins as the plain request with a key of its own, and is changed step by step. `settings` outlives it.
class RequestDraft {
 public:
  RequestDraft(const Settings& settings, base::RandomSource& random);

  /// Begins again, with another key.
  void start_over(base::RandomSource& random);
  /// Whether the step is about the request: then it has been done. An error, of kind usage: its text cannot be meant.
  [[nodiscard]] base::Result<bool> change(const Step& step);
  /// A step that wants something which is not known, such as the name of a subprotocol: why the case is left out.
  [[nodiscard]] const std::optional<std::string>& lacks() const noexcept { return lacks_; }

  /// What is sent.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] const std::string& key() const noexcept { return key_; }
  /// The value of a field, as it will be sent; empty: it has none.
  [[nodiscard]] std::string value(std::string_view name) const;

  /// A text of a step, escapes read and {target} and its kin filled in.
  [[nodiscard]] base::Result<std::string> filled(std::string_view text);

 private:
  struct Line {
    std::string name;
    std::string value;
  };

  [[nodiscard]] std::string placeholder(std::string_view name);
  void set(std::string_view name, std::string value);
  [[nodiscard]] bool keep_plain();

  const Settings& settings_;
  std::string key_{};
  std::string method_{};
  std::string target_{};
  std::string version_{};
  std::optional<std::string> line_{};
  std::string first_{};
  std::vector<Line> fields_{};
  std::string before_{};
  std::string body_{};
  bool lf_ = false;
  bool lower_ = false;
  std::optional<std::string> lacks_{};
};

}  // namespace wscope::check
