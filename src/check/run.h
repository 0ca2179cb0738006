// wscope check: the cases on real connections.
#pragma once

#include "check/plan.h"
#include "link/loop.h"
#include "streams/outcome.h"

namespace wscope::check {

/// Checks a server, or lists the cases. Exit status 11: something has failed.
[[nodiscard]] streams::Outcome run_check(link::Loop& loop, const CheckPlan& plan);

/// What --list prints.
[[nodiscard]] std::string list_of_cases(const std::vector<Case>& cases, bool json);

}  // namespace wscope::check
