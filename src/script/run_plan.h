// What `wscope run` is asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace wscope::script {

enum class ReportFormat : std::uint8_t { text, tap, junit, json };

/// --report FORMAT[:FILE]
struct ReportTarget {
  ReportFormat format = ReportFormat::text;
  std::string file{};  ///< empty: stdout
};

/// A variable, or a secret.
struct Assignment {
  std::string name;
  std::string value;
};

struct RunPlan {
  std::vector<std::string> files;                   ///< "-" is stdin
  std::vector<Assignment> variables{};              ///< of --set-file, --set and --url in this order: later ones win
  std::vector<Assignment> secrets{};                ///< variables, too, whose values nobody is to see; not empty, and
                                                    ///< their names are not among `variables`
  base::Duration within = std::chrono::seconds(5);  ///< of an expectation that says nothing else
  base::Duration timeout{};                         ///< of a whole file; zero: none
  std::size_t jobs = 1;                             ///< files at a time
  std::size_t retry = 0;                            ///< further attempts of a file that fails
  std::size_t repeat = 1;                           ///< how often each file is run
  bool shuffle = false;                             ///< the files in any order
  std::optional<std::uint64_t> seed{};              ///< of that order; nothing: any
  bool bail = false;                                ///< after a failure no more files are begun
  std::vector<ReportTarget> reports{};              ///< at least one; at most one to stdout
  bool update = false;                              ///< write snapshots
  bool dry_run = false;                             ///< only parse
  bool verbose = false;                             ///< every frame, on stderr; in TAP, a subtest a section
};

}  // namespace wscope::script
