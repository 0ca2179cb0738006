#include "tls/streams.h"

#include <algorithm>
#include <new>

#include <openssl/err.h>

namespace wscope::tls {
namespace {

Streams& streams_of(BIO* bio) noexcept { return *static_cast<Streams*>(BIO_get_data(bio)); }

int read(BIO* bio, char* into, std::size_t size, std::size_t* taken) noexcept {
  BIO_clear_retry_flags(bio);
  base::Bytes& input = streams_of(bio).input;
  if (input.empty()) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *taken = std::min(size, input.size());
  std::copy_n(input.begin(), *taken, reinterpret_cast<std::byte*>(into));
  input = input.subspan(*taken);
  return 1;
}

// No exception may pass through OpenSSL, which has an error of its own for this.
int write(BIO* bio, const char* from, std::size_t size, std::size_t* given) noexcept {
  BIO_clear_retry_flags(bio);
  try {
    if (!streams_of(bio).output.append({reinterpret_cast<const std::byte*>(from), size})) return 0;
  } catch (const std::bad_alloc&) {
    ERR_raise(ERR_LIB_BIO, ERR_R_MALLOC_FAILURE);
    return 0;
  }
  *given = size;
  return 1;
}

// libssl flushes after each flight and takes 0 for a failure.
long control(BIO*, int command, long, void*) noexcept { return command == BIO_CTRL_FLUSH ? 1 : 0; }

}  // namespace

BioMethodPointer make_stream_method() {
  BioMethodPointer method(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "streams"));
  if (!method) return nullptr;
  BIO_meth_set_read_ex(method.get(), &read);
  BIO_meth_set_write_ex(method.get(), &write);
  BIO_meth_set_ctrl(method.get(), &control);
  return method;
}

BioPointer make_stream_bio(const BIO_METHOD* method, Streams& streams) {
  BioPointer bio(BIO_new(method));
  if (!bio) return nullptr;
  BIO_set_data(bio.get(), &streams);
  BIO_set_init(bio.get(), 1);
  return bio;
}

}  // namespace wscope::tls
