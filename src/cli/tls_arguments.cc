#include "cli/tls_arguments.h"

#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "base/base64.h"
#include "cli/parsing.h"
#include "tls/certificate.h"

namespace wscope::cli {
namespace {

constexpr const char* tls_group = "TLS";
constexpr std::size_t digest_size = 32;  // of SHA-256
constexpr Choice<tls::Version> versions[] = {{"1.2", tls::Version::tls_1_2}, {"1.3", tls::Version::tls_1_3}};

void add_option(CLI::App& app, const char* name, std::string& typed, const char* type_name, const char* description) {
  app.add_option(name, typed, description)->check(not_empty())->type_name(type_name)->group(tls_group);
}

void add_shared(CLI::App& app, TypedTls& typed) {
  add_option(app, "--cert", typed.certificate, "FILE",
             "our certificate, and those between it and its root (PEM, or PKCS#12 with the key)");
  add_option(app, "--key", typed.key, "FILE", "its private key (the file of --cert)");
  add_optional_value(app, "--passphrase", typed.passphrase, "P",
                     "of the key or of PKCS#12; asked for on the terminal without P")
      ->group(tls_group);
  app.add_option("--tls-min", typed.least, "the oldest version to speak (1.2)")
      ->check(not_empty())
      ->type_name(names_of(versions))
      ->group(tls_group);
  add_option(app, "--ciphers", typed.ciphers, "LIST",
             "the ciphers to choose from, as OpenSSL writes them; those that begin with TLS_ are of TLS 1.3");
}

// Fills in what the options of both sides have in common.
template <typename Options>
base::Result<void> read_shared(const TypedTls& typed, Options& options, bool& asks_passphrase) {
  if (typed.certificate.empty() && (!typed.key.empty() || typed.passphrase)) {
    return command_line_error("--key and --passphrase need --cert");
  }
  options.identity = {typed.certificate, typed.key, typed.passphrase.value_or("")};
  asks_passphrase = typed.passphrase && typed.passphrase->empty();
  options.ciphers = typed.ciphers;
  const char* key_log = std::getenv("SSLKEYLOGFILE");
  if (key_log != nullptr) options.key_log = key_log;
  if (typed.least.empty()) return {};
  const auto least = choose(typed.least, "--tls-min", versions);
  if (!least) return least.error();
  options.least = *least;
  return {};
}

}  // namespace

void add_client_tls(CLI::App& app, TypedClientTls& typed) {
  add_option(app, "--ca,--cacert", typed.ca_file, "FILE", "trust these issuers (PEM) in place of the system's");
  add_option(app, "--capath", typed.ca_path, "DIRECTORY", "trust those in this directory, whose names are their hash");
  app.add_flag("-n,-k,--no-check,--insecure", typed.insecure, "do not check the server's certificate")
      ->group(tls_group);
  app.add_option(
         "--pin", typed.pins,
         "the server has this key (sha256//BASE64), which is trust enough unless there is --ca; may be repeated")
      ->check(not_empty())
      ->type_name("DIGEST")
      ->allow_extra_args(false)
      ->group(tls_group);
  app.add_option("--servername", typed.server_name,
                 "the name to ask for and to find in the certificate; empty: ask for none")
      ->type_name("NAME")
      ->group(tls_group);
  add_shared(app, typed);
}

base::Result<void> read_client_tls(const TypedClientTls& typed, session::ConnectCommand& command) {
  tls::ClientOptions& options = command.tls;
  options.ca_file = typed.ca_file;
  options.ca_path = typed.ca_path;
  const bool issuers = !typed.ca_file.empty() || !typed.ca_path.empty();
  command.insecure = typed.insecure;
  options.verify = !typed.insecure && (typed.pins.empty() || issuers);
  command.server_name = typed.server_name;
  for (const std::string& pin : typed.pins) {
    const bool prefixed = pin.starts_with(tls::pin_prefix);
    const auto digest = base::base64_decode(prefixed ? std::string_view(pin).substr(tls::pin_prefix.size()) : "");
    if (!digest || digest->size() != digest_size)
      return command_line_error("--pin wants sha256// and a digest in base64");
    options.pins.push_back(pin.substr(tls::pin_prefix.size()));
  }
  return read_shared(typed, options, command.asks_passphrase);
}

void add_server_tls(CLI::App& app, TypedServerTls& typed) {
  app.add_flag("--tls", typed.wanted, "speak TLS; without --cert, with a certificate that is made in memory")
      ->group(tls_group);
  add_option(app, "--client-ca", typed.client_ca, "FILE",
             "let in only clients with a certificate of these issuers (PEM)");
  add_shared(app, typed);
}

base::Result<void> read_server_tls(const TypedServerTls& typed, session::ServeCommand& command) {
  tls::ServerOptions options;
  options.client_ca = typed.client_ca;
  if (auto read = read_shared(typed, options, command.asks_passphrase); !read) return read;
  if (typed.wanted || !typed.certificate.empty() || !typed.client_ca.empty()) {
    command.tls = std::move(options);
  } else if (!typed.least.empty() || !typed.ciphers.empty()) {
    return command_line_error("--tls-min and --ciphers need --tls");
  }
  return {};
}

}  // namespace wscope::cli
