#include "check/evidence.h"

#include <cerrno>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "net/error.h"
#include "net/file.h"

namespace wscope::check {
namespace {

bool is_shown(Verdict verdict) noexcept { return verdict == Verdict::fail || verdict == Verdict::warn; }

}  // namespace

base::Result<void> Evidence::open() const {
  constexpr mode_t for_everybody = 0777;
  const bool is_made = ::mkdir(folder_.c_str(), for_everybody) == 0;
  if (!is_made && errno != EEXIST) return net::system_error(folder_, errno);
  struct stat about {};
  if (::stat(folder_.c_str(), &about) != 0) return net::system_error(folder_, errno);
  if (!S_ISDIR(about.st_mode)) return net::system_error(folder_, ENOTDIR);
  if (::access(folder_.c_str(), W_OK | X_OK) != 0) return net::system_error(folder_, errno);
  return {};
}

void Evidence::note(const Result& result, std::string log, std::optional<std::string> statements) {
  const bool failed = is_shown(result.verdict);
  const auto found = kept_.find(result.about->id);
  if (found != kept_.end() && found->second.failed && !failed) return;
  kept_.insert_or_assign(result.about->id, Kept{std::move(log), std::move(statements), failed});
}

void Evidence::add(const Result& result) {
  if (!is_shown(result.verdict)) return;
  const std::string& id = result.about->id;
  const bool is_seen_elsewhere = !result.found_in.empty();
  const auto found = kept_.find(is_seen_elsewhere ? result.found_in : id);
  if (found == kept_.end()) return;
  const Kept& kept = found->second;
  write(id + ".ndjson", kept.log);
  if (role_ == Role::client) return;
  // That the server is gone, and what is judged of all cases, is seen by the check alone.
  const bool shows_it = kept.statements && kept.failed && !is_seen_elsewhere;
  write(id + ".ws",
        script_head(result, provenance_) + (shows_it ? *kept.statements : check_statement(result, provenance_)));
}

void Evidence::write(const std::string& name, const std::string& text) {
  if (error_) return;
  if (auto written = net::write_regular_file(folder_ + "/" + name, text); !written) error_ = std::move(written).error();
}

}  // namespace wscope::check
