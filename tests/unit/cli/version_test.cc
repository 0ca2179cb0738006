#include "cli/version.h"

#include <doctest/doctest.h>

#include <regex>
#include <string>

#include <openssl/crypto.h>
#include <zlib.h>

using namespace wscope;

TEST_CASE("the version is one of SemVer, with its commit and date") {
  // X.Y.Z, or before it X.Y.Z-dev.N+gHASH[.dirty]
  const std::regex lines(
      "wscope \\d+\\.\\d+\\.\\d+(-dev\\.\\d+\\+g[0-9a-f]{12}(\\.dirty)?)?\n"
      "commit ([0-9a-f]{7,64}|unknown), (\\d{4}-\\d\\d-\\d\\d|unknown)\n"
      "with [^\n]+\n"
      "(\\+[a-z]+ ?)+\n");
  CHECK_MESSAGE(std::regex_match(cli::version_text(), lines), cli::version_text());
}

TEST_CASE("libraries have the versions that are at hand now") {
  const std::string text = cli::version_text();
  CHECK(text.find("OpenSSL " + std::string(::OpenSSL_version(OPENSSL_VERSION_STRING))) != std::string::npos);
  CHECK(text.find("zlib " + std::string(::zlibVersion())) != std::string::npos);
}

TEST_CASE("what is built in is named") {
  const std::string text = cli::version_text();
  CHECK(text.find("+pmd ") != std::string::npos);
  CHECK(text.find("+tls\n") != std::string::npos);
}
