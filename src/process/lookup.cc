#include "process/lookup.h"

#include <cerrno>
#include <climits>
#include <cstdlib>

#include <sys/stat.h>
#include <unistd.h>

#include "net/error.h"

namespace wscope::process {
namespace {

// 0, or why it is no program.
int judge(const std::string& path) noexcept {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return errno;
  if (S_ISDIR(found.st_mode)) return EISDIR;
  if (!S_ISREG(found.st_mode)) return EACCES;
  return ::access(path.c_str(), X_OK) == 0 ? 0 : errno;
}

// The programs begin elsewhere.
base::Result<std::string> absolute(const std::string& path) {
  if (path.starts_with('/')) return path;
  char here[PATH_MAX];
  if (::getcwd(here, sizeof here) == nullptr) return net::system_error("the current folder", errno);
  return std::string(here) + "/" + path;
}

}  // namespace

base::Result<std::string> find_program(const std::string& name, std::string_view path) {
  if (name.find('/') != std::string::npos) {
    if (const int error = judge(name); error != 0) return net::system_error(name, error);
    return absolute(name);
  }
  int reason = ENOENT;
  while (!name.empty()) {
    const std::size_t end = path.find(':');
    const std::string_view folder = path.substr(0, end);
    const std::string candidate = (folder.empty() ? "." : std::string(folder)) + "/" + name;
    const int error = judge(candidate);
    if (error == 0) return absolute(candidate);
    if (error == EACCES) reason = EACCES;
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
  }
  if (reason == ENOENT) return base::Error{base::ErrorKind::io, name + ": there is no such program"};
  return net::system_error(name, reason);
}

std::string search_path() {
  const char* const path = std::getenv("PATH");
  return path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
}

}  // namespace wscope::process
