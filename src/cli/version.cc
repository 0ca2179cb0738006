#include "cli/version.h"

#include <made/version.h>
#include <openssl/crypto.h>
#include <utf8proc.h>
#include <zlib.h>

#ifdef WSCOPE_IDNA
#include <idn2.h>
#endif
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

namespace wscope::cli {

std::string version_text() {
  std::string text = "wscope " WSCOPE_VERSION_FULL "\ncommit " WSCOPE_VERSION_COMMIT ", " WSCOPE_VERSION_DATE "\nwith ";
  text += "OpenSSL " + std::string(::OpenSSL_version(OPENSSL_VERSION_STRING));
  text += ", zlib " + std::string(::zlibVersion());
#ifdef WSCOPE_IDNA
  text += ", libidn2 " + std::string(::idn2_check_version(nullptr));
#endif
  text += ", utf8proc " + std::string(::utf8proc_version());
#ifdef __GLIBC__
  text += ", glibc " + std::string(::gnu_get_libc_version());
#endif
  text += "\n";
#ifdef WSCOPE_IDNA
  text += "+idna ";
#endif
  text += "+pmd ";
#ifdef WSCOPE_STATIC_PIE
  text += "+static ";
#endif
  return text + "+tls\n";
}

}  // namespace wscope::cli
