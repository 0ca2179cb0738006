#include "tls/trust.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>

#include <dirent.h>

#include "tls/pem.h"

namespace wscope::tls {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

// "5f15c80c.0"
bool is_hash(std::string_view name) noexcept {
  constexpr std::size_t digits = 8;
  return name.size() > digits + 1 && name[digits] == '.' &&
         name.substr(0, digits).find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         name.substr(digits + 1).find_first_not_of("0123456789") == std::string_view::npos;
}

bool holds_hashed_names(const std::string& path) {
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
  while (directory) {
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr) break;
    if (is_hash(entry->d_name)) return true;
  }
  return false;
}

bool any_holds_hashed_names(std::string_view paths) {
  while (!paths.empty()) {
    const std::size_t end = std::min(paths.find(':'), paths.size());
    if (holds_hashed_names(std::string(paths.substr(0, end)))) return true;
    paths.remove_prefix(std::min(end + 1, paths.size()));
  }
  return false;
}

// Of the places that the OpenSSL at hand was built for, how many are left out: a program that brings its own is run on
// other systems than that was.
#ifdef WSCOPE_STATIC_PIE
constexpr std::size_t own_places = 1;
#else
constexpr std::size_t own_places = 0;
#endif

base::Result<void> trust_bundle(Trust& trust, const std::string& path) {
  auto bundle = Bundle::open(path);
  if (!bundle) return std::move(bundle).error();
  trust.bundle = std::move(*bundle);
  return {};
}

}  // namespace

base::Result<void> trust_file(Trust& trust, const std::string& path) {
  const auto certificates = read_certificates(path);
  if (!certificates) return certificates.error();
  for (const CertificatePointer& certificate : *certificates) X509_STORE_add_cert(trust.store, certificate.get());
  return {};
}

base::Result<void> trust_directory(Trust& trust, const std::string& paths) {
  if (any_holds_hashed_names(paths) && X509_STORE_load_path(trust.store, paths.c_str()) == 1) return {};
  return base::Error{base::ErrorKind::io, paths + ": holds no certificates named by their hash",
                     "\"openssl rehash\" makes such names"};
}

base::Result<void> trust_first(Trust& trust, const TrustPlaces& places) {
  for (const std::string& paths : places.directories) {
    if (trust_directory(trust, paths).ok()) return {};
  }
  for (const std::string& path : places.bundles) {
    if (trust_bundle(trust, path).ok()) return {};
  }
  std::string tried;
  for (const auto& paths : {places.directories, places.bundles}) {
    for (const std::string& path : paths) tried += (tried.empty() ? ": none in " : ", ") + path;
  }
  return base::Error{base::ErrorKind::tls, "this system has no list of certificates to trust" + tried,
                     "--cacert FILE says whom to trust, --insecure skips the check"};
}

base::Result<void> trust_system(Trust& trust) {
  const char* directories = std::getenv(X509_get_default_cert_dir_env());
  if (const char* file = std::getenv(X509_get_default_cert_file_env()); file != nullptr) {
    // OpenSSL looks into a directory too, and does not mind if there is none.
    (void)trust_directory(trust, directories != nullptr ? directories : X509_get_default_cert_dir());
    return trust_bundle(trust, file);
  }
  // After OpenSSL's own places those of well-known systems: it may have been built for another one.
  const std::array<std::string, 2> places = {directories != nullptr ? directories : X509_get_default_cert_dir(),
                                             "/etc/ssl/certs"};
  const std::array<std::string, 5> bundles = {X509_get_default_cert_file(), "/etc/ssl/certs/ca-certificates.crt",
                                              "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                                              "/etc/ssl/cert.pem"};
  if (directories != nullptr) return trust_first(trust, {std::span(places).first(1), bundles});
  return trust_first(trust, {std::span(places).subspan(own_places), std::span(bundles).subspan(own_places)});
}

}  // namespace wscope::tls
