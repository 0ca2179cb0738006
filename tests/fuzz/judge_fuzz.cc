// Any bytes as one direction of a connection, with an agreement or without, and with a hole: what is printed does not
// depend on how they are cut.
#include <cstddef>
#include <cstdint>
#include <string>

#include "decode/report.h"
#include "require.h"
#include "support/split.h"

using namespace wscope;
using fuzz::require;

namespace {

constexpr std::size_t setup_size = 4;

std::string print(const decode::Report::Options& options, test::Pieces pieces, std::uint64_t hole_at,
                  std::uint64_t hole_size) {
  std::string printed;
  decode::Report report(options, printed);
  std::uint64_t offset = 0;
  const auto receive = [&](base::Bytes piece) {
    report.receive({}, piece, offset);
    offset += piece.size();
  };
  for (const base::Bytes piece : pieces) {
    const bool has_hole = hole_size > 0 && offset <= hole_at && hole_at - offset < piece.size();
    if (!has_hole) {
      receive(piece);
      continue;
    }
    const std::size_t in_front = hole_at - offset;
    receive(piece.first(in_front));
    report.receive_hole({}, hole_size, offset);
    hole_size = 0;
    receive(piece.subspan(in_front));
  }
  report.finish();
  return printed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < setup_size) return 0;
  const base::Bytes input = base::Bytes(reinterpret_cast<const std::byte*>(data), size).subspan(setup_size);
  decode::Report::Options options;
  if ((data[0] & 1) != 0) options.deflate.emplace();
  if ((data[0] & 2) != 0) options.role = (data[0] & 4) != 0 ? ws::Role::client : ws::Role::server;
  if ((data[0] & 8) != 0) options.form = decode::Report::Form::json;
  options.counts = (data[0] & 16) != 0;
  options.dump_size = data[1];
  const std::uint64_t hole_at = data[2];
  const std::uint64_t hole_size = (data[0] & 32) != 0 ? data[3] : 0;
  std::string whole;
  test::with_split(input, {}, [&](test::Pieces pieces) { whole = print(options, pieces, hole_at, hole_size); });
  const auto cuts = test::random_cuts(input.size(), data[3]);
  test::with_split(input, cuts,
                   [&](test::Pieces pieces) { require(print(options, pieces, hole_at, hole_size) == whole); });
  return 0;
}
