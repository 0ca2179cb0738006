// What is shown to clients that come over TLS: a certificate that is right, and some that they must not take.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "check/plan.h"
#include "tls/context.h"

namespace wscope::check {

/// A certificate for one case.
struct WrongIdentity {
  std::string id;  ///< of that case
  tls::Context context;
};

struct ClientIdentities {
  std::optional<tls::Context> right{};  ///< nothing: there is no TLS
  bool has_name = false;                ///< it is for localhost, too
  std::vector<WrongIdentity> wrong{};
};

/// With the certificate that the plan names, or one of an authority of our own make, whose own certificate is written
/// to plan.certificate_copy. What is wrong with the others is one thing each: without an authority that vouches for
/// them, only those are made that need none. Errors are those of tls::Context::server(), and of kind io.
[[nodiscard]] base::Result<ClientIdentities> make_identities(const CheckPlan& plan);

}  // namespace wscope::check
