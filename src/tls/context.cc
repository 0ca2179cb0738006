#include "tls/context.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "net/error.h"
#include "net/file.h"
#include "tls/certificate.h"
#include "tls/error.h"
#include "tls/handles.h"
#include "tls/identity.h"
#include "tls/self_signed.h"
#include "tls/streams.h"
#include "tls/trust.h"
#include "tls/verification.h"

namespace wscope::tls {

struct ContextParts {
  BioMethodPointer method{};
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> key_log{nullptr, &std::fclose};
  Trust trust{nullptr};
  ContextPointer context{};  // before its key log goes, it does
  std::string pin{};
  std::vector<std::string> pins{};
  bool verifies = false;
};

namespace {

// A configuration names modules, which a program that needs no other file cannot load.
bool wants_configuration() noexcept {
#ifdef WSCOPE_STATIC_PIE
  return false;
#else
  return std::getenv("OPENSSL_CONF") != nullptr;
#endif
}

// Not libcrypto's words for its errors (0.3 ms) nor the system's configuration (0.2 ms), nor tidying up at exit.
bool start_library() noexcept {
  std::uint64_t options = OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ATEXIT;
  if (!wants_configuration()) options |= OPENSSL_INIT_NO_LOAD_CONFIG;
  return OPENSSL_init_ssl(options, nullptr) == 1;
}

// --- ciphers

bool is_tls_1_3_name(std::string_view name) noexcept { return name.starts_with("TLS_"); }

// OpenSSL passes over names of TLS 1.3 that it does not know.
bool knows(const SSL_CTX* context, std::string_view name) noexcept {
  const STACK_OF(SSL_CIPHER)* ciphers = SSL_CTX_get_ciphers(context);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
    if (name == SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, i))) return true;
  }
  return false;
}

base::Result<void> set_ciphers(SSL_CTX* context, std::string_view list) {
  constexpr std::string_view separators = ":, ";
  std::string older;
  std::string newer;
  std::vector<std::string_view> newer_names;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find_first_of(separators, begin), list.size());
    const std::string_view name = list.substr(begin, end - begin);
    if (is_tls_1_3_name(name)) newer_names.push_back(name);
    if (!name.empty()) (is_tls_1_3_name(name) ? newer : older).append(name).push_back(':');
    begin = end + 1;
  }
  const bool set = (older.empty() || SSL_CTX_set_cipher_list(context, older.c_str()) == 1) &&
                   (newer.empty() || SSL_CTX_set_ciphersuites(context, newer.substr(0, newer.size() - 1).c_str()) == 1);
  ERR_clear_error();
  const bool known =
      std::all_of(newer_names.begin(), newer_names.end(), [&](auto name) { return knows(context, name); });
  if (set && known) return {};
  return base::usage_error("no such cipher in \"" + std::string(list) + '"',
                           "\"openssl ciphers -v\" lists what there is");
}

// --- key log

// A file that is no regular one may keep whoever writes to it, and with that the loop, waiting for ever.

void log_key(const SSL* ssl, const char* line) noexcept {
  auto* file = static_cast<std::FILE*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  std::fprintf(file, "%s\n", line);
  std::fflush(file);
}

base::Result<void> set_key_log(ContextParts& parts, const std::string& path) {
  auto file = net::append_to_regular_file(path);
  if (!file) return std::move(file).error();
  parts.key_log.reset(::fdopen(file->get(), "a"));
  if (!parts.key_log) return net::system_error(path, errno);
  static_cast<void>(file->release());  // the stream closes it
  SSL_CTX_set_app_data(parts.context.get(), parts.key_log.get());
  SSL_CTX_set_keylog_callback(parts.context.get(), &log_key);
  return {};
}

// --- identity

base::Error refused(const std::string& path, std::string_view what) {
  const unsigned long code = ERR_peek_error();
  const char* reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_reason_error_string(code) : nullptr;
  std::string message = path + ": OpenSSL refuses " + std::string(what);
  if (reason != nullptr) message += std::string(": ") + reason;
  ERR_clear_error();
  return {base::ErrorKind::io, std::move(message)};
}

base::Result<void> use_certificates(SSL_CTX* context, const Proof& proof, const std::string& path) {
  if (SSL_CTX_use_certificate(context, proof.certificates.front().get()) != 1) return refused(path, "the certificate");
  for (const CertificatePointer& issuer : std::span(proof.certificates).subspan(1)) {
    if (SSL_CTX_add1_chain_cert(context, issuer.get()) != 1) return refused(path, "a certificate of its chain");
  }
  return {};
}

base::Result<void> use_key(SSL_CTX* context, EVP_PKEY* key, const Identity& identity) {
  const std::string& path = identity.key_file.empty() ? identity.certificate_file : identity.key_file;
  if (X509_check_private_key(SSL_CTX_get0_certificate(context), key) != 1) {
    ERR_clear_error();
    return base::usage_error(path + ": the key is not that of the certificate in " + identity.certificate_file);
  }
  if (SSL_CTX_use_PrivateKey(context, key) != 1) return refused(path, "the key");
  return {};
}

base::Result<void> use_identity(ContextParts& parts, const Identity& identity) {
  SSL_CTX* context = parts.context.get();
  const auto proof = read_identity(identity);
  if (!proof) return proof.error();
  if (auto used = use_certificates(context, *proof, identity.certificate_file); !used) return used;
  if (auto used = use_key(context, proof->key.get(), identity); !used) return used;
  parts.pin = pin_of(*SSL_CTX_get0_certificate(context));
  return {};
}

