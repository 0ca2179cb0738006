#include "check/client_identities.h"

#include <utility>

#include "check/report_output.h"
#include "tls/authority.h"

namespace wscope::check {
namespace {

constexpr const char* local_name = "localhost";
constexpr const char* other_name = "wscope.invalid";

tls::ServerOptions options_of(const CheckPlan& plan) {
  tls::ServerOptions options;
  options.least = plan.tls.least;
  options.ciphers = plan.tls.ciphers;
  options.key_log = plan.tls.key_log;
  return options;
}

std::vector<std::string> names_of(const CheckPlan& plan) {
  std::vector<std::string> names{local_name, "127.0.0.1", "::1"};
  const std::string& host = plan.listens->host;
  if (!host.empty() && host != "0.0.0.0" && host != "::") names.push_back(host);
  return names;
}

base::Result<void> add(base::Result<tls::Context> context, const char* id, ClientIdentities& into) {
  if (!context) return std::move(context).error();
  into.wrong.push_back({id, std::move(context).value()});
  return {};
}

base::Result<void> add_wrong(const CheckPlan& plan, const tls::Authority* authority, ClientIdentities& into) {
  using Validity = tls::Authority::Validity;
  tls::ServerOptions options = options_of(plan);
  const std::vector<std::string> names = names_of(plan);
  if (authority != nullptr) {
    auto name = add(authority->server_for({other_name}, Validity::now, options), "c.tls-name", into);
    if (!name) return name;
    auto expired = add(authority->server_for(names, Validity::expired, options), "c.tls-expired", into);
    if (!expired) return expired;
  }
  options.names = names;
  return add(tls::Context::server(options), "c.tls-issuer", into);
}

}  // namespace

base::Result<ClientIdentities> make_identities(const CheckPlan& plan) {
  ClientIdentities identities;
  if (!plan.serves_tls) return identities;
  const bool has_own = !plan.tls.identity.certificate_file.empty();
  tls::ServerOptions options = options_of(plan);
  options.identity = plan.tls.identity;
  auto authority = has_own ? tls::Authority::read(options.identity) : tls::Authority::make();
  if (!has_own && !authority) return std::move(authority).error();
  auto right = has_own ? tls::Context::server(options)
                       : authority->server_for(names_of(plan), tls::Authority::Validity::now, options);
  if (!right) return std::move(right).error();
  if (!plan.certificate_copy.empty()) {
    auto written = write_file(plan.certificate_copy, has_own ? right->certificate() : authority->certificate());
    if (!written) return std::move(written).error();
  }
  identities.has_name = tls::is_for_host(*right, local_name);
  identities.right = std::move(right).value();
  auto added = add_wrong(plan, authority ? &*authority : nullptr, identities);
  if (!added) return std::move(added).error();
  return identities;
}

}  // namespace wscope::check
