// The options of whoever makes a connection: the request, the way there, TLS, compression, limits.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "cli/option_parser.h"
#include "cli/request.h"
#include "cli/route_arguments.h"
#include "cli/tls_arguments.h"
#include "link/plan.h"
#include "ws/deflate.h"

namespace wscope::cli {

/// As they are typed.
struct TypedConnection {
  TypedRequest request{};
  std::optional<std::string> compress{};
  bool no_compress = false;
  int compress_level = ws::DeflateTuning().level;
  link::SizeLimits limits{};
  link::Timeouts timeouts{};
  TypedRoute route{};
  TypedRetries retries{};
  TypedClientTls tls{};
};

/// Binds all of them that the parser's command has.
void bind_connection(OptionParser& parser, TypedConnection& typed);

/// What is asked for by them, of a plan whose endpoint is known. An error of kind usage, or io for a file.
[[nodiscard]] base::Result<void> read_connection(const TypedConnection& typed, link::ConnectPlan& plan);

}  // namespace wscope::cli
