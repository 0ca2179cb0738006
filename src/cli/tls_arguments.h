// The options about TLS: whom to trust, and who we are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/option_parser.h"

namespace wscope::cli {

/// What clients and servers share, as it is typed.
struct TypedTls {
  std::string certificate{};
  std::string key{};
  std::optional<std::string> passphrase{};  ///< empty: to be asked for
  std::optional<tls::Version> least{};
  std::string ciphers{};
};

struct TypedClientTls : TypedTls {
  std::string ca_file{};
  std::string ca_path{};
  bool insecure = false;
  std::optional<std::string> server_name{};
  std::vector<std::string> pins{};
};
void bind_client_tls(OptionParser& parser, TypedClientTls& typed);
/// A pin is trust enough, unless issuers to trust are given too.
[[nodiscard]] base::Result<void> read_client_tls(const TypedClientTls& typed, link::ConnectPlan& plan);

struct TypedServerTls : TypedTls {
  bool wanted = false;
  std::string copy{};
  std::string client_ca{};
};
void bind_server_tls(OptionParser& parser, TypedServerTls& typed);
/// TLS is wanted, too, with a certificate or if clients are to have one.
[[nodiscard]] base::Result<void> read_server_tls(const TypedServerTls& typed, session::ServeCommand& command);

}  // namespace wscope::cli
