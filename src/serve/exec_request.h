// What a client's request is to the programs of a server.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "http/head.h"
#include "link/client.h"
#include "link/connection_options.h"
#include "process/environment.h"
#include "process/launch.h"
#include "view/json_events.h"

namespace wscope::serve {

/// What a server that has programs knows of itself.
struct ExecOptions {
  process::Launch launch;           ///< of find_launch()
  bool checks_credentials = false;  ///< Basic ones are wanted
  bool checks_certificates = false;
  bool secure = false;  ///< it speaks TLS
  link::SizeLimits limits{};
  std::vector<std::string> subprotocols{};  ///< of the admission
};

/// Adds the variables of a request that is let in to the environment of a program that is for its client. `random`
/// gives its identifier. False: its path cannot be decoded (400).
[[nodiscard]] bool add_request(const ExecOptions& options, const link::Client& client, const http::RequestHead& request,
                               base::RandomSource& random, process::Environment& environment);

/// How a client was let in, for a program that speaks for the server: with all that it has asked with, but for
/// credentials that were the server's to check. It refers to `request` and `client`, and to `headers`, which it fills.
[[nodiscard]] view::OpenView describe_open(const ExecOptions& options, const link::Client& client,
                                           const http::RequestHead& request, http::Headers& headers);

}  // namespace wscope::serve
