#include "serve/exec_plan.h"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

#include "net/error.h"
#include "process/lookup.h"

extern char** environ;

namespace wscope::serve {

streams::MessageType usual_type(ExecFormat format) noexcept {
  const bool bytes = format == ExecFormat::raw || format == ExecFormat::base64;
  return bytes ? streams::MessageType::binary : streams::MessageType::text;
}

base::Result<process::Launch> find_launch(const ExecPlan& plan) {
  auto path = process::find_program(plan.arguments.front(), process::search_path());
  if (!path) return std::move(path).error();
  if (!plan.folder.empty()) {
    struct stat found {};
    if (::stat(plan.folder.c_str(), &found) != 0) return net::system_error(plan.folder, errno);
    if (!S_ISDIR(found.st_mode)) return net::system_error(plan.folder, ENOTDIR);
  }
  process::Launch launch;
  launch.path = *std::move(path);
  launch.arguments = plan.arguments;
  launch.environment = process::inherited_environment(plan.environment, environ);
  const bool has_term = std::any_of(plan.environment.begin(), plan.environment.end(), [](const std::string& variable) {
    return variable == "TERM" || variable.starts_with("TERM=");
  });
  if (plan.terminal && !has_term) launch.environment.set("TERM", "xterm-256color");
  launch.folder = plan.folder;
  launch.terminal = plan.terminal;
  launch.errors = plan.errors != ExecStderr::drop;
  return launch;
}

}  // namespace wscope::serve
