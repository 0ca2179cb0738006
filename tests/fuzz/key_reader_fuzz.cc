// Any bytes, as what a terminal sends. The first byte says how they are split.
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "require.h"
#include "support/split.h"
#include "term/key_reader.h"

using namespace wscope;
using fuzz::require;
using Name = term::Key::Name;

namespace {

void check(const term::Key& key) {
  switch (key.name) {
    case Name::character:
      require(base::is_utf8(base::as_bytes(key.text)) && !key.text.empty());
      break;
    case Name::invalid:
      require(key.text.size() == 1 && !base::is_utf8(base::as_bytes(key.text)));
      break;
    case Name::function:
      require(key.number >= 1 && key.number <= 12);
      break;
    case Name::paste:
      require(key.text.find('\r') == std::string::npos);
      break;
    default:
      require(key.text.empty());
  }
}

// Control-V quotes, as it does in an editor.
void take_keys(term::KeyReader& reader, std::vector<term::Key>& keys) {
  while (auto key = reader.next_key()) {
    check(*key);
    if (key->control && key->text == "v") reader.quote_next();
    keys.push_back(std::move(*key));
  }
}

std::vector<term::Key> read(test::Pieces pieces) {
  constexpr base::TimePoint start{};
  term::KeyReader reader;
  std::vector<term::Key> keys;
  for (const base::MutableBytes piece : pieces) {
    reader.receive(piece, start);
    take_keys(reader, keys);
  }
  reader.advance(start + term::KeyReader::escape_wait);
  take_keys(reader, keys);
  require(!reader.deadline());
  return keys;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::Bytes stream = base::Bytes(reinterpret_cast<const std::byte*>(data), size).subspan(1);
  std::optional<std::vector<term::Key>> whole;
  const auto compare = [&](test::Pieces pieces) {
    std::vector<term::Key> keys = read(pieces);
    if (whole) {
      require(keys == *whole);
    } else {
      whole = std::move(keys);
    }
  };
  test::with_split(stream, {}, compare);
  test::with_split(stream, test::random_cuts(stream.size(), data[0]), compare);
  std::vector<std::size_t> everywhere(stream.empty() ? 0 : stream.size() - 1);
  std::iota(everywhere.begin(), everywhere.end(), std::size_t{1});
  test::with_split(stream, everywhere, compare);
  return 0;
}
