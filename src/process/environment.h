// The environment of programs: lines NAME=VALUE.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wscope::process {

/// An environment that grows; each name is in it once, in the order in which they came.
class Environment {
 public:
  /// What was said of that name before is forgotten.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }
  /// As execve() wants it, with a null behind the last; valid until it is changed.
  [[nodiscard]] std::vector<char*> pointers() const;

 private:
  std::vector<std::string> lines_;
};

/// What programs get of ours, of which `ours` are the lines, up to a null: PATH, HOME, USER, LOGNAME, LANG, LC_*, TZ,
/// TMPDIR, TERM, SHELL, and what `wanted` adds: "NAME", if we have it, "NAME=VALUE", or "*" for all but HTTP_*, which
/// are a request's.
[[nodiscard]] Environment inherited_environment(const std::vector<std::string>& wanted, const char* const* ours);

}  // namespace wscope::process
