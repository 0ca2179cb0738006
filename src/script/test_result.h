// What has come of a script.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "view/timestamp.h"

namespace wscope::script {

enum class Verdict : std::uint8_t { passed, failed, skipped };

/// "passed", "failed", "skipped"
[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;

/// Why a script has failed: lines for a person that end without a line feed, with no secrets; they may hold what a peer
/// has sent, escaped.
struct Failure {
  std::string place;      ///< "login.ws:5:13", of an included file if that has it; empty: no statement failed
  std::size_t line = 0;   ///< of it, from 1; 0: there is none
  std::string message;    ///< "no match in 2.0 s; 1 message came"
  std::string excerpt{};  ///< as base::Error has it: indented, with a caret below what was looked for; may be empty
  std::vector<std::string> events{};  ///< that were seen last, at most 10: a line each, with its number, not indented
  std::string expected{};             ///< what was looked for, as it was written; empty: nothing was
  std::string got{};                  ///< the event that came instead; empty: none
  std::string diff{};                 ///< of a snapshot

  /// Of `place`: "login.ws".
  [[nodiscard]] std::string_view file() const noexcept;
  /// The first line: place and message.
  [[nodiscard]] std::string headline() const;
  /// All of it: place, message, excerpt, events, diff.
  [[nodiscard]] std::string text() const;
};

/// What is behind a line that begins with ##, or all of a script that has none.
struct SectionResult {
  std::string name;  ///< of a script without sections: its own
  Verdict verdict = Verdict::skipped;
  base::Duration elapsed{};
};

/// A script that was run, maybe several times.
struct TestResult {
  std::string name;  ///< of the file, as it was given
  Verdict verdict = Verdict::passed;
  base::Duration elapsed{};               ///< of all attempts
  view::WallTime ended{};                 ///< when that was
  int exit_status = 0;                    ///< what the whole run ends with if this were all
  std::vector<SectionResult> sections{};  ///< at least one; of one that has failed, one has
  std::optional<Failure> failure{};       ///< of the section that has failed
  std::string reason{};                   ///< for being skipped
  std::size_t attempts = 1;               ///< with --retry; a script that has passed at a later one is flaky
  [[nodiscard]] bool flaky() const noexcept { return verdict == Verdict::passed && attempts > 1; }
  /// Whether its sections are other than itself.
  [[nodiscard]] bool has_sections() const noexcept { return sections.size() > 1 || sections.front().name != name; }
  /// Why that section, which is one of them, has failed or was skipped, or what else there is to say; may be empty.
  [[nodiscard]] std::string remark_on(const SectionResult& section) const;
};

}  // namespace wscope::script
