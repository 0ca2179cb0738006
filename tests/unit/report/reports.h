// A Reporter whose output a test can look at.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/reporter.h"
#include "unit/streams/streams.h"

namespace wscope::test {

/// Events without their times, one each: {"event":"text","conn":1,"dir":"in","data":"hi"}.
inline std::vector<std::string> events_in(std::string_view lines) {
  constexpr std::string_view key = R"(,"time":")";
  std::vector<std::string> events;
  while (!lines.empty()) {
    std::string event(lines.substr(0, lines.find('\n')));
    lines.remove_prefix(event.size() + 1);
    const std::size_t time = event.find(key);
    REQUIRE(time != std::string::npos);
    event.erase(time, event.find('"', time + key.size()) + 1 - time);
    events.push_back(std::move(event));
  }
  return events;
}

/// The same in short: "open 1", "text 1 in".
inline std::vector<std::string> outline(std::string_view lines) {
  std::vector<std::string> events = events_in(lines);
  for (std::string& event : events) {
    const auto value = [&](std::string_view key) {
      const std::size_t at = event.find(key);
      if (at == std::string::npos) return std::string();
      return event.substr(at + key.size(), event.find_first_of("\",}", at + key.size()) - at - key.size());
    };
    const std::string direction = value(R"("dir":")");
    event = value(R"("event":")") + " " + value(R"("conn":)") + (direction.empty() ? "" : " " + direction);
  }
  return events;
}

/// stdout is its own, a pipe unless the test gives something else; stderr is the process's as long as it lives.
class Reports final {
 public:
  using Scope = report::Reporter::Scope;

  Reports(net::Poller& poller, const report::Reporting& reporting, Scope scope = Scope::one,
          net::UniqueFd prints_to = {})
      : out_(prints_to.valid() ? std::move(prints_to) : std::move(pipe_.write_end)),
        errors_(poller, STDERR_FILENO),
        reporter_(make(poller, reporting, scope)) {}

  [[nodiscard]] report::Reporter& operator*() noexcept { return reporter_; }
  [[nodiscard]] report::Reporter* operator->() noexcept { return &reporter_; }

  /// What was printed since the last call.
  [[nodiscard]] std::string out() {
    std::string text;
    std::vector<std::byte> room(65'536);
    for (pollfd polled{pipe_.read_end.get(), POLLIN, 0}; ::poll(&polled, 1, 0) == 1;) {
      const net::IoResult result = net::read_some(pipe_.read_end.get(), room);
      if (result.kind != net::IoResult::Kind::done) break;
      text += base::as_text(base::Bytes(room).first(result.bytes));
    }
    text += base::as_text(reporter_.output().queue().view());
    reporter_.output().queue().clear();
    return text;
  }
  [[nodiscard]] std::string err() {
    const std::string all = content_of(err_);
    return all.substr(std::exchange(seen_, all.size()));
  }

 private:
  // The reporter keeps the descriptor it has opened anew.
  report::Reporter make(net::Poller& poller, const report::Reporting& reporting, Scope scope) {
    const Replaced replaced(STDOUT_FILENO, out_);
    return {poller, errors_, reporting, scope};
  }

  net::UniqueFd err_ = temporary_file();
  std::size_t seen_ = 0;
  Replaced stderr_{STDERR_FILENO, err_};
  net::Pipe pipe_ = blocking_pipe();
  net::UniqueFd out_;
  streams::ErrorOutput errors_;
  report::Reporter reporter_;
};

}  // namespace wscope::test
