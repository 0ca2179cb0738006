// Any bytes as a HAR file. What comes out must not depend on how the input is cut, which the first byte tells; what the
// strict JSON reader takes, it takes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "capture/har_reader.h"
#include "require.h"
#include "talk/json_reader.h"

using namespace wscope;
using fuzz::require;

namespace {

struct Writer {
  std::string text;

  void operator()(const capture::HarConnection& e) {
    text += std::to_string(e.number) + e.url + e.started + e.request + e.response + std::to_string(e.status) + "\n";
  }
  void operator()(const capture::HarMessage& e) {
    text += std::to_string(e.connection) + (e.sent ? ">" : "<") + std::to_string(e.opcode) + e.payload +
            std::to_string(e.offset) + std::to_string(e.time.time_since_epoch().count()) + "\n";
  }
  void operator()(const capture::HarRemark& e) { text += std::to_string(e.connection) + e.text + "\n"; }
};

std::string read(std::string_view file, std::size_t piece_size) {
  capture::HarReader reader;
  Writer writer;
  for (base::Bytes rest = base::as_bytes(file); !rest.empty();) {
    const std::size_t taken = reader.receive(rest.first(std::min(rest.size(), piece_size)));
    require(taken > 0);
    rest = rest.subspan(taken);
    while (const auto event = reader.next_event()) std::visit(writer, *event);
  }
  reader.receive_eof();
  while (const auto event = reader.next_event()) std::visit(writer, *event);
  if (talk::is_json(file)) require(!reader.error().has_value());
  if (reader.error()) writer.text += reader.error()->message;
  return writer.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view file(reinterpret_cast<const char*>(data) + 1, size - 1);
  require(read(file, data[0] % 64 + 1) == read(file, SIZE_MAX));
  return 0;
}
