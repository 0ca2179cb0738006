// What was found out about an endpoint besides verdicts: its limits, its habits, what it is.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "check/report.h"
#include "check/settings.h"

namespace wscope::check {

/// Sums up the results that measure, for a few lines of a report.
class Findings {
 public:
  void add(const Result& result);

  /// "message 1 048 576 B (1009 at the header) · frame same · …"; empty: nothing was measured.
  [[nodiscard]] std::string limits() const;
  /// "pings us every 20.0 s · handshake timeout 10.0 s · …"
  [[nodiscard]] std::string times() const;
  /// "round trip 0.10/0.20/0.40 ms · …"
  [[nodiscard]] std::string habits() const;
  /// All that, and what it is, each on a line of its own with a word in front; empty: there is nothing to tell.
  [[nodiscard]] std::string lines(const Facts& facts) const;

 private:
  struct Place;
  [[nodiscard]] std::string joined(char line) const;

  std::map<std::string, std::string, std::less<>> seen_{};  // by the id of the case
};

/// Of a Sec-WebSocket-Extensions header, in words: "permessage-deflate, windows 9-15, context takeover both ways".
[[nodiscard]] std::string extension_words(const Facts& facts);

}  // namespace wscope::check