base::Result<void> use_own_make(ContextParts& parts, const std::vector<std::string>& names) {
  const auto made = make_self_signed(names);
  if (!made) return made.error();
  SSL_CTX* context = parts.context.get();
  if (SSL_CTX_use_certificate(context, made->certificate.get()) != 1) return setup_error();
  if (SSL_CTX_use_PrivateKey(context, made->key.get()) != 1) return setup_error();
  parts.pin = pin_of(*made->certificate);
  return {};
}

// --- trust

base::Result<void> set_trust(Trust& trust, const ClientOptions& options) {
  if (options.ca_file.empty() && options.ca_path.empty()) return trust_system(trust);
  if (!options.ca_file.empty()) {
    if (auto trusted = trust_file(trust, options.ca_file); !trusted) return trusted;
  }
  return options.ca_path.empty() ? base::Result<void>() : trust_directory(trust, options.ca_path);
}

// Also tells clients whose certificates will do.
base::Result<void> demand_certificates(ContextParts& parts, const std::string& path) {
  SSL_CTX_set_verify(parts.context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  if (auto trusted = trust_file(parts.trust, path); !trusted) return trusted;
  const STACK_OF(X509_OBJECT)* trusted = X509_STORE_get0_objects(parts.trust.store);
  for (int i = 0; i < sk_X509_OBJECT_num(trusted); ++i) {
    SSL_CTX_add_client_CA(parts.context.get(), X509_OBJECT_get0_X509(sk_X509_OBJECT_value(trusted, i)));
  }
  return {};
}

// --- ALPN (RFC 7301)

constexpr std::string_view protocols = "\x08http/1.1";

const unsigned char* unsigned_bytes(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) noexcept {
  const int found = SSL_select_next_proto(const_cast<unsigned char**>(chosen), size, unsigned_bytes(protocols),
                                          static_cast<unsigned>(protocols.size()), offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// --- both roles

base::Result<void> set_common(ContextParts& parts, Version least, const std::string& ciphers,
                              const std::string& key_log) {
  SSL_CTX* context = parts.context.get();
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  check_certificates(context, parts.trust);
  SSL_CTX_set_min_proto_version(context, least == Version::tls_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  if (!ciphers.empty()) {
    if (auto set = set_ciphers(context, ciphers); !set) return set;
  }
  return key_log.empty() ? base::Result<void>() : set_key_log(parts, key_log);
}

base::Result<std::unique_ptr<ContextParts>> make_parts(const SSL_METHOD* (*method)()) {
  if (!start_library()) return setup_error();
  auto parts = std::make_unique<ContextParts>();
  parts->method = make_stream_method();
  parts->context.reset(SSL_CTX_new(method()));
  if (!parts->method || !parts->context) return setup_error();
  parts->trust.store = SSL_CTX_get_cert_store(parts->context.get());
  // Whom the user names is believed, even if it is not a root.
  X509_STORE_set_flags(parts->trust.store, X509_V_FLAG_PARTIAL_CHAIN);
  return parts;
}

}  // namespace

base::Result<Context> Context::client(const ClientOptions& options) {
  auto made = make_parts(&TLS_client_method);
  if (!made) return std::move(made).error();
  ContextParts& parts = **made;
  parts.verifies = options.verify;
  parts.pins = options.pins;
  if (auto set = set_common(parts, options.least, options.ciphers, options.key_log); !set) return set.error();
  SSL_CTX* context = parts.context.get();
  SSL_CTX_set_alpn_protos(context, unsigned_bytes(protocols), static_cast<unsigned>(protocols.size()));
  SSL_CTX_set_verify(context, options.verify || !options.pins.empty() ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (options.verify) {
    if (auto set = set_trust(parts.trust, options); !set) return set.error();
  }
  if (!options.identity.certificate_file.empty()) {
    if (auto used = use_identity(parts, options.identity); !used) return used.error();
  }
  return Context(std::move(*made));
}

base::Result<Context> Context::server(const ServerOptions& options) {
  auto made = make_parts(&TLS_server_method);
  if (!made) return std::move(made).error();
  ContextParts& parts = **made;
  parts.verifies = !options.client_ca.empty();
  if (auto set = set_common(parts, options.least, options.ciphers, options.key_log); !set) return set.error();
  SSL_CTX_set_alpn_select_cb(parts.context.get(), &choose_protocol, nullptr);
  if (parts.verifies) {
    if (auto set = demand_certificates(parts, options.client_ca); !set) return set.error();
  }
  auto used = options.identity.certificate_file.empty() ? use_own_make(parts, options.names)
                                                        : use_identity(parts, options.identity);
  if (!used) return used.error();
  return Context(std::move(*made));
}

Context::Context(std::unique_ptr<ContextParts> parts) noexcept : parts_(std::move(parts)) {}
Context::Context(Context&&) noexcept = default;
Context& Context::operator=(Context&&) noexcept = default;
Context::~Context() = default;

std::string Context::certificate() const {
  X509* const own = SSL_CTX_get0_certificate(parts_->context.get());
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
  if (own == nullptr || !memory || PEM_write_bio_X509(memory.get(), own) != 1) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

const std::string& Context::pin() const noexcept { return parts_->pin; }
const std::vector<std::string>& Context::pins() const noexcept { return parts_->pins; }
bool Context::verifies() const noexcept { return parts_->verifies; }
SSL_CTX* Context::get() const noexcept { return parts_->context.get(); }
const BIO_METHOD* Context::stream_method() const noexcept { return parts_->method.get(); }

}  // namespace wscope::tls
