#include "http/idna.h"

#ifdef WSCOPE_IDNA
#include <memory>

#include <idn2.h>
#endif

namespace wscope::http {

#ifdef WSCOPE_IDNA

bool knows_idna() noexcept { return true; }

base::Result<std::string> domain_to_ascii(const std::string& name) {
  char* output = nullptr;
  // Non-transitional: browsers too look up "ß" as itself, not as "ss" (UTS 46 section 4).
  const int status = idn2_to_ascii_8z(name.c_str(), &output, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, decltype(&idn2_free)> owner(output, &idn2_free);
  if (status != IDN2_OK) {
    return base::usage_error(std::string("the URL's host is not a valid domain name: ") + idn2_strerror(status));
  }
  return std::string(output);
}

#else

bool knows_idna() noexcept { return false; }

base::Result<std::string> domain_to_ascii(const std::string&) {
  return base::usage_error("the URL's host is not ASCII, and this build knows no international domain names",
                           "write it in its ASCII form, which begins with xn--");
}

#endif

}  // namespace wscope::http
