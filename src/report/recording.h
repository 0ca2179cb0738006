// What is said, in a file for other programs: the events of --json, behind one that says what it is.
#pragma once

#include <string>

#include "base/result.h"
#include "net/fd.h"
#include "report/transcript.h"

namespace wscope::report {

/// A file that is written at once, line by line.
class Recording {
 public:
  /// Makes a new file, mode 0600, with its first line. `url`: of the connection that it is about; empty: of none. An
  /// error of kind io, "PATH: why".
  [[nodiscard]] static base::Result<Recording> begin(const std::string& path, const std::string& url);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Adds one. `payload` is all of it; where only its beginning is left, it is an event `incomplete`. An error of kind
  /// io, as above.
  [[nodiscard]] base::Result<void> add(const Entry& entry, base::Bytes payload);

 private:
  Recording(std::string path, net::UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}
  [[nodiscard]] base::Result<void> write(const std::string& line);

  std::string path_;
  net::UniqueFd file_;
};

}  // namespace wscope::report
