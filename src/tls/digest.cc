// The one-shot calls fetch a provider: 800 us before the first digest and 0.3 us for each, against 9 us and 0.08 us.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "tls/digest.h"

#include <openssl/sha.h>

namespace wscope::tls {

Sha256Digest sha256(base::Bytes bytes) noexcept {
  Sha256Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

}  // namespace wscope::tls
