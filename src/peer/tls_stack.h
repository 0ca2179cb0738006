// TLS over a socket, in one layer or more.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/io.h"
#include "peer/read_blocks.h"
#include "tls/engine.h"

namespace wscope::peer {

/// What a Transport has for TLS, and is documented there: engines on top of a socket, and of each other.
class TlsStack {
 public:
  /// Neither `fd` nor `blocks` is its own. To be used only once there is an engine.
  TlsStack(int fd, ReadBlocks& blocks) noexcept : fd_(fd), blocks_(blocks) {}
  void add(tls::Engine engine) { layers_.emplace_back(std::move(engine)); }
  [[nodiscard]] const tls::Engine& top() const noexcept { return layers_.back().engine; }

  [[nodiscard]] base::Result<bool> shake_hands();
  [[nodiscard]] net::IoResult receive(base::MutableBytes into);
  [[nodiscard]] bool holds_input() const noexcept;
  [[nodiscard]] bool filled() const noexcept { return filled_; }
  [[nodiscard]] net::IoResult send(base::Bytes from) { return send_to(layers_.size(), from); }
  [[nodiscard]] bool holds_output() const noexcept;
  void flush();
  void drop_output();
  void half_close();
  [[nodiscard]] std::string error_text(int error) const;

 private:
  // One engine, and what it was not given yet of what came for it.
  struct Layer {
    explicit Layer(tls::Engine made) noexcept : engine(std::move(made)) {}

    tls::Engine engine;
    ReadBlock block{};      // held only while something is pending
    base::Bytes pending{};  // of the block
    bool more = false;      // the engine may have something to tell at once
  };

  // Level 0 is the socket; what is above it are the layers.
  [[nodiscard]] Layer& at(std::size_t level) noexcept { return layers_[level - 1]; }
  [[nodiscard]] net::IoResult receive_from(std::size_t level, base::MutableBytes into);
  [[nodiscard]] net::IoResult fill(std::size_t level);
  void forget_input() noexcept;
  [[nodiscard]] net::IoResult send_to(std::size_t level, base::Bytes from);
  void push(std::size_t level);
  void answer_plain_http();

  int fd_;
  ReadBlocks& blocks_;
  std::vector<Layer> layers_{};  // the one next to the socket first
  bool socket_read_ = false;     // in this call, once and for all
  bool filled_ = false;          // the latest read from the socket brought as much as there was room for
  bool much_ = false;            // and a usual block's fill
  bool closing_ = false;         // our half is to be closed
  int error_ = 0;                // errno's value, since nothing can be written any more
};

}  // namespace wscope::peer
