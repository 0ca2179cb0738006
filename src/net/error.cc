#include "net/error.h"

#include <netdb.h>

#include "base/error_text.h"

namespace wscope::net {

std::string error_text(int error) { return base::error_text(error); }

std::string lookup_error_text(int failure, int error) {
  return failure == EAI_SYSTEM ? error_text(error) : base::begun_in_lower_case(::gai_strerror(failure));
}

base::Error system_error(std::string_view what, int error, base::ErrorKind kind) {
  return {kind, std::string(what) + ": " + error_text(error)};
}

}  // namespace wscope::net
