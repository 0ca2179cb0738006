// The environment of a test.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace wscope::test {

/// Variables that have some values, or are not there, as long as it lives.
class Environment {
 public:
  struct Variable {
    std::string name;
    std::optional<std::string> value{};
  };

  explicit Environment(const std::vector<Variable>& variables) {
    for (const Variable& variable : variables) {
      const char* value = std::getenv(variable.name.c_str());
      before_.push_back({variable.name, value != nullptr ? std::optional<std::string>(value) : std::nullopt});
      set(variable);
    }
  }
  ~Environment() {
    for (auto variable = before_.rbegin(); variable != before_.rend(); ++variable) set(*variable);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  static void set(const Variable& variable) {
    if (variable.value) {
      ::setenv(variable.name.c_str(), variable.value->c_str(), 1);
    } else {
      ::unsetenv(variable.name.c_str());
    }
  }

  std::vector<Variable> before_;
};

/// No proxies but these.
inline std::vector<Environment::Variable> only(std::vector<Environment::Variable> variables) {
  std::vector<Environment::Variable> all;
  for (const char* name :
       {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
    all.push_back({name});
  }
  all.insert(all.end(), variables.begin(), variables.end());
  return all;
}

}  // namespace wscope::test
