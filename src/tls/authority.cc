#include "tls/authority.h"

#include <utility>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tls/error.h"
#include "tls/handles.h"
#include "tls/identity.h"
#include "tls/self_signed.h"

namespace wscope::tls {
namespace {

int keep_server_name(SSL* ssl, int*, void* into) noexcept {
  const char* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  *static_cast<std::string*>(into) = name != nullptr ? name : "";
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

struct AuthorityParts {
  KeyAndCertificate own{};
};

base::Result<Authority> Authority::make() {
  auto made = make_certificate({.authority = true});
  if (!made) return std::move(made).error();
  return Authority(std::make_unique<AuthorityParts>(AuthorityParts{std::move(made).value()}));
}

base::Result<Authority> Authority::read(const Identity& identity) {
  auto proof = read_identity(identity);
  if (!proof) return std::move(proof).error();
  CertificatePointer& certificate = proof->certificates.front();
  if (X509_check_ca(certificate.get()) != 1) {
    return base::usage_error(identity.certificate_file + ": the certificate is no authority's");
  }
  return Authority(std::make_unique<AuthorityParts>(AuthorityParts{{std::move(proof->key), std::move(certificate)}}));
}

Authority::Authority(std::unique_ptr<AuthorityParts> parts) noexcept : parts_(std::move(parts)) {}
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;
Authority::~Authority() = default;

base::Result<Context> Authority::server_for(const std::vector<std::string>& names, Validity validity,
                                            ServerOptions options) const {
  const auto made = make_certificate({.names = names,
                                      .issuer = parts_->own.certificate.get(),
                                      .issuer_key = parts_->own.key.get(),
                                      .expired = validity == Validity::expired});
  if (!made) return made.error();
  options.identity = {};
  options.names = names;
  auto server = Context::server(options);
  if (!server) return server;
  // In place of the one that nobody vouches for.
  const bool used = SSL_CTX_use_certificate(server->get(), made->certificate.get()) == 1 &&
                    SSL_CTX_use_PrivateKey(server->get(), made->key.get()) == 1;
  if (!used) return setup_error();
  return server;
}

std::string Authority::certificate() const {
  const BioPointer memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_X509(memory.get(), parts_->own.certificate.get()) != 1) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

void watch_server_names(const Context& server, std::string& into) {
  SSL_CTX_set_tlsext_servername_callback(server.get(), &keep_server_name);
  SSL_CTX_set_tlsext_servername_arg(server.get(), &into);
}

bool is_for_host(const Context& server, const std::string& host) {
  X509* const own = SSL_CTX_get0_certificate(server.get());
  if (own == nullptr) return false;
  return X509_check_ip_asc(own, host.c_str(), 0) == 1 ||
         X509_check_host(own, host.data(), host.size(), 0, nullptr) == 1;
}

}  // namespace wscope::tls
