#include "tls/engine.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <utility>

#include <openssl/err.h>

#include "tls/error.h"
#include "tls/handles.h"
#include "tls/side.h"
#include "tls/streams.h"
#include "tls/verification.h"

namespace wscope::tls {

struct EngineParts {
  Engine::State state = Engine::State::handshaking;
  bool ended = false;   // close_notify was received
  bool eof = false;     // the stream has ended
  bool closed = false;  // close_notify was sent
  bool plain_http = false;
  std::uint8_t start_size = 0;
  std::array<char, 5> start{};  // of what was received: enough to tell TLS from other protocols
  Streams streams{};
  CertificateCheck check{};
  base::Error error{};
  SslPointer ssl{};  // refers to streams and check
};

namespace {

constexpr std::size_t record_size = SSL3_RT_MAX_PLAIN_LENGTH;
constexpr std::size_t record_overhead = 64;  // more than any cipher takes

std::string_view start_of(const EngineParts& parts) noexcept { return {parts.start.data(), parts.start_size}; }

void note_start(EngineParts& parts, base::Bytes received) noexcept {
  const std::string_view text =
      base::as_text(received.first(std::min(received.size(), parts.start.size() - parts.start_size)));
  std::copy(text.begin(), text.end(), parts.start.begin() + parts.start_size);
  parts.start_size = static_cast<std::uint8_t>(parts.start_size + text.size());
}

// SSL_get_error() takes whatever is in the queue for its own. To clear it is slow, and seldom needed.
void clear_errors() noexcept {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

void fail(EngineParts& parts, base::Error error) {
  parts.state = Engine::State::failed;
  parts.error = std::move(error);
  clear_errors();
}

// What libssl makes of it rather than what libcrypto has told it.
unsigned long reported_error() noexcept {
  const unsigned long first = ERR_peek_error();
  while (const unsigned long code = ERR_get_error()) {
    if (ERR_GET_LIB(code) == ERR_LIB_SSL) return code;
  }
  return first;
}

// What OpenSSL has found out, unless we know better.
base::Error cause(EngineParts& parts) {
  if (parts.check.refusal) return *std::move(parts.check.refusal);
  const std::string_view start = start_of(parts);
  if (!may_be_tls(start)) return not_tls_error(start, parts.check.side);
  return library_error(reported_error(), {.side = parts.check.side,
                                          .server_name = parts.check.name,
                                          .certificate_wanted = parts.check.own_wanted,
                                          .certificate_given = SSL_get_certificate(parts.ssl.get()) != nullptr});
}

// After a call of OpenSSL's that has returned `result`, which is no success.
void take_failure(EngineParts& parts, int result) {
  switch (SSL_get_error(parts.ssl.get(), result)) {
    case SSL_ERROR_WANT_READ:
      break;
    case SSL_ERROR_ZERO_RETURN:
      parts.ended = true;
      break;
    default:
      parts.plain_http = is_http(start_of(parts));
      fail(parts, cause(parts));
  }
}

void shake_hands(EngineParts& parts) {
  clear_errors();
  const int result = SSL_do_handshake(parts.ssl.get());
  if (result != 1) return take_failure(parts, result);
  parts.state = Engine::State::open;
}

// Reads records until there is plaintext, which stays where it is: in the one place that OpenSSL has for it.
void read_records(EngineParts& parts) {
  if (SSL_pending(parts.ssl.get()) > 0) return;
  clear_errors();
  std::byte byte;
  std::size_t size = 0;
  const int result = SSL_peek_ex(parts.ssl.get(), &byte, 1, &size);
  if (result != 1) take_failure(parts, result);
}

// At once for all that write() will take, lest the output grows, and is copied, step by step.
void make_room(base::Buffer& output, std::size_t plaintext) {
  const std::size_t taken = std::min(plaintext, Engine::high_water - std::min(output.size(), Engine::high_water));
  if (taken > 0) (void)output.prepare(taken + (taken / record_size + 2) * record_overhead);
}

base::Result<std::unique_ptr<EngineParts>> make_parts(const Context& context) {
  auto parts = std::make_unique<EngineParts>();
  parts->check.issuer = context.verifies();
  parts->check.pins = context.pins();
  parts->ssl.reset(SSL_new(context.get()));
  BioPointer bio = make_stream_bio(context.stream_method(), parts->streams);
  if (!parts->ssl || !bio) return setup_error();
  SSL_set_app_data(parts->ssl.get(), &parts->check);
  SSL* ssl = parts->ssl.get();
  SSL_set_bio(ssl, bio.get(), bio.get());  // takes one reference for both
  (void)bio.release();
  return parts;
}

bool set_name(EngineParts& parts, std::string name, ServerName use) {
  if (name.ends_with('.')) name.pop_back();
  if (name.empty() || name.find('\0') != std::string::npos) return false;
  SSL* ssl = parts.ssl.get();
  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
  parts.check.name = std::move(name);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, parts.check.name.c_str()) == 1) return true;
  // RFC 9525 sections 2 and 6.3: a common name is no host's, and a wildcard stands for a whole label.
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool asks = use == ServerName::sent;
  return (!asks || SSL_set_tlsext_host_name(ssl, parts.check.name.c_str()) == 1) &&
         X509_VERIFY_PARAM_set1_host(parameters, parts.check.name.data(), parts.check.name.size()) == 1;
}

}  // namespace

