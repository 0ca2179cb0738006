// What wscope check is to do, once what was asked for is known to be valid.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "check/baseline.h"
#include "check/case.h"
#include "link/plan.h"

namespace wscope::check {

enum class ReportFormat : std::uint8_t { text, json, junit, tap, md, autobahn };

struct ReportTarget {
  ReportFormat format = ReportFormat::text;
  std::string file{};  ///< empty: stdout; of autobahn: a directory
};

/// Whether the endpoint sends back what it is sent.
enum class Echo : std::uint8_t { find_out, yes, no };

/// Which cases are looked at.
struct Selection {
  std::vector<std::string> only{};      ///< patterns of ids; empty: all
  std::vector<std::string> skip{};      ///< patterns
  std::vector<std::string> sections{};  ///< "6455/5.5"; empty: all
  bool aggressive = false;              ///< those that cost the other side memory, CPU or many connections, too
  bool slow = false;                    ///< those that take longer than five seconds, too
};

struct CheckPlan : link::ConnectPlan {
  std::optional<link::ListenAddress> listens{};  ///< a client is checked that comes there; nothing: a server
  std::vector<std::string> program{};            ///< that client, started once a case; empty: it comes of itself
  bool serves_tls = false;                       ///< to clients, also without a certificate of one's own
  std::string certificate_copy{};                ///< a file for the certificate that clients are to trust; empty: none
  std::string agent{};                           ///< a name for the endpoint; empty: as it calls itself
  Selection selection;
  bool lists = false;  ///< only tell which cases there are
  bool json = false;   ///< so that programs read it
  Level level = Level::must;
  Echo echo = Echo::find_out;
  std::vector<std::string> say{};             ///< texts that are sent after each open
  std::optional<std::string> sample{};        ///< a text that the endpoint takes
  std::optional<std::string> unknown_path{};  ///< that does not exist
  std::size_t jobs = 4;                       ///< connections at a time
  std::size_t retries = 1;                    ///< of a case that has failed
  base::Duration case_timeout = std::chrono::seconds(3);
  std::string evidence{};               ///< a folder for what shows a case that has failed; empty: none
  std::vector<std::string> way{};       ///< options as they were typed, without secrets: those of a connection
  std::vector<std::string> manner{};    ///< and those that cases depend on
  std::optional<std::uint64_t> seed{};  ///< of what is random in the cases; nothing: one is drawn
  base::Duration timeout{};             ///< for all of it; zero: none
  std::optional<Baseline> baseline{};   ///< what is known to fail
  bool discovers = false;               ///< only what is measured, and no verdicts
  base::Duration idle_max = std::chrono::seconds(300);  ///< for how long it is seen whether silence ends it
  bool strict_baseline = false;                         ///< what passes though it was to fail is a failure
  std::string new_baseline{};                           ///< a file that what fails is written to; empty: none
  std::vector<ReportTarget> reports{};                  ///< at least one
  unsigned verbosity = 0;                               ///< 1: cases that have passed, too; 2: with their frames
};

}  // namespace wscope::check
