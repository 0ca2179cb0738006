#include "ws/zlib_stream.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <zlib.h>

#include "support/split.h"
#include "unit/ws/bytes.h"

using namespace wscope;
using namespace wscope::ws;
using wscope::test::for_each_split;
using wscope::test::Pieces;

namespace {

using namespace std::literals;

// What a message without its tail inflates to, or "failed" or "truncated".
std::string inflated(Inflater& inflater, Pieces pieces) {
  std::string data;
  InflateWindow window;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    base::Bytes in = pieces[i];
    const bool ends = i + 1 == pieces.size();
    for (;;) {
      const auto step = inflater.inflate(in, ends, window);
      data += base::as_text(base::Bytes(window).first(step.size));
      if (step.violation == Violation::inflate_failed) return data + "failed";
      if (step.violation == Violation::inflate_truncated) return data + "truncated";
      if (!step.drained) continue;
      REQUIRE(in.empty());
      break;
    }
  }
  return data;
}

std::string inflated(Inflater& inflater, std::string_view message) {
  auto bytes = test::block(message);
  const base::MutableBytes piece(bytes);
  return inflated(inflater, Pieces(&piece, 1));
}

// The same by a new inflater, for every split.
void check_inflated(std::string_view message, std::string_view expected, std::uint8_t window_bits = 15) {
  for_each_split(message, [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    CAPTURE(static_cast<int>(window_bits));
    const auto inflater = Inflater::create(window_bits);
    const std::string data = inflated(*inflater, pieces);
    CHECK(data.size() == expected.size());
    CHECK((data == expected));
  });
}

std::string compressed(Deflater& deflater, std::string_view text) {
  base::Buffer out(1 << 24);
  REQUIRE(deflater.compress(base::as_bytes(text), out));
  return std::string(base::as_text(out.view()));
}

std::string without_tail(std::string bytes) {
  REQUIRE(bytes.size() >= 4);
  REQUIRE(bytes.substr(bytes.size() - 4) == "\x00\x00\xff\xff"s);
  bytes.resize(bytes.size() - 4);
  return bytes;
}

std::string random_text(std::size_t size, unsigned letters, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() % letters);
  return text;
}

// Fixed Huffman codes, bit by bit (RFC 1951 section 3.2.6).
class BlockWriter {
 public:
  explicit BlockWriter(bool final_block) {
    bits(final_block ? 1 : 0, 1);
    bits(1, 2);
  }
  void literal(unsigned char c) { c < 144 ? code(0x30U + c, 8) : code(0x190U + c - 144U, 9); }
  /// Three bytes from `distance` back, by the largest distance code of 13 extra bits or a small one.
  void match_of_three(unsigned distance) {
    code(1, 7);  // length code 257
    constexpr unsigned bases[] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                  33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                  1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    unsigned symbol = 29;
    while (bases[symbol] > distance) --symbol;
    code(symbol, 5);
    bits(distance - bases[symbol], symbol < 4 ? 0 : symbol / 2 - 1);
  }
  /// Ends the block, and the message with the head of the empty block whose tail is not sent.
  std::string finish() {
    code(0, 7);
    bits(0, 3);
    return out_;
  }

 private:
  void bits(unsigned value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) bit(value >> i & 1);
  }
  void code(unsigned value, unsigned count) {
    for (unsigned i = count; i-- > 0;) bit(value >> i & 1);
  }
  void bit(unsigned value) {
    if (used_ % 8 == 0) out_ += '\0';
    out_.back() = static_cast<char>(static_cast<unsigned char>(out_.back()) | value << used_ % 8);
    ++used_;
  }

  std::string out_;
  unsigned used_ = 0;
};

// Inflates with a window of 256 bytes and not one more: zlib compares distances with its window and with what it wrote
// in the same call, which is one byte here. Nothing if the data reaches further back.
class NarrowInflater {
 public:
  NarrowInflater() { REQUIRE(inflateInit2(&stream_, -8) == Z_OK); }
  ~NarrowInflater() { inflateEnd(&stream_); }
  NarrowInflater(const NarrowInflater&) = delete;
  NarrowInflater& operator=(const NarrowInflater&) = delete;

