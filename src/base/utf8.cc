#include "base/utf8.h"

#include <array>
#include <bit>
#include <cstring>

#include "base/utf8_vector.h"

namespace wscope::base {
namespace {

// What has been seen of the current code point, and so what may follow.
enum State : std::uint8_t {
  accept,  // nothing
  reject,
  lead_2,  // C2..DF
  lead_e0,
  lead_3,  // E1..EC, EE, EF
  lead_ed,
  lead_f0,
  lead_4,  // F1..F3
  lead_f4,
  two_of_3,
  two_of_4,
  three_of_4,
  state_count
};

constexpr std::array<std::uint8_t, state_count> seen = {0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3};

struct Transition {
  State from;
  std::uint8_t first, last;
  State to;
};

// RFC 3629 section 4, line by line.
constexpr Transition grammar[] = {
    {accept, 0x00, 0x7f, accept},                                         // UTF8-1
    {accept, 0xc2, 0xdf, lead_2},       {lead_2, 0x80, 0xbf, accept},     // UTF8-2
    {accept, 0xe0, 0xe0, lead_e0},      {lead_e0, 0xa0, 0xbf, two_of_3},  // UTF8-3
    {accept, 0xe1, 0xec, lead_3},       {lead_3, 0x80, 0xbf, two_of_3},   //
    {accept, 0xed, 0xed, lead_ed},      {lead_ed, 0x80, 0x9f, two_of_3},  //
    {accept, 0xee, 0xef, lead_3},       {two_of_3, 0x80, 0xbf, accept},   //
    {accept, 0xf0, 0xf0, lead_f0},      {lead_f0, 0x90, 0xbf, two_of_4},  // UTF8-4
    {accept, 0xf1, 0xf3, lead_4},       {lead_4, 0x80, 0xbf, two_of_4},   //
    {accept, 0xf4, 0xf4, lead_f4},      {lead_f4, 0x80, 0x8f, two_of_4},  //
    {two_of_4, 0x80, 0xbf, three_of_4}, {three_of_4, 0x80, 0xbf, accept},
};

// One row per byte with the next state of every state in four bits. A state is kept as the number of bits to shift its
// row by, so a byte costs the machine one load off the critical path, one shift and one mask:
// next = row[byte] >> state & state_mask.
constexpr std::uint64_t state_mask = 0b111100;
constexpr std::uint8_t shift_of(State state) { return static_cast<std::uint8_t>(state * 4); }

constexpr auto rows = [] {
  std::array<std::uint64_t, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    std::array<State, state_count> next{};
    next.fill(reject);
    for (const Transition& t : grammar) {
      if (t.first <= byte && byte <= t.last) next[t.from] = t.to;
    }
    for (unsigned from = 0; from < state_count; ++from) {
      table[byte] |= std::uint64_t{shift_of(next[from])} << from * 4;
    }
  }
  return table;
}();

std::uint64_t word_at(const std::byte* at) noexcept {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

bool is_ascii_word(const std::byte* at) noexcept { return (word_at(at) & 0x8080808080808080) == 0; }

// Behind the words of a piece that are ASCII. What is left of it, less than a word, is skipped as well if it is the end
// of one that is.
const std::byte* skip_ascii_words(Bytes piece) noexcept {
  const std::byte* at = piece.data();
  const std::byte* const end = at + piece.size();
  for (; end - at >= 8; at += 8) {
    if (!is_ascii_word(at)) return at;
  }
  return at != end && piece.size() >= 8 && is_ascii_word(end - 8) ? end : at;
}

Bytes without_ascii_blocks(Bytes piece) noexcept {
  for (; piece.size() >= 64; piece = piece.subspan(64)) {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < 64; i += 8) all |= word_at(piece.data() + i);
    if ((all & 0x8080808080808080) != 0) break;
  }
  return piece;
}

// The length of a byte's sequence if it leads a multi-byte one; 0 for ASCII, 1 for a continuation byte.
int leading_ones(std::byte byte) noexcept { return std::countl_one(std::to_integer<std::uint8_t>(byte)); }

// The state behind `piece`.
std::uint8_t step(std::uint8_t state, Bytes piece) noexcept {
  const std::byte* const end = piece.data() + piece.size();
  const std::byte* at = state == shift_of(accept) ? skip_ascii_words(piece) : piece.data();
  std::uint64_t shift = state;
  for (; at != end; ++at) shift = rows[std::to_integer<std::uint8_t>(*at)] >> shift & state_mask;
  return static_cast<std::uint8_t>(shift);
}

// Shorter pieces are not worth the use of vectors, and up to some more only if they are not ASCII.
constexpr std::size_t long_piece = 64;
constexpr std::size_t very_long_piece = 512;

// How many bytes of a sequence that lacks its end, valid or not, a long piece ends in.
std::size_t unfinished(Bytes piece) noexcept {
  for (int length = 1; length <= 3; ++length) {
    const int ones = leading_ones(piece[piece.size() - static_cast<std::size_t>(length)]);
    if (ones != 1) return length < ones ? static_cast<std::size_t>(length) : 0;
  }
  return 0;
}

// What step() says, about any piece.
std::uint8_t stride(std::uint8_t state, Bytes piece) noexcept {
  const bool by_vector = has_utf8_vector();
  if ((!by_vector || piece.size() < very_long_piece) && state == shift_of(accept)) piece = without_ascii_blocks(piece);
  if (!by_vector || piece.size() < long_piece) return step(state, piece);
  for (; state != shift_of(accept); piece = piece.subspan(1)) {
    state = step(state, piece.first(1));
    if (state == shift_of(reject)) return state;
  }
  const Bytes tail = piece.last(unfinished(piece));
  return is_utf8_by_vector(piece.first(piece.size() - tail.size())) ? step(state, tail) : shift_of(reject);
}

}  // namespace

bool Utf8Validator::receive(Bytes piece) noexcept {
  const bool two_words = piece.size() >= 8 && piece.size() <= 16;  // which may overlap
  if (two_words && state_ == shift_of(accept)) {
    const std::byte* const begin = piece.data();
    if (is_ascii_word(begin) && is_ascii_word(begin + piece.size() - 8)) return true;
  }
  state_ = stride(state_, piece);
  return state_ != shift_of(reject);
}

unsigned Utf8Validator::pending() const noexcept { return seen[state_ / 4]; }

Utf8Flaw find_utf8_flaw(Bytes before, Bytes piece, std::uint64_t offset) noexcept {
  Utf8Flaw flaw;
  flaw.offset = offset - before.size();
  Utf8Validator validator;
  for (const Bytes part : {before, piece}) {
    for (const std::byte byte : part) {
      flaw.bytes[flaw.size++] = byte;
      if (!validator.receive({&byte, 1})) return flaw;
      if (!validator.complete()) continue;
      flaw.offset += flaw.size;
      flaw.size = 0;
    }
  }
  flaw.cut = true;
  return flaw;
}

bool is_utf8_at_length(Bytes text) noexcept {
  if (text.size() >= very_long_piece && has_utf8_vector()) return is_utf8_by_vector(text);
  Utf8Validator validator;
  return validator.receive(text) && validator.complete();
}

std::string_view utf8_prefix(std::string_view text, std::size_t limit) noexcept {
  if (text.size() <= limit) return text;
  while (limit > 0 && leading_ones(static_cast<std::byte>(text[limit])) == 1) --limit;
  return text.substr(0, limit);
}

std::string utf8_from_latin1(std::string_view text) {
  std::string utf8;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xc0 | byte >> 6);
      utf8 += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return utf8;
}

}  // namespace wscope::base
