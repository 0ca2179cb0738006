// A script for wscope run that shows a case alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/case_machine.h"
#include "check/settings.h"

namespace wscope::check {

/// Where evidence comes from, so that it can be had again.
struct Provenance {
  std::string url{};                  ///< without credentials
  std::vector<std::string> way{};     ///< options of a connection
  std::vector<std::string> manner{};  ///< options of the check that cases depend on
  std::uint64_t seed = 0;
};

/// The statements for what a case of a server has done and waits for; nothing if there are no words for it: of a
/// request that no option makes, and of what is judged otherwise than an event at a time. They have what was sent up to
/// where the case has ended, and fail where it does.
[[nodiscard]] std::optional<std::string> statements_of(const CaseMachine& machine, const Provenance& provenance);

/// The statement that has wscope check carry out the case itself; of what is judged of all cases, with the one in which
/// it was seen.
[[nodiscard]] std::string check_statement(const Result& result, const Provenance& provenance);

/// What a script begins with, in comments: what it is about, and how to run it.
[[nodiscard]] std::string script_head(const Result& result, const Provenance& provenance);

/// `text` as one word, for a script as well as for a shell.
[[nodiscard]] std::string in_quotes(const std::string& text);

}  // namespace wscope::check
