// stdin and stdout as a stream of bytes.
#pragma once

#include <optional>

#include "net/fd.h"
#include "net/shared_output.h"
#include "serve/byte_stream.h"

namespace wscope::serve {

/// Our stdout, under another number; what stands in its place is /dev/null. So whoever closes it closes it for all of
/// this process. None, if the system has no descriptors left.
[[nodiscard]] net::UniqueFd take_stdout() noexcept;

/// Reads stdin and writes stdout, which other processes may share: neither is made non-blocking.
class StdioStream final : public ByteStream, private net::Pollable {
 public:
  /// `poller` outlives it; `out` is from take_stdout().
  StdioStream(net::Poller& poller, net::UniqueFd out);
  ~StdioStream() override;

  void watch(net::Interest interest, ByteStreamOwner& owner) override;
  [[nodiscard]] net::IoResult receive(base::MutableBytes into) override;
  [[nodiscard]] net::IoResult send(base::Bytes from) override;
  [[nodiscard]] bool failed() const override;
  void half_close() override;
  void close() override;
  void reset() override { close(); }

 private:
  void handle_ready(net::Poller::Id id, net::Readiness readiness) override;
  void handle_deadline(net::Poller::Id, base::TimePoint) override {}

  net::Poller& poller_;
  net::UniqueFd stdout_;
  std::optional<net::SharedOutput> output_;
  net::Poller::Id in_;
  net::Poller::Id out_;
  ByteStreamOwner* owner_ = nullptr;
};

}  // namespace wscope::serve
