// Any bytes as frames: written again, what was read of them is the same bytes. The first one says how they are split.
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "require.h"
#include "support/split.h"
#include "wire/frame_writer.h"
#include "wire/reader.h"

using namespace wscope;
using fuzz::require;

namespace {

void append_again(const wire::Reader::Event& event, std::string& out) {
  if (const auto* frame = std::get_if<wire::Frame>(&event)) {
    const std::size_t begin = out.size();
    require(frame->payload.size() == frame->length && wire::has_room(frame->form, frame->length));
    wire::append_frame(*frame, frame->payload, out);
    require(std::string_view(out).substr(begin) == base::as_text(frame->bytes));
  } else {
    out += base::as_text(std::get<wire::Cut>(event).bytes);
  }
}

std::string write_again(test::Pieces pieces) {
  wire::Reader reader(SIZE_MAX);
  const std::string_view head = "GET / HTTP/1.1\r\n\r\n";
  require(reader.receive(base::as_bytes(head)) == head.size() && reader.next_event());
  std::string out;
  for (base::Bytes rest : pieces) {
    while (!rest.empty()) {
      const std::size_t taken = reader.receive(rest);
      require(taken > 0 && taken <= rest.size());
      rest = rest.subspan(taken);
      if (const auto event = reader.next_event()) append_again(*event, out);
    }
  }
  reader.receive_eof();
  if (const auto event = reader.next_event()) append_again(*event, out);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::Bytes frames = base::Bytes(reinterpret_cast<const std::byte*>(data), size).subspan(1);
  const auto check = [&](test::Pieces pieces) { require(write_again(pieces) == base::as_text(frames)); };
  test::with_split(frames, {}, check);
  test::with_split(frames, test::random_cuts(frames.size(), data[0]), check);
  return 0;
}
