#include "streams/error_output.h"

#include <algorithm>
#include <string>
#include <utility>

#include "view/counted.h"

namespace wscope::streams {

// Once something is left out, what follows is, too, until all that waits is read: not a line here and a line there.
bool ErrorOutput::accepts() const noexcept {
  if (queue_.empty()) return true;
  return left_out_ == 0 && queue_.size() < (stuck_ ? high_water : most_waiting);
}

void ErrorOutput::print(std::string_view lines) {
  if (lines.empty()) return;
  if (screen_) return screen_(lines);
  if (failed_) return;
  if (!accepts()) {
    left_out_ += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
    return;
  }
  const bool waited = !queue_.empty();
  say_what_is_left_out();
  append(lines);
  if (!waited) flush();  // else the loop says when
}

void ErrorOutput::append(std::string_view lines) {
  if (!output_) {
    output_.emplace(net::SharedOutput::open(fd_));
    id_ = poller_.add(output_->poll_fd(), {}, *this);
  }
  static_cast<void>(queue_.append(base::as_bytes(lines)));  // far below what it can hold
}

void ErrorOutput::say_what_is_left_out() {
  if (left_out_ == 0) return;
  append("wscope: " + view::counted(left_out_, "line") + " left out here: nobody read the standard error\n");
  left_out_ = 0;
}

void ErrorOutput::flush() {
  bool moved = false;
  while (!queue_.empty()) {
    const net::IoResult result = output_->write(queue_.view());
    if (result.kind == net::IoResult::Kind::would_block) break;
    failed_ = result.kind != net::IoResult::Kind::done;
    queue_.consume(failed_ ? queue_.size() : result.bytes);
    moved = true;
  }
  if (moved) stuck_ = false;
  poller_.set_interest(id_, {.writable = !queue_.empty()});
  if (queue_.empty()) {
    queue_.release();
    watched_ = false;
    return poller_.set_deadline(id_, std::nullopt);
  }
  if (moved || !std::exchange(watched_, true)) poller_.set_deadline(id_, poller_.now() + patience_);
}

void ErrorOutput::handle_ready(net::Poller::Id, net::Readiness) {
  flush();
  if (!queue_.empty() || left_out_ == 0) return;
  say_what_is_left_out();
  flush();
}

void ErrorOutput::handle_deadline(net::Poller::Id, base::TimePoint) { stuck_ = true; }

void ErrorOutput::finish(std::string_view last_lines) {
  if (failed_) return;
  say_what_is_left_out();
  if (!last_lines.empty()) append(last_lines);
  if (queue_.empty()) return;
  flush();
  // Whoever was stuck before, and still is, has been waited for.
  const base::TimePoint end = poller_.now() + most_patiences * patience_;
  while (!queue_.empty() && !stuck_ && poller_.now() < end) {
    if (!poller_.run_once()) return;
  }
}

}  // namespace wscope::streams
