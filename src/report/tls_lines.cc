#include "report/tls_lines.h"

namespace wscope::report {

std::vector<std::string> describe_tls(const tls::Session& session) {
  const std::string alpn = session.protocol.empty() ? "no ALPN" : "ALPN " + session.protocol;
  std::vector<std::string> lines = {session.version + ", " + session.cipher + ", " + alpn};
  for (const tls::CertificateView& certificate : session.chain) {
    std::string names;
    for (const std::string& name : certificate.names) names += (names.empty() ? " for " : ", ") + name;
    lines.push_back("certificate " + certificate.subject + names + ", issued by " + certificate.issuer + ", expires " +
                    certificate.not_after);
  }
  if (!session.pin.empty()) lines.push_back("its key is --pin " + session.pin);
  return lines;
}

}  // namespace wscope::report
