#include "term/history.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace wscope::term {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): there is one thread
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

History::~History() {
  if (file_) file_->finish();
}

base::Result<void> History::open(const std::string& path) {
  file_.reset();
  HistoryFile file(path);
  auto entries = file.open(most);
  if (!entries) return std::move(entries).error();
  const std::vector<std::string> typed = std::exchange(entries_, std::move(*entries));
  for (const std::string& entry : typed) remember(entry);
  file_ = std::move(file);
  return {};
}

void History::add(std::string_view entry, bool secret) {
  if (entry.empty()) return;
  remember(entry);
  // Who cannot write now was told by open(), or the disk is full: the entry is still in memory.
  if (file_ && !secret) (void)file_->append(entry).ok();
}

void History::remember(std::string_view entry) {
  const auto same = std::find(entries_.begin(), entries_.end(), entry);
  if (same != entries_.end()) {
    std::rotate(same, same + 1, entries_.end());
    return;
  }
  if (entries_.size() == most) entries_.erase(entries_.begin());
  entries_.emplace_back(entry);
}

std::size_t History::size() const noexcept { return entries_.size(); }

const std::string& History::operator[](std::size_t index) const noexcept { return entries_[index]; }

std::string history_path() {
  const std::string_view state = environment("XDG_STATE_HOME");
  if (state.starts_with('/')) return std::string(state) + "/wscope/history";
  const std::string_view home = environment("HOME");
  return home.starts_with('/') ? std::string(home) + "/.local/state/wscope/history" : std::string();
}

}  // namespace wscope::term