base::Result<Engine> Engine::client(const Context& context, const std::string& server_name, ServerName use) {
  auto parts = make_parts(context);
  if (!parts) return std::move(parts).error();
  if (!set_name(**parts, server_name, use)) {
    clear_errors();
    return base::usage_error("no server can have the name \"" + server_name + '"');
  }
  SSL_set_connect_state((*parts)->ssl.get());
  return Engine(std::move(*parts));
}

base::Result<Engine> Engine::server(const Context& context) {
  auto parts = make_parts(context);
  if (!parts) return std::move(parts).error();
  (*parts)->check.side = Side::server;
  SSL_set_accept_state((*parts)->ssl.get());
  return Engine(std::move(*parts));
}

Engine::Engine(std::unique_ptr<EngineParts> parts) noexcept : parts_(std::move(parts)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Engine::State Engine::state() const noexcept { return parts_->state; }

void Engine::advance() {
  if (parts_->state == State::handshaking) shake_hands(*parts_);
}

std::size_t Engine::receive(base::Bytes ciphertext) {
  EngineParts& parts = *parts_;
  if (parts.start_size < parts.start.size()) note_start(parts, ciphertext);
  parts.streams.input = ciphertext;
  if (parts.state == State::handshaking) shake_hands(parts);
  if (parts.state == State::open && !parts.ended) read_records(parts);
  const std::size_t left = std::exchange(parts.streams.input, {}).size();
  return parts.state == State::failed || parts.ended ? ciphertext.size() : ciphertext.size() - left;
}

void Engine::receive_eof() {
  EngineParts& parts = *parts_;
  parts.eof = true;
  if (parts.state != State::handshaking) return;
  const std::string_view start = start_of(parts);
  const Side side = parts.check.side;
  fail(parts, may_be_tls(start) ? early_end_error(start.empty(), side) : not_tls_error(start, side));
}

std::size_t Engine::read(base::MutableBytes into) {
  SSL* ssl = parts_->ssl.get();
  std::size_t size = 0;
  if (into.empty() || SSL_pending(ssl) <= 0) return 0;
  SSL_read_ex(ssl, into.data(), into.size(), &size);
  return size;
}

bool Engine::ended() const noexcept { return parts_->ended; }

bool Engine::truncated() const noexcept {
  return parts_->eof && !parts_->ended && parts_->state == State::open && SSL_pending(parts_->ssl.get()) == 0;
}

std::size_t Engine::write(base::Bytes plaintext) {
  EngineParts& parts = *parts_;
  if (parts.state == State::open) make_room(parts.streams.output, plaintext.size());
  base::Bytes left = plaintext;
  while (!left.empty() && parts.state == State::open && !parts.closed && parts.streams.output.size() < high_water) {
    clear_errors();
    std::size_t size = 0;
    const int result = SSL_write_ex(parts.ssl.get(), left.data(), std::min(left.size(), record_size), &size);
    if (result != 1) take_failure(parts, result);
    left = left.subspan(size);
  }
  return plaintext.size() - left.size();
}

void Engine::close() {
  EngineParts& parts = *parts_;
  if (parts.state != State::open || std::exchange(parts.closed, true)) return;
  clear_errors();
  SSL_shutdown(parts.ssl.get());
}

base::Bytes Engine::output() const noexcept { return parts_->streams.output.view(); }

void Engine::consume_output(std::size_t n) {
  base::Buffer& output = parts_->streams.output;
  output.consume(n);
  if (output.empty()) output.release();
}

const base::Error& Engine::error() const noexcept {
  assert(parts_->state == State::failed);
  return parts_->error;
}

bool Engine::plain_http() const noexcept { return parts_->plain_http; }

Session Engine::session() const {
  SSL* ssl = parts_->ssl.get();
  Session session;
  session.version = SSL_get_version(ssl);
  session.cipher = SSL_get_cipher_name(ssl);
  const unsigned char* protocol = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl, &protocol, &size);
  if (protocol != nullptr) session.protocol.assign(reinterpret_cast<const char*>(protocol), size);
  const X509* own = SSL_get0_peer_certificate(ssl);
  if (own == nullptr) return session;
  session.pin = pin_of(*own);
  // A client's chain begins with that certificate, a server's behind it.
  if (parts_->check.side == Side::server) session.chain.push_back(view_of(*own));
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i) session.chain.push_back(view_of(*sk_X509_value(chain, i)));
  return session;
}

}  // namespace wscope::tls
