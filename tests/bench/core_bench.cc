// How fast the protocol core is beside what bounds it: memcpy, and zlib alone.
#include <algorithm>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "base/utf8.h"
#include "compare.h"
#include "groups.h"
#include "ws/connection.h"
#include "ws/deflate.h"
#include "ws/mask.h"

namespace wscope::bench {
namespace {

constexpr int rounds = 15;
constexpr double round_seconds = 0.01;

volatile std::size_t sink;  // keeps results alive

// Of processor time, which other programs on the machine do not take.
double seconds_of(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

double seconds_of(const std::function<void()>& work, int calls) {
  return seconds_of([&] {
    for (int i = 0; i < calls; ++i) work();
  });
}

// The cost of a call, measured over as many as fill a round.
std::function<double()> cost_of(const std::function<void()>& work) {
  int calls = 1;
  while (seconds_of(work, calls) < round_seconds) calls *= 2;
  return [=] { return seconds_of(work, calls) / calls; };
}

// Seconds a call.
Comparison measure(const std::function<void()>& ours, const std::function<void()>& bound) {
  return compare(rounds, cost_of(ours), cost_of(bound));
}

// A row in GB/s, whose ratio is that of the speeds.
Row speed_row(std::string name, std::size_t bytes, const Comparison& seconds, const Goal& goal) {
  const auto speed = [&](double time) { return static_cast<double>(bytes) / time / 1e9; };
  return {std::move(name), "GB/s", speed(seconds.ours), speed(seconds.other), 1 / seconds.ratio, goal};
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
    "Příliš žluťoučký kůň úpěl ďábelské ódy; "
    "我能吞下玻璃而不伤身体。🙂 ";

std::function<void()> copying(const std::vector<std::byte>& from, std::vector<std::byte>& to) {
  to.resize(from.size());
  return [&] {
    std::memcpy(to.data(), from.data(), from.size());
    sink = static_cast<std::size_t>(to[from.size() / 2]);
  };
}

void bench_bytes(Table& table) {
  constexpr std::size_t size = std::size_t{256} * 1024;
  std::vector<std::byte> text;
  std::vector<std::byte> copy;
  const auto bench = [&](const std::string& name, const std::string& unit, const auto& work, const Goal& goal) {
    if (!table.wants(name)) return;
    text = repeat(unit, size);
    table.add(speed_row(name, size, measure(work, copying(text, copy)), goal));
  };
  const ws::MaskKey key = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  const auto validate = [&] { sink = base::is_utf8(text) ? 1 : 0; };
  bench(
      "core/mask", ascii, [&] { ws::apply_mask(text, key, 1); }, ratio_at_least(0.5));
  bench("core/utf8", ascii, validate, {});
  bench("core/utf8-multi-byte", mixed, validate, figure_at_least(5));
}

class NoRandom final : public base::RandomSource {
 public:
  void fill(base::MutableBytes out) noexcept override { std::fill(out.begin(), out.end(), std::byte{0}); }
};

// Frames of `size` bytes, about a read's worth. The masking key is zero:
// unmasking in place costs the same and leaves the bytes as they were, for the
// next round.
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

void bench_frames(Table& table, ws::Role role, const std::string& unit, std::size_t size, const Goal& goal) {
  const char* who = role == ws::Role::server ? "server" : "client";
  const std::string name = fmt::format("core/{}/{}{}", who, size_text(size), &unit == &mixed ? "/multi-byte" : "");
  if (!table.wants(name)) return;
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
    while (const auto event = connection.next_event({})) bytes += std::get<ws::Message>(*event).data.size();
    sink = bytes;
  };
  const Comparison seconds = measure(decode, copying(wire, copy));
  if (size >= 1024) return table.add(speed_row(name, wire.size(), seconds, goal));
  const double a_frame = 1e9 / static_cast<double>(count);
  table.add({name, "ns", seconds.ours * a_frame, seconds.other * a_frame, 1 / seconds.ratio, goal});
}

// Decoded, unmasked by a server, and validated.
void bench_all_frames(Table& table) {
  for (const ws::Role role : {ws::Role::server, ws::Role::client}) {
    bench_frames(table, role, ascii, 16, figure_at_most(20));
    bench_frames(table, role, ascii, 1024, {});
    bench_frames(table, role, ascii, std::size_t{64} * 1024, ratio_at_least(0.3));
    bench_frames(table, role, ascii, std::size_t{1024} * 1024, ratio_at_least(0.3));
    bench_frames(table, role, mixed, std::size_t{64} * 1024, figure_at_least(5));
  }
}

// What zlib must do for a message: one deflate and one inflate, with or without
// a reset.
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

// 4 KiB of JSON, deflated, sent, received and inflated.
void bench_deflate(Table& table, bool takeover) {
  const std::string name = takeover ? "core/deflate" : "core/deflate/no-takeover";
  if (!table.wants(name)) return;
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
    while (const auto event = server->next_event({})) sink = std::get<ws::Message>(*event).data.size();
  };
  ZlibAlone zlib(takeover);
  std::vector<std::byte> plain(base::as_bytes(message).begin(), base::as_bytes(message).end());
  const Comparison seconds = measure(round_trip, [&] { zlib.round_trip(plain); });
  table.add({name, "us", seconds.ours * 1e6, seconds.other * 1e6, seconds.ratio, ratio_at_most(1.15, 1.06)});
}

}  // namespace

void bench_core(Table& table) {
  bench_bytes(table);
  bench_all_frames(table);
  bench_deflate(table, true);
  bench_deflate(table, false);
}

}  // namespace wscope::bench
