#include "net/deadlines.h"

namespace wscope::net {

void Deadlines::set(std::uint32_t key, std::optional<base::TimePoint> deadline) {
  if (key >= keys_.size()) {
    if (!deadline) return;
    keys_.resize(key + 1);
  }
  keys_[key].deadline = deadline;
  if (!deadline) return;
  const std::uint32_t position = keys_[key].position;
  if (position == absent) {
    heap_.emplace_back();
    sift_up(static_cast<std::uint32_t>(heap_.size() - 1), {*deadline, key});
  } else if (*deadline < heap_[position].when) {
    sift_up(position, {*deadline, key});
  }
}

std::optional<base::TimePoint> Deadlines::next() {
  settle();
  if (heap_.empty()) return std::nullopt;
  return heap_.front().when;
}

std::optional<std::uint32_t> Deadlines::take_due(base::TimePoint now) {
  settle();
  if (heap_.empty() || heap_.front().when > now) return std::nullopt;
  const std::uint32_t key = heap_.front().key;
  keys_[key].deadline.reset();
  remove_top();
  return key;
}

// Until the top tells the truth, puts it where its key's deadline now belongs.
void Deadlines::settle() {
  while (!heap_.empty()) {
    const Node top = heap_.front();
    const std::optional<base::TimePoint> deadline = keys_[top.key].deadline;
    if (deadline == top.when) return;
    if (deadline) {
      sift_down(0, {*deadline, top.key});
    } else {
      remove_top();
    }
  }
}

void Deadlines::remove_top() noexcept {
  keys_[heap_.front().key].position = absent;
  const Node last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) sift_down(0, last);
}

void Deadlines::place(std::uint32_t position, Node node) noexcept {
  heap_[position] = node;
  keys_[node.key].position = position;
}

void Deadlines::sift_up(std::uint32_t position, Node node) noexcept {
  while (position > 0) {
    const std::uint32_t parent = (position - 1) / 2;
    if (heap_[parent].when <= node.when) break;
    place(position, heap_[parent]);
    position = parent;
  }
  place(position, node);
}

void Deadlines::sift_down(std::uint32_t position, Node node) noexcept {
  const auto size = static_cast<std::uint32_t>(heap_.size());
  for (std::uint32_t child = 2 * position + 1; child < size; child = 2 * position + 1) {
    if (child + 1 < size && heap_[child + 1].when < heap_[child].when) ++child;
    if (node.when <= heap_[child].when) break;
    place(position, heap_[child]);
    position = child;
  }
  place(position, node);
}

}  // namespace wscope::net
