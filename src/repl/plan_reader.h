// What is asked for behind /connect and /listen.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "link/plan.h"

namespace wscope::repl {

/// A connection, a server, or only the help about it.
using Wanted = std::variant<link::ConnectPlan, link::ServePlan, std::string>;

/// Reads words, without quotes, of which the first is "connect" or "listen": the rest are those of a command line,
/// which are known above. An error is of kind usage, or what is wrong with a URL or a file.
using PlanReader = base::Result<Wanted> (*)(const std::vector<std::string>& words);

}  // namespace wscope::repl
