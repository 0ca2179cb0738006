#include "base/utf8_vector.h"

#if defined(__x86_64__)

#include <array>
#include <cstdint>
#include <cstring>

#include <immintrin.h>

namespace wscope::base {
namespace {

// J. Keiser and D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2021). All that can be wrong with
// two neighbours shows in three nibbles: both of the first byte, and the high one of the second. Each way to be wrong
// is a bit, and a table for each of the nibbles has those that it is a sign of: what all three have in common is wrong.

// A set of nibbles.
using Nibbles = std::uint16_t;
constexpr Nibbles from_to(unsigned first, unsigned last) {
  return static_cast<Nibbles>((0xffffU << first) & (0xffffU >> (15 - last)));
}
constexpr Nibbles any = from_to(0, 15);
constexpr Nibbles continuation = from_to(8, 11);
constexpr Nibbles no_continuation = any & ~continuation;
constexpr Nibbles ascii = from_to(0, 7);
constexpr Nibbles lead = from_to(12, 15);

struct Wrong {
  Nibbles first_high;
  Nibbles first_low;
  Nibbles second_high;
};
constexpr std::array<Wrong, 8> wrong = {{
    {lead, any, no_continuation},                            // a sequence that breaks off
    {ascii, any, continuation},                              // a continuation of nothing
    {from_to(14, 14), from_to(0, 0), from_to(8, 9)},         // E0 80..9F: too long a form
    {from_to(15, 15), from_to(4, 15), from_to(9, 11)},       // F4 90.., F5..: beyond U+10FFFF
    {from_to(14, 14), from_to(13, 13), from_to(10, 11)},     // ED A0..BF: a surrogate
    {from_to(12, 12), from_to(0, 1), continuation},          // C0, C1: too long a form
    {from_to(15, 15), any & ~from_to(1, 4), from_to(8, 8)},  // F0 80..8F: the same; F5.. 80..8F: beyond U+10FFFF
    {continuation, any, continuation},                       // wrong unless a longer sequence goes on, see below
}};
constexpr std::uint8_t two_continuations = 0x80;

using Table = std::array<std::uint8_t, 32>;  // twice the same, as each half of a vector looks into its own

constexpr Table table_of(Nibbles Wrong::*nibbles) {
  Table table{};
  for (unsigned nibble = 0; nibble < table.size(); ++nibble) {
    for (unsigned i = 0; i < wrong.size(); ++i) {
      if ((wrong[i].*nibbles >> (nibble % 16) & 1) != 0) table[nibble] |= static_cast<std::uint8_t>(1U << i);
    }
  }
  return table;
}
alignas(32) constexpr Table by_first_high = table_of(&Wrong::first_high);
alignas(32) constexpr Table by_first_low = table_of(&Wrong::first_low);
alignas(32) constexpr Table by_second_high = table_of(&Wrong::second_high);

constexpr std::size_t block_size = 32;

[[gnu::target("avx2")]] inline __m256i load(const void* at) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(at));
}

[[gnu::target("avx2")]] inline __m256i look_up(const Table& table, __m256i nibbles) noexcept {
  return _mm256_shuffle_epi8(load(table.data()), nibbles);
}

[[gnu::target("avx2")]] inline bool is_ascii(__m256i bytes) noexcept { return _mm256_movemask_epi8(bytes) == 0; }

// Of each byte of `block`, the one `n` before it.
template <int n>
[[gnu::target("avx2")]] inline __m256i earlier(__m256i block, __m256i before) noexcept {
  return _mm256_alignr_epi8(block, _mm256_permute2x128_si256(before, block, 0x21), 16 - n);
}

// Not zero where `block`, behind `before`, is wrong.
[[gnu::target("avx2")]] inline __m256i flaws(__m256i block, __m256i before) noexcept {
  const __m256i low = _mm256_set1_epi8(0x0f);
  const __m256i first = earlier<1>(block, before);
  const __m256i first_high = _mm256_and_si256(_mm256_srli_epi16(first, 4), low);
  const __m256i second_high = _mm256_and_si256(_mm256_srli_epi16(block, 4), low);
  const __m256i of_two = _mm256_and_si256(
      _mm256_and_si256(look_up(by_first_high, first_high), look_up(by_first_low, _mm256_and_si256(first, low))),
      look_up(by_second_high, second_high));
  // The third byte of three or four, and the fourth of four, have to be the second continuation in a row.
  const __m256i third = _mm256_subs_epu8(earlier<2>(block, before), _mm256_set1_epi8(0xe0 - two_continuations));
  const __m256i fourth = _mm256_subs_epu8(earlier<3>(block, before), _mm256_set1_epi8(0xf0 - two_continuations));
  const __m256i wanted =
      _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(static_cast<char>(two_continuations)));
  return _mm256_xor_si256(wanted, of_two);
}

}  // namespace

bool has_utf8_vector() noexcept { return __builtin_cpu_supports("avx2") != 0; }

[[gnu::target("avx2")]] bool is_utf8_by_vector(Bytes text) noexcept {
  __m256i found = _mm256_setzero_si256();
  __m256i before = _mm256_setzero_si256();
  for (; text.size() >= 2 * block_size; text = text.subspan(2 * block_size)) {
    const __m256i block = load(text.data());
    const __m256i next = load(text.data() + block_size);
    if (!is_ascii(_mm256_or_si256(_mm256_or_si256(block, next), before))) {
      found = _mm256_or_si256(found, _mm256_or_si256(flaws(block, before), flaws(next, block)));
    }
    before = next;
  }
  // The rest, and zeros behind it, which end whatever breaks off.
  if (!text.empty() || !is_ascii(before)) {
    std::array<std::byte, 2 * block_size> rest{};
    std::memcpy(rest.data(), text.data(), text.size());
    const __m256i block = load(rest.data());
    const __m256i next = load(rest.data() + block_size);
    found = _mm256_or_si256(found, _mm256_or_si256(flaws(block, before), flaws(next, block)));
  }
  return _mm256_testz_si256(found, found) != 0;
}

}  // namespace wscope::base

#else

namespace wscope::base {

bool has_utf8_vector() noexcept { return false; }
bool is_utf8_by_vector(Bytes) noexcept { return false; }

}  // namespace wscope::base

#endif
