// Any text as an input of decode: in each form it is the same in pieces as it is whole.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "decode/input_form.h"
#include "decode/report.h"
#include "require.h"
#include "support/split.h"

using namespace wscope;
using fuzz::require;

namespace {

struct Read {
  std::string printed{};
  std::string error{};
};

Read read(decode::InputKind kind, test::Pieces pieces) {
  Read read;
  decode::Report::Options options;
  options.dump_size = SIZE_MAX;
  decode::Report report(options, read.printed);
  const std::unique_ptr<decode::InputForm> form = decode::make_form(kind, report);
  base::Result<void> result;
  for (const base::MutableBytes piece : pieces) {
    if (result) result = form->receive(piece);
  }
  if (result) result = form->receive_eof();
  if (!result) read.error = result.error().message;
  report.finish();
  return read;
}

Read read_split(decode::InputKind kind, base::Bytes input, std::span<const std::size_t> cuts) {
  Read result;
  test::with_split(input, cuts, [&](test::Pieces pieces) { result = read(kind, pieces); });
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::Bytes input(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  static_cast<void>(decode::detect(input));
  for (const decode::InputKind kind : {decode::InputKind::hex, decode::InputKind::base64, decode::InputKind::json}) {
    const Read whole = read_split(kind, input, {});
    const Read split = read_split(kind, input, test::random_cuts(input.size(), data[0]));
    require(whole.printed == split.printed && whole.error == split.error);
  }
  return 0;
}
