// The paths by which a client of the Autobahn testsuite drives its server (wstest -m fuzzingserver).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "check/case.h"

namespace wscope::check {

/// What a client asks for by its path.
struct DriverRequest {
  enum class Kind : std::uint8_t { case_count, case_info, run_case, case_status, update_reports, stop_server };
  Kind kind = Kind::case_count;
  std::size_t index = 0;  ///< of the case, from 0
  std::string agent{};    ///< the name of the client, decoded
  bool shuts_down = false;
};

/// Reads a target, of a list of cases whose first one is number 1. An error of kind http: what is missing or wrong, as
/// a line for the client that repeats nothing of it.
[[nodiscard]] base::Result<DriverRequest> read_driver_target(std::string_view target,
                                                             const std::vector<const Case*>& cases);

/// A connection on which such a request is answered with a text, or only closed if that is empty.
[[nodiscard]] Case answering_case(std::string_view text);
/// One that is refused, with a line that says why.
[[nodiscard]] Case refusing_case(int status, const std::string& why);

/// One that is opened, and soon dropped without a Close.
[[nodiscard]] Case dropping_case();

/// What is told of a case: an object with id and description.
[[nodiscard]] std::string info_of(const Case& one);

}  // namespace wscope::check
