// What an SSL reads and writes in place of a socket.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "tls/handles.h"

namespace wscope::tls {

/// Both directions of one connection, in ciphertext. Reading takes from the front of `input`, which somebody else owns;
/// when nothing is left of it more may come later. Writing appends to `output`, and fails if that is full.
struct Streams {
  /// Beyond what an Engine's own writes may reach: what answers the other side's requests is bounded by this.
  static constexpr std::size_t output_cap = std::size_t{512} * 1024;

  base::Bytes input{};
  base::Buffer output{output_cap};
};

/// The kind of BIO that make_stream_bio() makes; null if memory ran out.
[[nodiscard]] BioMethodPointer make_stream_method();

/// A BIO on `streams`, which with `method` outlives it; null if memory ran out.
[[nodiscard]] BioPointer make_stream_bio(const BIO_METHOD* method, Streams& streams);

}  // namespace wscope::tls
