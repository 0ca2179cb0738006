// Two ends of a TLS connection, joined by copying.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <openssl/err.h>

#include "authority.h"
#include "tls/context.h"
#include "tls/engine.h"

namespace wscope::test {

/// How large the next piece of `left` bytes is that arrives.
using Chunks = std::function<std::size_t(std::size_t left)>;

inline std::size_t whole(std::size_t left) { return left; }
inline std::size_t byte_by_byte(std::size_t) { return 1; }
inline Chunks randomly(unsigned seed, std::size_t longest = 700) {
  return [random = std::mt19937(seed), longest](std::size_t left) mutable {
    return std::min(left, 1 + random() % longest);
  };
}

/// Gives `engine` all of `bytes` and appends the plaintext to `got`.
inline void receive(tls::Engine& engine, base::Bytes bytes, std::string& got, const Chunks& chunks = whole) {
  std::array<std::byte, 3000> room;
  while (!bytes.empty()) {
    base::Bytes piece = bytes.first(chunks(bytes.size()));
    bytes = bytes.subspan(piece.size());
    while (!piece.empty()) {
      const std::size_t taken = engine.receive(piece);
      piece = piece.subspan(taken);
      std::size_t size = 0;
      std::size_t read = 0;
      while ((size = engine.read(room)) > 0) {
        got += base::as_text(base::Bytes(room).first(size));
        read += size;
      }
      REQUIRE((taken > 0 || read > 0));
    }
  }
}

/// What an engine has to say; it is consumed.
inline std::string take_output(tls::Engine& engine) {
  std::string output(base::as_text(engine.output()));
  engine.consume_output(output.size());
  return output;
}

/// A client and a server of ours.
struct Conversation {
  Conversation(tls::Engine client_end, tls::Engine server_end)
      : client(std::move(client_end)), server(std::move(server_end)) {}
  Conversation(const tls::Context& client_context, const tls::Context& server_context,
               const std::string& name = "a.example")
      : Conversation(tls::Engine::client(client_context, name).value(), tls::Engine::server(server_context).value()) {}

  /// Moves what there is, both ways, until nothing is left to say.
  void run(const Chunks& chunks = whole) {
    client.advance();
    while (!client.output().empty() || !server.output().empty()) {
      receive(server, base::as_bytes(take_output(client)), server_got, chunks);
      receive(client, base::as_bytes(take_output(server)), client_got, chunks);
    }
  }
  [[nodiscard]] bool open() const {
    return client.state() == tls::Engine::State::open && server.state() == tls::Engine::State::open;
  }

  tls::Engine client;
  tls::Engine server;
  std::string client_got{};
  std::string server_got{};
};

/// OpenSSL by itself at the other end, for all that our own engine does not do.
class RawPeer {
 public:
  enum class Role : unsigned char { client, server };

  explicit RawPeer(Role role)
      : context_(SSL_CTX_new(role == Role::client ? TLS_client_method() : TLS_server_method())) {
    REQUIRE(context_);
  }

  /// To be set up before the first use of ssl().
  [[nodiscard]] SSL_CTX* context() noexcept { return context_.get(); }
  void use(const Certified& identity) {
    REQUIRE(SSL_CTX_use_certificate(context(), identity.certificate.get()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(context(), identity.key.get()) == 1);
  }
  void only(int version) {
    SSL_CTX_set_min_proto_version(context(), version);
    SSL_CTX_set_max_proto_version(context(), version);
  }

  [[nodiscard]] SSL* ssl() {
    if (!ssl_) {
      ssl_.reset(SSL_new(context()));
      SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
      if (SSL_CTX_get_ssl_method(context()) == TLS_client_method()) {
        SSL_set_connect_state(ssl_.get());
      } else {
        SSL_set_accept_state(ssl_.get());
      }
    }
    return ssl_.get();
  }

  /// Moves what there is, both ways, until nothing is left to say. What `engine` receives is appended to `got`.
  void converse(tls::Engine& engine, std::string& got, const Chunks& chunks = whole) {
    engine.advance();
    while (true) {
      ERR_clear_error();
      if (SSL_in_init(ssl())) SSL_do_handshake(ssl());
      read();
      const std::string sent = take_sent();
      receive(engine, base::as_bytes(sent), got, chunks);
      const std::string answer = take_output(engine);
      if (answer.empty() && sent.empty()) return;
      BIO_write(SSL_get_rbio(ssl()), answer.data(), static_cast<int>(answer.size()));
    }
  }
  void converse(tls::Engine& engine) {
    std::string got;
    converse(engine, got);
  }

  void write(std::string_view text) {
    REQUIRE(SSL_write(ssl(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size()));
  }
  /// What it has to say on the wire.
  [[nodiscard]] std::string take_sent() {
    std::string sent = contents(SSL_get_wbio(ssl()));
    (void)BIO_reset(SSL_get_wbio(ssl()));
    return sent;
  }
  /// The plaintext that it has received.
  [[nodiscard]] const std::string& got() const noexcept { return got_; }

 private:
  void read() {
    std::array<char, 3000> room;
    int size = 0;
    while (!SSL_in_init(ssl()) && (size = SSL_read(ssl(), room.data(), static_cast<int>(room.size()))) > 0) {
      got_.append(room.data(), static_cast<std::size_t>(size));
    }
  }

  tls::ContextPointer context_;
  tls::SslPointer ssl_{};
  std::string got_{};
};

/// Contexts of an authority's own world: a client that trusts it, and servers with certificates of its making.
class World {
 public:
  [[nodiscard]] const Certified& authority() const noexcept { return authority_; }
  [[nodiscard]] const TemporaryFolder& folder() const noexcept { return folder_; }
  [[nodiscard]] tls::ClientOptions client_options() const { return {.ca_file = folder_.at("authority.pem")}; }
  /// Of a certificate that the authority has signed.
  [[nodiscard]] tls::Identity identity(const Wish& wish = {}) const { return keep(issue(wish, &authority_)); }
  [[nodiscard]] tls::Identity keep(const Certified& certified) const {
    return {.certificate_file = folder_.put("identity-" + std::to_string(++kept_) + ".pem", pem(certified))};
  }
  [[nodiscard]] tls::Context client() const { return tls::Context::client(client_options()).value(); }
  [[nodiscard]] tls::Context server(const Wish& wish = {}) const {
    return tls::Context::server({.identity = identity(wish)}).value();
  }

 private:
  Certified authority_ = make_authority();
  TemporaryFolder folder_{};
  std::string authority_file_ = folder_.put("authority.pem", pem(authority_.certificate));
  mutable int kept_ = 0;
};

}  // namespace wscope::test
