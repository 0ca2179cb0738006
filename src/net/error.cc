#include "net/error.h"

#include <cstring>

#include <netdb.h>

namespace wscope::net {
namespace {

std::string begun_in_lower_case(std::string text) {
  if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z') {
    text.front() = static_cast<char>(text.front() | 0x20);
  }
  return text;
}

}  // namespace

std::string error_text(int error) { return begun_in_lower_case(std::strerror(error)); }

std::string lookup_error_text(int failure, int error) {
  return failure == EAI_SYSTEM ? error_text(error) : begun_in_lower_case(::gai_strerror(failure));
}

base::Error system_error(std::string_view what, int error, base::ErrorKind kind) {
  return {kind, std::string(what) + ": " + error_text(error)};
}

}  // namespace wscope::net
