// Any bytes as a capture file: packets, TCP and WebSocket put together. What comes out must not depend on how the input
// is cut, and what was captured must be where its offset says. The first byte tells how it is cut.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "capture/capture_reader.h"
#include "require.h"

using namespace wscope;
using fuzz::require;

namespace {

// All that is said, as one text.
class Writer {
 public:
  explicit Writer(std::string_view file) : file_(file) {}
  std::string text;

  void operator()(const capture::Opened& e) { add("open " + to_text(e.client) + to_text(e.server), e.stream); }
  void operator()(const capture::Head& e) {
    require(e.text.size() <= 65536);
    add(std::string(e.text), e.stream);
  }
  void operator()(const capture::Data& e) {
    // What comes from several pieces of a head begins at the first of them.
    if (e.bytes.empty()) return;
    require(e.origin.offset < file_.size());
    add(std::string(base::as_text(e.bytes)), e.stream);
  }
  void operator()(const capture::Hole& e) {
    require(e.size > 0);
    add("hole " + std::to_string(e.size), e.stream);
  }
  void operator()(const capture::Differs& e) {
    require(e.size > 0);
    add("differs " + std::to_string(e.size), e.stream);
  }
  void operator()(const capture::Ended& e) { add("end", e.stream); }
  void operator()(const capture::Unreadable& e) { add(std::string(e.what), e.stream); }

 private:
  void add(const std::string& what, std::uint64_t stream) { text += std::to_string(stream) + " " + what + "\n"; }

  std::string_view file_;
};

std::string read(std::string_view file, std::size_t piece_size, const capture::Selection& selection) {
  capture::TcpStreams::Limits limits;
  limits.streams = 4;
  limits.early = 4096;
  limits.recent = 256;
  capture::CaptureReader reader(selection, limits);
  Writer writer(file);
  for (base::Bytes rest = base::as_bytes(file); !rest.empty();) {
    const std::size_t taken = reader.receive(rest.first(std::min(rest.size(), piece_size)));
    require(taken > 0);
    rest = rest.subspan(taken);
    while (const auto event = reader.next_event()) std::visit(writer, *event);
  }
  reader.receive_eof();
  while (const auto event = reader.next_event()) std::visit(writer, *event);
  writer.text += describe(reader.census()) + "\n" + std::to_string(reader.missing());
  if (reader.error()) writer.text += reader.error()->message;
  return writer.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view file(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece_size = data[0] % 64 + 1;
  capture::Selection selection;
  if (data[0] >= 128) selection.port = 80;
  require(read(file, piece_size, selection) == read(file, SIZE_MAX, selection));
  return 0;
}
