#include "term/undo.h"

#include <utility>

namespace wscope::term {

void UndoLog::record(Edit edit, bool typed) {
  if (join(edit, typed)) return;
  if (!in_group_) ++group_;
  edit.group = group_;
  edit.joined = typed && !in_group_ ? 1 : 0;
  bytes_ += edit.removed.size();
  edits_.push_back(std::move(edit));
  while (bytes_ > most_bytes) {
    bytes_ -= edits_.front().removed.size();
    edits_.pop_front();
  }
}

bool UndoLog::join(const Edit& edit, bool typed) noexcept {
  if (edits_.empty() || !edit.removed.empty()) return false;
  Edit& latest = edits_.back();
  if (edit.position != latest.position + latest.inserted) return false;
  if (in_group_) {
    if (latest.group != group_) return false;
  } else if (!typed || !latest.removed.empty() || latest.joined == 0 || latest.joined >= most_joined) {
    return false;
  }
  latest.inserted += edit.inserted;
  latest.joined += latest.joined == 0 ? 0 : 1;
  return true;
}

std::optional<UndoLog::Edit> UndoLog::take() {
  end_group();
  if (edits_.empty()) return std::nullopt;
  Edit edit = std::move(edits_.back());
  edits_.pop_back();
  bytes_ -= edit.removed.size();
  return edit;
}

bool UndoLog::goes_on(const Edit& edit) const noexcept { return !edits_.empty() && edits_.back().group == edit.group; }

void UndoLog::begin_group() noexcept {
  if (!in_group_) ++group_;
  in_group_ = true;
}

}  // namespace wscope::term