  std::optional<std::string> inflate(std::string bytes) {
    std::string text;
    stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    for (;;) {
      char out = 0;
      stream_.next_out = reinterpret_cast<Bytef*>(&out);
      stream_.avail_out = 1;
      const int status = ::inflate(&stream_, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_BUF_ERROR) return std::nullopt;
      if (stream_.avail_out > 0) return text;
      text += out;
    }
  }

 private:
  z_stream stream_{};
};

// Texts that tempt a compressor to reach far back: each begins anew what stood `distance` bytes before.
std::vector<std::string> tempting_texts() {
  std::vector<std::string> texts;
  for (std::size_t distance = 240; distance <= 520; ++distance) {
    const std::string period = random_text(distance, 256, static_cast<unsigned>(distance));
    texts.push_back(period + period + period.substr(0, 3) + period + period);
    std::string matches = period;  // of every length, each followed by something else
    for (std::size_t length = 3; length <= 258; length += 5) {
      const std::string match = matches.substr(matches.size() - distance, std::min(length, distance));
      matches += match + static_cast<char>(length);
    }
    texts.push_back(std::move(matches));
  }
  return texts;
}

}  // namespace

TEST_CASE("the examples of RFC 7692 inflate however they arrive") {
  check_inflated("\xf2\x48\xcd\xc9\xc9\x07\x00"s, "Hello");
  check_inflated("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s, "Hello");          // a stored block
  check_inflated("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s, "Hello");                      // a final block
  check_inflated("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s, "Hello");  // two blocks
  check_inflated("\x00"s, "");                                                       // the empty message
  check_inflated("", "");                                                            // seen in the wild
  check_inflated("\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff"s, "Hello");          // its tail was left in place
}

TEST_CASE("the window is kept from message to message, over final blocks too") {
  const auto inflater = Inflater::create(15);
  CHECK(inflated(*inflater, "\xf2\x48\xcd\xc9\xc9\x07\x00"s) == "Hello");
  CHECK(inflated(*inflater, "\xf2\x00\x11\x00\x00"s) == "Hello");
  CHECK(inflated(*inflater, "") == "");
  CHECK(inflated(*inflater, "\xf3\x00\x11\x00\x00"s) == "Hello");
  CHECK(inflated(*inflater, "\xf2\x00\x11\x00\x00"s) == "Hello");
  inflater->reset(15);
  CHECK(inflated(*inflater, "\xf2\x00\x11\x00\x00"s) == "Hfailed");
}

TEST_CASE("a message that ends inside a block is truncated") {
  const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s;
  for (std::size_t size = 1; size + 1 < hello.size(); ++size) {
    CAPTURE(size);
    const auto inflater = Inflater::create(15);
    const std::string result = inflated(*inflater, hello.substr(0, size));
    const bool noticed = result.find("truncated") != result.npos || result.find("failed") != result.npos;
    CHECK(noticed);
  }
  // A stored block takes the tail for its data.
  check_inflated("\x00\x06\x00\xf9\xff\x48\x65"s, "He\x00\x00\xff\xff"s);
  check_inflated("\x00\x07\x00\xf8\xff\x48\x65"s, "He\x00\x00\xff\xfftruncated"s);
  check_inflated("\x00\x05\x00\xfa\xff\x48\x65"s, "He\x00\x00\xff"s + "failed");
}

TEST_CASE("what is not DEFLATE fails after what came before it") {
  check_inflated("\xff\xff\xff\xff"s, "failed");      // block type 3
  check_inflated("\x00\x01\x00\x00\x00"s, "failed");  // a stored length without its complement
  check_inflated("\xf2\x48\x05\x00\x00\x00\xff\xff\x07"s, "Hefailed");
}

TEST_CASE("messages around the size of the inflate window come out whole") {
  constexpr std::size_t window = std::tuple_size_v<InflateWindow>;
  for (const std::size_t times : {1UL, 2UL, 3UL}) {
    for (const std::size_t more : {0UL, 1UL, 2UL, 3UL, 4UL}) {
      const std::size_t size = times * window + more - 2;
      CAPTURE(size);
      for (const unsigned letters : {1U, 16U, 256U}) {
        const std::string text = random_text(size, letters, 7);
        const auto deflater = Deflater::create(15, {});
        const std::string first = without_tail(compressed(*deflater, text));
        const std::string second = without_tail(compressed(*deflater, text));
        const auto inflater = Inflater::create(15);
        CHECK((inflated(*inflater, first) == text));
        CHECK((inflated(*inflater, second) == text));
        CHECK((inflated(*inflater, "\x00"s) == ""));
      }
      // Stored blocks: the window is full just as the input, or the tail, is used up.
      const std::string text = random_text(size, 256, 8);
      const auto storing = Deflater::create(15, {.level = 0});
      check_inflated(without_tail(compressed(*storing, text)), text);
    }
  }
}

TEST_CASE("every window that was agreed is kept to, and no distance beyond it is taken") {
  for (std::uint8_t bits = 8; bits <= 15; ++bits) {
    const unsigned window = 1U << bits;
    CAPTURE(window);
    const std::string text = random_text(window + 10, 100, bits);
    for (const bool beyond : {false, true}) {
      if (bits == 15 && beyond) continue;  // DEFLATE cannot say it
      CAPTURE(beyond);
      BlockWriter block(false);
      for (const char c : text) block.literal(static_cast<unsigned char>(c));
      block.match_of_three(beyond ? window + 1 : window);
      const std::string message = block.finish();
      check_inflated(message, beyond ? text + "failed" : text + text.substr(10, 3), bits);
    }
    // Before the window is full, nothing before the beginning.
    BlockWriter block(false);
    block.literal('a');
    block.match_of_three(2);
    check_inflated(block.finish(), "afailed", bits);
  }
}

TEST_CASE("a compressor keeps within its window") {
  for (std::uint8_t bits = 8; bits <= 15; ++bits) {
    for (const int level : {0, 1, 6, 9}) {
      for (const int mem_level : {1, 8, 9}) {
        CAPTURE(static_cast<int>(bits));
        CAPTURE(level);
        CAPTURE(mem_level);
        const auto deflater = Deflater::create(bits, {.level = level, .mem_level = mem_level});
        const auto inflater = Inflater::create(bits);
        REQUIRE(deflater != nullptr);
        CHECK(deflater->window_bits() == bits);
        for (const unsigned letters : {1U, 3U, 200U}) {
          const std::string text = random_text(700, letters, bits) + random_text(700, letters, bits) + "end";
          REQUIRE((inflated(*inflater, without_tail(compressed(*deflater, text))) == text));
        }
      }
    }
  }
}

TEST_CASE("a window of 8 bits is compressed for, and 256 bytes are enough to inflate that") {
  NarrowInflater strict;
  BlockWriter beyond(false);
  for (unsigned i = 0; i < 257; ++i) beyond.literal(static_cast<unsigned char>(i % 200));
  beyond.match_of_three(257);
  REQUIRE_FALSE(strict.inflate(beyond.finish()).has_value());

  const std::vector<std::string> texts = tempting_texts();
  for (const int level : {1, 3, 4, 6, 9}) {
    for (const int mem_level : {1, 8}) {
      CAPTURE(level);
      CAPTURE(mem_level);
      const auto deflater = Deflater::create(8, {.level = level, .mem_level = mem_level});
      NarrowInflater inflater;  // one stream: what is far back may be in another message
      const auto check = [&](const std::string& text) {
        const auto back = inflater.inflate(compressed(*deflater, text));
        REQUIRE(back.has_value());
        REQUIRE((*back == text));
      };
      for (const std::string& text : texts) check(text);
      for (unsigned seed = 0; seed < 40; ++seed) check(random_text(1 + seed * 61, 1U << (1 + seed % 8), seed));
    }
  }
  // What repeats within the window is not sent again: a run of one byte is not all that is found.
  const auto deflater = Deflater::create(8, {});
  const std::string word = random_text(200, 256, 3);
  compressed(*deflater, word);
  CHECK(compressed(*deflater, word).size() < 20);
}

TEST_CASE("data that does not compress grows by less than an eighth and a kilobyte") {
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{9}, std::uint8_t{15}}) {
    for (const int level : {0, 1, 6, 9}) {
      for (const int mem_level : {1, 5, 9}) {
        const auto deflater = Deflater::create(bits, {.level = level, .mem_level = mem_level});
        for (const std::size_t size : {0UL, 1UL, 127UL, 1000UL, 100000UL}) {
          std::string text = random_text(size, 112, bits);
          for (char& c : text) c = static_cast<char>(c + 144);  // nine bits each in the fixed code
          const std::size_t grown = compressed(*deflater, text).size();
          CAPTURE(size);
          CHECK(grown <= size + size / 8 + 1024);
        }
      }
    }
  }
}

TEST_CASE("a compressor writes every size of output") {
  const auto deflater = Deflater::create(15, {});
  const auto inflater = Inflater::create(15);
  for (std::size_t size = 0; size < 5000; size += size < 300 ? 1 : 97) {
    const std::string text = random_text(size, 256, static_cast<unsigned>(size));
    const std::string bytes = compressed(*deflater, text);
    if (bytes.empty()) continue;  // an empty message after a flush
    CAPTURE(size);
    REQUIRE((inflated(*inflater, without_tail(bytes)) == text));
  }
}

TEST_CASE("a full output is told") {
  const auto deflater = Deflater::create(15, {});
  base::Buffer out(100);
  CHECK_FALSE(deflater->compress(base::as_bytes(random_text(1000, 256, 1)), out));
}

TEST_CASE("a reset compressor does not refer to what was before") {
  const auto deflater = Deflater::create(15, {});
  const std::string first = compressed(*deflater, "Hello");
  CHECK(test::hex(first) == "f248cdc9c907000000ffff");
  CHECK(test::hex(compressed(*deflater, "Hello")) ==
        "f200110000"
        "0000ffff");
  deflater->reset();
  CHECK(compressed(*deflater, "Hello") == first);
}

TEST_CASE("settings that zlib does not know give no stream") {
  CHECK(Deflater::create(15, {.level = 10}) == nullptr);
  CHECK(Deflater::create(16, {}) == nullptr);
  CHECK(Inflater::create(16) == nullptr);
}

TEST_CASE("a pool hands out what was given back, as if it were new") {
  DeflatePool pool({.level = 9, .mem_level = 5, .min_size = 7});
  CHECK(pool.tuning().min_size == 7);
  CHECK(pool.scratch().empty());

  auto deflater = pool.take_deflater(12);
  const Deflater* const same = deflater.get();
  const std::string first = compressed(*deflater, "Hello");
  pool.give_back(std::move(deflater));
  auto other = pool.take_deflater(11);
  CHECK(other.get() != same);
  CHECK(other->window_bits() == 11);
  deflater = pool.take_deflater(12);
  CHECK(deflater.get() == same);
  CHECK(compressed(*deflater, "Hello") == first);

  auto inflater = pool.take_inflater(15);
  CHECK(inflated(*inflater, "\xf2\x48\xcd"s).find("H") == 0);
  const Inflater* const idle = inflater.get();
  pool.give_back(std::move(inflater));
  for (const std::uint8_t bits :
       {std::uint8_t{8}, std::uint8_t{15}, std::uint8_t{9}}) {  // one stream serves every window
    inflater = pool.take_inflater(bits);
    CHECK(inflater.get() == idle);
    CHECK(inflated(*inflater, "\xf2\x48\xcd\xc9\xc9\x07\x00"s) == "Hello");
    pool.give_back(std::move(inflater));
  }
}

TEST_CASE("a pool keeps a few and frees the rest") {
  DeflatePool pool({});
  std::vector<std::unique_ptr<InflateWindow>> windows(6);
  for (auto& window : windows) {
    window = pool.take_window();
    REQUIRE(window != nullptr);
  }
  const InflateWindow* const fourth = windows[3].get();
  for (auto& window : windows) pool.give_back(std::move(window));
  CHECK(pool.take_window().get() == fourth);

  pool.give_back(std::unique_ptr<InflateWindow>());
  pool.give_back(std::unique_ptr<Deflater>());
  pool.give_back(std::unique_ptr<Inflater>());
  CHECK(pool.take_deflater(15) != nullptr);
  CHECK(pool.take_inflater(15) != nullptr);
}
