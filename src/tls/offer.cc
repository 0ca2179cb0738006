#include "tls/offer.h"

#include <openssl/ssl.h>

namespace wscope::tls {

void make_offer(Context& context, const Offer& offer) {
  SSL_CTX* const own = context.get();
  if (offer.only) {
    const int version = *offer.only == OldVersion::tls_1_0 ? TLS1_VERSION : TLS1_1_VERSION;
    // The digests of those versions are none that are trusted today.
    SSL_CTX_set_security_level(own, 0);
    SSL_CTX_set_min_proto_version(own, version);
    SSL_CTX_set_max_proto_version(own, version);
  }
  if (offer.protocols.empty()) return;
  std::vector<unsigned char> list;
  for (const std::string& protocol : offer.protocols) {
    list.push_back(static_cast<unsigned char>(protocol.size()));
    list.insert(list.end(), protocol.begin(), protocol.end());
  }
  SSL_CTX_set_alpn_protos(own, list.data(), static_cast<unsigned>(list.size()));
}

}  // namespace wscope::tls
