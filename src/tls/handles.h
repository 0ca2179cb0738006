// OpenSSL's objects, each with one owner.
#pragma once

#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace wscope::tls {

/// A deleter that calls `free_it`.
template <auto free_it>
struct Free {
  template <typename Object>
  void operator()(Object* object) const noexcept {
    free_it(object);
  }
};

using BioPointer = std::unique_ptr<BIO, Free<&BIO_free>>;
using BioMethodPointer = std::unique_ptr<BIO_METHOD, Free<&BIO_meth_free>>;
using KeyPointer = std::unique_ptr<EVP_PKEY, Free<&EVP_PKEY_free>>;
using CertificatePointer = std::unique_ptr<X509, Free<&X509_free>>;
using NamesPointer = std::unique_ptr<GENERAL_NAMES, Free<&GENERAL_NAMES_free>>;
using ContextPointer = std::unique_ptr<SSL_CTX, Free<&SSL_CTX_free>>;
using SslPointer = std::unique_ptr<SSL, Free<&SSL_free>>;

}  // namespace wscope::tls
