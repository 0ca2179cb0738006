// What shows a case that has failed: files in a folder.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "check/case_machine.h"
#include "check/evidence_script.h"
#include "check/settings.h"

namespace wscope::check {

/// Keeps what cases leave behind until it is known what comes of them, and writes ID.ndjson, an EvidenceLog, and for a
/// server ID.ws, a script, of those that have failed or are a warning.
class Evidence {
 public:
  Evidence(std::string folder, Role role) : folder_(std::move(folder)), role_(role) {}

  /// Makes the folder if there is none. An error of kind io: that cannot be, or nothing can be written there.
  [[nodiscard]] base::Result<void> open() const;
  /// Of all that is written.
  void set_provenance(Provenance provenance) { provenance_ = std::move(provenance); }
  [[nodiscard]] const Provenance& provenance() const noexcept { return provenance_; }

  /// Of one attempt at a case: its log, and statements if there are any. That of one that has failed is not replaced by
  /// one that has not.
  void note(const Result& result, std::string log, std::optional<std::string> statements);
  /// A result as it is reported. What there is of it is written if it has failed, or is a warning.
  void add(const Result& result);
  /// Of kind io: why something could not be written, the first time.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }

 private:
  struct Kept {
    std::string log;
    std::optional<std::string> statements;
    bool failed;
  };
  void write(const std::string& name, const std::string& text);

  std::string folder_;
  Role role_;
  Provenance provenance_{};
  std::map<std::string, Kept> kept_{};  // by id
  std::optional<base::Error> error_{};
};

}  // namespace wscope::check
