// What is told of a program that has ended.
#pragma once

#include <sys/types.h>

#include "link/happening.h"
#include "process/status.h"

namespace wscope::serve {

/// Tells `report` how the process of a connection has ended.
void report_exit(link::Report& report, link::ConnectionNumber number, pid_t process, const process::Status& status);

}  // namespace wscope::serve
