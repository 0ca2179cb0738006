// Any bytes, as one direction of a connection. The first two say how much of a frame is kept, whether compressed ones
// are inflated, and how the rest is split.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/utf8.h"
#include "require.h"
#include "support/split.h"
#include "view/json_events.h"
#include "view/wire_text.h"
#include "wire/reader.h"

using namespace wscope;
using fuzz::require;

namespace {

constexpr std::size_t setup_size = 2;
constexpr unsigned inflates = 8;  // in the first byte
constexpr unsigned has_narrow_window = 16;
constexpr std::array<std::size_t, 8> kept_sizes = {0, 1, 8, 14, 20, 256, 100'000, SIZE_MAX};

bool is_safe(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) return false;
  }
  return base::is_utf8(base::as_bytes(text));
}

// A head in words, and as it is.
std::string tell(const wire::Head& head) {
  require(!head.text.empty() && head.text.size() <= 65536);
  const std::string text = view::describe_head(wire::Direction::in, head.text);
  require(is_safe(text) && text.starts_with('<') && text.ends_with('\n'));
  return text + std::string(head.text);
}

// A frame in words and in JSON, and what was kept of its payload.
std::string tell(const wire::Frame& frame, std::size_t kept_bytes) {
  require(frame.payload.size() <= frame.length && frame.payload.size() <= frame.bytes.size());
  require(frame.bytes.size() <= std::max<std::size_t>(kept_bytes, frame.opcode < 8 ? 14 : 6 + 125));
  require(frame.payload.size() == frame.length || frame.bytes.size() >= kept_bytes);
  std::string said;
  if (frame.inflated) {
    require(frame.inflated->kept.size() == std::min<std::uint64_t>(frame.inflated->size, kept_bytes));
    said = std::to_string(frame.inflated->size) + std::string(base::as_text(frame.inflated->kept));
  }
  const std::string text = view::describe_frame(wire::Direction::out, frame, view::WallTime{});
  require(is_safe(text) && text.ends_with('\n'));
  std::string json;
  view::append_frame({}, wire::Direction::out, frame, json);
  require(is_safe(json) && json.find('\n') == json.size() - 1);
  return text + json + std::string(base::as_text(frame.payload)) + said;
}

// What there was of a head or a frame.
std::string tell(const wire::Cut& cut, std::size_t kept_bytes) {
  require(!cut.bytes.empty() && cut.bytes.size() <= std::max<std::size_t>(kept_bytes, 65536));
  return "cut " + std::string(base::as_text(cut.bytes));
}

std::string tell(const wire::Reader::Event& event, std::size_t kept_bytes) {
  if (const auto* head = std::get_if<wire::Head>(&event)) return tell(*head);
  if (const auto* frame = std::get_if<wire::Frame>(&event)) return tell(*frame, kept_bytes);
  return tell(std::get<wire::Cut>(event), kept_bytes);
}

std::vector<std::string> read(unsigned setup, test::Pieces pieces) {
  const std::size_t kept_bytes = kept_sizes[setup % kept_sizes.size()];
  wire::Reader reader(kept_bytes);
  ws::DeflateParameters agreed;
  if ((setup & has_narrow_window) != 0) agreed.client_max_window_bits = ws::min_window_bits;
  if ((setup & inflates) != 0) reader.inflate(ws::Role::client, agreed);
  std::vector<std::string> items;
  for (base::Bytes rest : pieces) {
    while (!rest.empty()) {
      const std::size_t taken = reader.receive(rest);
      require(taken > 0 && taken <= rest.size());
      rest = rest.subspan(taken);
      if (const auto event = reader.next_event()) items.push_back(tell(*event, kept_bytes));
    }
  }
  reader.receive_eof();
  if (const auto event = reader.next_event()) items.push_back(tell(*event, kept_bytes));
  return items;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < setup_size) return 0;
  const base::Bytes stream = base::Bytes(reinterpret_cast<const std::byte*>(data), size).subspan(setup_size);
  std::optional<std::vector<std::string>> whole;
  const auto check = [&](test::Pieces pieces) {
    std::vector<std::string> items = read(data[0], pieces);
    if (whole) {
      require(items == *whole);
    } else {
      whole = std::move(items);
    }
  };
  test::with_split(stream, {}, check);
  test::with_split(stream, test::random_cuts(stream.size(), data[1]), check);
  std::vector<std::size_t> everywhere(stream.empty() ? 0 : stream.size() - 1);
  std::iota(everywhere.begin(), everywhere.end(), std::size_t{1});
  test::with_split(stream, everywhere, check);
  return 0;
}
