#include "peer/tls_stack.h"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "net/error.h"
#include "net/socket.h"

namespace wscope::peer {
namespace {

// What is encrypted at once, to be written by one call: little at first, as it waits if the socket takes nothing, and
// more of what follows.
constexpr std::size_t first_portion = std::size_t{64} * 1024;
constexpr std::size_t largest_portion = tls::Engine::high_water;

constexpr std::string_view plain_http_answer =
    "HTTP/1.1 400 Bad Request\r\n"
    "Connection: close\r\n"
    "Content-Type: text/plain\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Length: 45\r\n"
    "\r\n"
    "this port speaks TLS: use wss:// or https://\n";

bool failed(const tls::Engine& engine) noexcept { return engine.state() == tls::Engine::State::failed; }
bool over(const tls::Engine& engine) noexcept { return failed(engine) || engine.ended() || engine.truncated(); }

}  // namespace

// --- receiving

bool TlsStack::holds_input() const noexcept {
  return std::any_of(layers_.begin(), layers_.end(), [](const Layer& l) { return l.more || !l.pending.empty(); });
}

void TlsStack::forget_input() noexcept {
  for (Layer& layer : layers_) {
    layer.more = false;
    layer.pending = {};
    layer.block = {};
  }
}

net::IoResult TlsStack::receive(base::MutableBytes into) {
  socket_read_ = filled_ = false;
  const net::IoResult result = receive_from(layers_.size(), into);
  flush();
  if (result.kind == net::IoResult::Kind::failed && top().plain_http()) answer_plain_http();
  if (result.kind == net::IoResult::Kind::failed || result.kind == net::IoResult::Kind::end) forget_input();
  return result;
}

net::IoResult TlsStack::receive_from(std::size_t level, base::MutableBytes into) {
  if (level == 0) {
    // Once is enough: most likely the next time would block, and whoever sends without end is not alone.
    if (std::exchange(socket_read_, true)) return {net::IoResult::Kind::would_block};
    const net::IoResult result = net::receive(fd_, into);
    const std::size_t came = result.kind == net::IoResult::Kind::done ? result.bytes : 0;
    filled_ = came == into.size();
    much_ = came >= ReadBlocks::usual_size;
    return result;
  }
  Layer& layer = at(level);
  std::size_t size = 0;
  while (size < into.size()) {
    const std::size_t read = layer.engine.read(into.subspan(size));
    size += read;
    if (read > 0) continue;
    if (over(layer.engine) || (size > 0 && layer.pending.empty())) break;
    if (const net::IoResult filled = fill(level); filled.kind != net::IoResult::Kind::done) {
      layer.more = false;
      return filled;
    }
  }
  layer.more = size > 0 && (size == into.size() || over(layer.engine));
  if (size > 0) return {net::IoResult::Kind::done, size};
  if (failed(layer.engine)) return {net::IoResult::Kind::failed, 0, EPROTO};
  return {net::IoResult::Kind::end};
}

// Gives the engine something to work on: done, or why there is nothing.
net::IoResult TlsStack::fill(std::size_t level) {
  Layer& layer = at(level);
  if (layer.pending.empty()) {
    auto block = much_ ? blocks_.take_large() : blocks_.take();
    const net::IoResult result = receive_from(level - 1, block.bytes());
    if (result.kind != net::IoResult::Kind::done) {
      blocks_.give_back(std::move(block));
      if (result.kind != net::IoResult::Kind::end) return result;
      layer.engine.receive_eof();
      return {net::IoResult::Kind::done};
    }
    layer.pending = base::Bytes(block.bytes()).first(result.bytes);
    layer.block = std::move(block);
  }
  layer.pending = layer.pending.subspan(layer.engine.receive(layer.pending));
  if (layer.pending.empty()) blocks_.give_back(std::move(layer.block));
  return {net::IoResult::Kind::done};
}

// --- sending

bool TlsStack::holds_output() const noexcept {
  return std::any_of(layers_.begin(), layers_.end(), [](const Layer& l) { return !l.engine.output().empty(); });
}

net::IoResult TlsStack::send_to(std::size_t level, base::Bytes from) {
  if (level == 0) return net::send(fd_, from);
  tls::Engine& engine = at(level).engine;
  std::size_t taken = 0;
  for (std::size_t portion = first_portion;; portion = std::min(2 * portion, largest_portion)) {
    push(level);
    if (error_ != 0 || taken == from.size() || !engine.output().empty()) break;
    const std::size_t size = engine.write(from.subspan(taken, std::min(portion, from.size() - taken)));
    if (size == 0) break;
    taken += size;
  }
  if (error_ != 0) return {net::IoResult::Kind::failed, 0, error_};
  if (taken > 0) return {net::IoResult::Kind::done, taken};
  if (failed(engine)) return {net::IoResult::Kind::failed, 0, EPROTO};
  return {net::IoResult::Kind::would_block};
}

// What this engine has to say to the one below, and so on down to the socket.
void TlsStack::push(std::size_t level) {
  tls::Engine& engine = at(level).engine;
  while (!engine.output().empty()) {
    const net::IoResult result = send_to(level - 1, engine.output());
    if (result.kind == net::IoResult::Kind::failed) {
      error_ = result.error;
      return drop_output();
    }
    if (result.kind != net::IoResult::Kind::done) return;
    engine.consume_output(result.bytes);
  }
}

void TlsStack::flush() {
  for (std::size_t level = layers_.size(); level > 0; --level) {
    tls::Engine& engine = at(level).engine;
    if (closing_) engine.close();
    push(level);
    // The one below goes on only when what it says last is said.
    if (closing_ && !engine.output().empty()) return;
  }
  if (!std::exchange(closing_, false)) return;
  net::half_close(fd_);
  error_ = EPIPE;
}

void TlsStack::drop_output() {
  for (Layer& layer : layers_) layer.engine.consume_output(layer.engine.output().size());
}

void TlsStack::half_close() {
  closing_ = true;
  flush();
}

// Nothing was written before: there is room for it.
void TlsStack::answer_plain_http() {
  static_cast<void>(net::send(fd_, base::as_bytes(plain_http_answer)));
  net::half_close(fd_);
  error_ = EPIPE;
}

// --- the handshake

base::Result<bool> TlsStack::shake_hands() {
  Layer& layer = layers_.back();
  socket_read_ = false;
  layer.engine.advance();
  while (layer.engine.state() == tls::Engine::State::handshaking) {
    flush();
    const net::IoResult filled = fill(layers_.size());
    if (filled.kind == net::IoResult::Kind::would_block) return false;
    if (filled.kind != net::IoResult::Kind::done) {
      return base::Error{base::ErrorKind::tls, error_text(filled.error) + " during the TLS handshake"};
    }
  }
  flush();
  if (failed(layer.engine)) return layer.engine.error();
  layer.more = true;  // more than the handshake may have come
  return true;
}

std::string TlsStack::error_text(int error) const {
  for (const Layer& layer : layers_) {
    if (failed(layer.engine)) return layer.engine.error().message;
  }
  return net::error_text(error);
}

}  // namespace wscope::peer
