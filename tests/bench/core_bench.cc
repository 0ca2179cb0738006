// How fast the protocol core is, side by side with what bounds it: memcpy, and zlib alone.
//
// Every figure is the median of rounds that alternate between the two sides of its ratio, so that a change of the
// machine's speed meets both. Ratios can be compared between machines, the rest cannot.
#include <algorithm>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "base/utf8.h"
#include "ws/connection.h"
#include "ws/deflate.h"
#include "ws/mask.h"

namespace {

using namespace wscope;

constexpr int rounds = 15;
constexpr double round_seconds = 0.01;

volatile std::size_t sink;  // keeps results alive

// Of processor time, which other programs on the machine do not take.
double seconds_of(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// Seconds a call, of both in alternation.
std::pair<double, double> measure(const std::function<void()>& ours, const std::function<void()>& bound) {
  const auto calls_in_a_round = [](const std::function<void()>& work) {
    int calls = 1;
    while (seconds_of([&] {
             for (int i = 0; i < calls; ++i) work();
           }) < round_seconds) {
      calls *= 2;
    }
    return calls;
  };
  const int our_calls = calls_in_a_round(ours);
  const int bound_calls = calls_in_a_round(bound);
  const auto one_round = [](const std::function<void()>& work, int calls) {
    return seconds_of([&] {
             for (int i = 0; i < calls; ++i) work();
           }) /
           calls;
  };
  std::vector<double> our_times;
  std::vector<double> bound_times;
  for (int round = 0; round < rounds; ++round) {
    our_times.push_back(one_round(ours, our_calls));
    bound_times.push_back(one_round(bound, bound_calls));
  }
  std::nth_element(our_times.begin(), our_times.begin() + rounds / 2, our_times.end());
  std::nth_element(bound_times.begin(), bound_times.begin() + rounds / 2, bound_times.end());
  return {our_times[rounds / 2], bound_times[rounds / 2]};
}

void print_head(const char* title) { fmt::print("\n{:<58}{:>12}{:>14}{:>10}\n", title, "ours", "ratio", "target"); }

void print_row(const std::string& name, const std::string& figure, double ratio, const std::string& target) {
  fmt::print("{:<58}{:>12}{:>14.2f}{:>10}\n", name, figure, ratio, target);
}

std::string rate(std::size_t bytes, double seconds) {
  return fmt::format("{:.1f} GB/s", static_cast<double>(bytes) / seconds / 1e9);
}

std::vector<std::byte> repeat(std::string_view unit, std::size_t size) {
  std::vector<std::byte> bytes;
  while (bytes.size() + unit.size() <= size) {
    const auto more = base::as_bytes(unit);
    bytes.insert(bytes.end(), more.begin(), more.end());
  }
  bytes.resize(size, std::byte{'.'});
  return bytes;
}

const std::string ascii = "The quick brown fox jumps over the lazy dog. ";
const std::string mixed =
    "Příliš žluťoučký kůň úpěl ďábelské ódy; 我能吞下玻璃而不伤身体。🙂 ";

std::function<void()> copying(const std::vector<std::byte>& from, std::vector<std::byte>& to) {
  to.resize(from.size());
  return [&] {
    std::memcpy(to.data(), from.data(), from.size());
    sink = static_cast<std::size_t>(to[from.size() / 2]);
  };
}

void bench_bytes() {
  constexpr std::size_t size = std::size_t{256} * 1024;
  std::vector<std::byte> copy;
  print_head("bytes, 256 KiB: speed as a part of memcpy's");
  std::vector<std::byte> text = repeat(ascii, size);
  const ws::MaskKey key = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  auto [mask, memcpy_mask] = measure([&] { ws::apply_mask(text, key, 1); }, copying(text, copy));
  print_row("mask", rate(size, mask), memcpy_mask / mask, ">= 0.5");
  text = repeat(ascii, size);
  auto [plain, memcpy_plain] = measure([&] { sink = base::is_utf8(text) ? 1 : 0; }, copying(text, copy));
  print_row("UTF-8, ASCII text", rate(size, plain), memcpy_plain / plain, "");
  text = repeat(mixed, size);
  auto [multi, memcpy_multi] = measure([&] { sink = base::is_utf8(text) ? 1 : 0; }, copying(text, copy));
  print_row("UTF-8, multi-byte text", rate(size, multi), memcpy_multi / multi, ">= 5 GB/s");
}

class NoRandom final : public base::RandomSource {
 public:
  void fill(base::MutableBytes out) noexcept override { std::fill(out.begin(), out.end(), std::byte{0}); }
};

// Frames of `size` bytes, about a read's worth. The masking key is zero: unmasking in place costs the same and leaves
// the bytes as they were, for the next round.
std::vector<std::byte> frames(ws::Role receiver, const std::vector<std::byte>& payload, std::size_t& count) {
  NoRandom random;
  ws::Options options;
  options.role = receiver == ws::Role::server ? ws::Role::client : ws::Role::server;
  options.limits.output = std::size_t{8} << 20;
  ws::Connection sender(options, random, {}, ws::Agreement{});
  count = std::max<std::size_t>(1, std::size_t{64} * 1024 / payload.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (sender.send_text(base::as_text(payload)) != ws::Status::ok) std::abort();
  }
  const auto output = sender.output();
  return {output.begin(), output.end()};
}

void bench_frames(ws::Role role, const std::string& unit, std::size_t size, const std::string& target) {
  std::size_t count = 0;
  std::vector<std::byte> wire = frames(role, repeat(unit, size), count);
  NoRandom random;
  ws::Options options;
  options.role = role;
  options.limits.message = ws::unlimited;
  options.whole_up_to = 0;
  ws::Connection connection(options, random, {}, ws::Agreement{});
  std::vector<std::byte> copy;
  const auto decode = [&] {
    if (connection.receive(wire) != ws::Status::ok) std::abort();
    std::size_t bytes = 0;
    while (const auto event = connection.next_event()) bytes += std::get<ws::Message>(*event).data.size();
    sink = bytes;
  };
  const auto [ours, bound] = measure(decode, copying(wire, copy));
  const bool small = size < 1024;
  const std::string figure =
      small ? fmt::format("{:.1f} ns", ours / static_cast<double>(count) * 1e9) : rate(wire.size(), ours);
  const char* what = &unit == &ascii ? "ASCII" : "multi-byte";
  const char* who = role == ws::Role::server ? "server (unmasks)" : "client";
  print_row(fmt::format("{} B, {}, {}", size, what, who), figure, bound / ours, target);
}

void bench_all_frames() {
  print_head("decode + unmask + validate a text: speed as a part of memcpy's");
  for (const ws::Role role : {ws::Role::server, ws::Role::client}) {
    bench_frames(role, ascii, 16, "<= 20 ns");
    bench_frames(role, ascii, 1024, "");
    bench_frames(role, ascii, std::size_t{64} * 1024, ">= 0.3");
    bench_frames(role, ascii, std::size_t{1} << 20, ">= 0.3");
    bench_frames(role, mixed, std::size_t{64} * 1024, ">= 5 GB/s");
  }
}

// What zlib must do for a message: one deflate and one inflate, with or without a reset.
class ZlibAlone {
 public:
  explicit ZlibAlone(bool takeover) : takeover_(takeover) {
    deflateInit2(&deflater_, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    inflateInit2(&inflater_, -15);
  }
  ~ZlibAlone() {
    deflateEnd(&deflater_);
    inflateEnd(&inflater_);
  }
  ZlibAlone(const ZlibAlone&) = delete;
  ZlibAlone& operator=(const ZlibAlone&) = delete;

  void round_trip(std::vector<std::byte>& message) {
    if (!takeover_) {
      deflateReset(&deflater_);
      inflateReset(&inflater_);
    }
    deflater_.next_in = reinterpret_cast<Bytef*>(message.data());
    deflater_.avail_in = static_cast<uInt>(message.size());
    deflater_.next_out = compressed_;
    deflater_.avail_out = sizeof compressed_;
    deflate(&deflater_, Z_SYNC_FLUSH);
    inflater_.next_in = compressed_;
    inflater_.avail_in = static_cast<uInt>(sizeof compressed_ - deflater_.avail_out);
    inflater_.next_out = plain_;
    inflater_.avail_out = sizeof plain_;
    inflate(&inflater_, Z_SYNC_FLUSH);
    sink = inflater_.avail_out;
  }

 private:
  bool takeover_;
  z_stream deflater_{};
  z_stream inflater_{};
  Bytef compressed_[16 * 1024];
  Bytef plain_[16 * 1024];
};

std::string json_of(std::size_t size) {
  std::string text = "[";
  for (unsigned i = 0; text.size() < size; ++i) {
    text += fmt::format(R"({{"id":{},"name":"user {}","email":"user{}@example.com","score":{}}},)", i, i * 7, i * 13,
                        i * 2654435761U % 1000);
  }
  text.resize(size);
  return text;
}

void bench_deflate(bool takeover) {
  const std::string message = json_of(4096);
  const ws::DeflateParameters parameters{.server_no_context_takeover = !takeover,
                                         .client_no_context_takeover = !takeover};
  const ws::PermessageDeflate deflate(parameters);
  NoRandom random;
  const auto end = [&](ws::Role role) {
    ws::Options options;
    options.role = role;
    ws::Agreement agreement;
    agreement.extensions.extensions.push_back(deflate.agreed(role, parameters));
    return std::make_unique<ws::Connection>(options, random, base::TimePoint{}, std::move(agreement));
  };
  const auto client = end(ws::Role::client);
  const auto server = end(ws::Role::server);
  std::vector<std::byte> wire;
  const auto round_trip = [&] {
    if (client->send_text(message) != ws::Status::ok) std::abort();
    wire.assign(client->output().begin(), client->output().end());
    client->consume_output(wire.size());
    if (server->receive(wire) != ws::Status::ok) std::abort();
    while (const auto event = server->next_event()) sink = std::get<ws::Message>(*event).data.size();
  };
  ZlibAlone zlib(takeover);
  std::vector<std::byte> plain(base::as_bytes(message).begin(), base::as_bytes(message).end());
  const auto [ours, alone] = measure(round_trip, [&] { zlib.round_trip(plain); });
  print_row(takeover ? "context takeover" : "no context takeover", fmt::format("{:.1f} us", ours * 1e6), ours / alone,
            "<= 1.15");
}

}  // namespace

int main() {
  fmt::print("wscope's protocol core; medians of {} rounds\n", rounds);
  bench_bytes();
  bench_all_frames();
  print_head("4 KiB of JSON, deflated, sent, received, inflated: time as a multiple of zlib's alone");
  bench_deflate(true);
  bench_deflate(false);
}
