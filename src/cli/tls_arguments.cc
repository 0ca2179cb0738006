#include "cli/tls_arguments.h"

#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "base/base64.h"
#include "tls/certificate.h"

namespace wscope::cli {
namespace {

constexpr std::size_t digest_size = 32;  // of SHA-256
constexpr Choice<tls::Version> versions[] = {{"1.2", tls::Version::tls_1_2}, {"1.3", tls::Version::tls_1_3}};
static_assert(are_words_of("--tls-min", versions));

void bind_shared(OptionParser& parser, TypedTls& typed) {
  parser.bind("--cert", typed.certificate);
  parser.bind("--key", typed.key);
  parser.bind("--passphrase", typed.passphrase);
  parser.bind("--tls-min", typed.least, versions);
  parser.bind("--ciphers", typed.ciphers);
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
  if (typed.least) options.least = *typed.least;
  return {};
}

}  // namespace

void bind_client_tls(OptionParser& parser, TypedClientTls& typed) {
  parser.bind("--ca", typed.ca_file);
  parser.bind("--capath", typed.ca_path);
  parser.bind("--no-check", typed.insecure);
  parser.bind("--pin", typed.pins);
  parser.bind("--servername", typed.server_name);
  bind_shared(parser, typed);
}

base::Result<void> read_client_tls(const TypedClientTls& typed, link::ConnectPlan& plan) {
  tls::ClientOptions& options = plan.tls;
  options.ca_file = typed.ca_file;
  options.ca_path = typed.ca_path;
  const bool issuers = !typed.ca_file.empty() || !typed.ca_path.empty();
  plan.insecure = typed.insecure;
  options.verify = !typed.insecure && (typed.pins.empty() || issuers);
  plan.server_name = typed.server_name;
  for (const std::string& pin : typed.pins) {
    const bool prefixed = pin.starts_with(tls::pin_prefix);
    const auto digest = base::base64_decode(prefixed ? std::string_view(pin).substr(tls::pin_prefix.size()) : "");
    if (!digest || digest->size() != digest_size)
      return command_line_error("--pin wants sha256// and a digest in base64");
    options.pins.push_back(pin.substr(tls::pin_prefix.size()));
  }
  return read_shared(typed, options, plan.asks_passphrase);
}

void bind_server_tls(OptionParser& parser, TypedServerTls& typed) {
  parser.bind("--tls", typed.wanted);
  parser.bind("--client-ca", typed.client_ca);
  parser.bind("--tls-out", typed.copy);
  bind_shared(parser, typed);
}

base::Result<void> read_server_tls(const TypedServerTls& typed, session::ServeCommand& command) {
  tls::ServerOptions options;
  options.client_ca = typed.client_ca;
  if (auto read = read_shared(typed, options, command.asks_passphrase); !read) return read;
  if (typed.wanted || !typed.certificate.empty() || !typed.client_ca.empty()) {
    command.tls = std::move(options);
    command.certificate_copy = typed.copy;
  } else if (!typed.copy.empty()) {
    return command_line_error("--tls-out needs --tls");
  } else if (typed.least || !typed.ciphers.empty()) {
    return command_line_error("--tls-min and --ciphers need --tls");
  }
  return {};
}

}  // namespace wscope::cli
