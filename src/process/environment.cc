#include "process/environment.h"

#include <algorithm>
#include <iterator>

namespace wscope::process {
namespace {

constexpr std::string_view usual[] = {"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "TERM", "SHELL"};

std::string_view name_of(std::string_view line) noexcept { return line.substr(0, line.find('=')); }

bool is_usual(std::string_view name) noexcept {
  return name.starts_with("LC_") || std::find(std::begin(usual), std::end(usual), name) != std::end(usual);
}

bool wants(const std::vector<std::string>& wanted, std::string_view name) {
  if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) return true;
  const bool all = std::find(wanted.begin(), wanted.end(), "*") != wanted.end();
  return is_usual(name) || (all && !name.starts_with("HTTP_"));
}

}  // namespace

void Environment::set(std::string_view name, std::string_view value) {
  std::string line = std::string(name).append("=").append(value);
  const auto same = std::find_if(lines_.begin(), lines_.end(),
                                 [name](const std::string& candidate) { return name_of(candidate) == name; });
  same != lines_.end() ? static_cast<void>(*same = std::move(line)) : lines_.push_back(std::move(line));
}

void Environment::remove(std::string_view name) {
  std::erase_if(lines_, [name](const std::string& line) { return name_of(line) == name; });
}

std::vector<char*> Environment::pointers() const {
  std::vector<char*> pointers;
  pointers.reserve(lines_.size() + 1);
  // execve() changes none of them, for all that its type says.
  for (const std::string& line : lines_) pointers.push_back(const_cast<char*>(line.c_str()));  // NOLINT
  pointers.push_back(nullptr);
  return pointers;
}

Environment inherited_environment(const std::vector<std::string>& wanted, const char* const* ours) {
  Environment environment;
  for (; *ours != nullptr; ++ours) {
    const std::string_view line = *ours;
    const std::string_view name = name_of(line);
    if (name.size() < line.size() && wants(wanted, name)) environment.set(name, line.substr(name.size() + 1));
  }
  for (const std::string& one : wanted) {
    const std::string_view name = name_of(one);
    if (name.size() < one.size()) environment.set(name, std::string_view(one).substr(name.size() + 1));
  }
  return environment;
}

}  // namespace wscope::process
