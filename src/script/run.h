// Runs scripts: wscope run.
#pragma once

#include "link/loop.h"
#include "repl/command_line.h"
#include "script/run_plan.h"
#include "streams/outcome.h"

namespace wscope::script {

/// Reads all scripts, runs them and reports what has come of them. `command_line` reads the words behind `connect` and
/// `listen`. Signals are taken from here on. The outcome is that of the whole run: of a script that does not parse an
/// error of kind usage, before anything is opened.
[[nodiscard]] streams::Outcome run_scripts(link::Loop& loop, RunPlan plan, const repl::CommandLine& command_line);

}  // namespace wscope::script
