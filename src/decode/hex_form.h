// An input that is text with hexadecimal digits: as it was typed, or a dump.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "decode/dump_line.h"
#include "decode/hex_digits.h"
#include "decode/input_form.h"
#include "decode/our_dump.h"
#include "decode/text_position.h"

namespace wscope::decode {

/// Tells line by line what it is: that of a dump with offsets (xxd, hexdump -C, od, Wireshark, tcpdump, ours), or
/// digits as HexDigits reads them. Offsets have to go on where they were; what our dumps and Wireshark's streams tell
/// of directions is kept.
class HexForm final : public InputForm {
 public:
  explicit HexForm(Report& report) noexcept : report_(report), digits_(bytes_) {}

  [[nodiscard]] base::Result<void> receive(base::Bytes piece) override;
  [[nodiscard]] base::Result<void> receive_eof() override;

 private:
  /// No line of a dump is longer.
  static constexpr std::size_t longest_dump_line = 4096;

  // A dump with offsets, of one direction.
  struct Dump {
    bool begun = false;
    std::uint64_t next = 0;   // offset
    std::string last_line{};  // its bytes
    unsigned base = 0;        // of its offsets; 0: not known yet
    bool repeats = false;     // the last line goes on up to the next offset
    std::size_t indent = 0;
  };

  [[nodiscard]] base::Result<void> take_piece(bool ends);
  [[nodiscard]] base::Result<void> take_line();
  void take_our_line(std::string_view line, const OurLine& ours);
  [[nodiscard]] base::Result<bool> take_dump_line(std::string_view text);
  [[nodiscard]] base::Result<void> join(const DumpLine& line);
  [[nodiscard]] base::Result<Dump*> dump_of(const DumpLine& line);
  [[nodiscard]] base::Result<void> repeat(Dump& dump, std::uint64_t up_to);
  [[nodiscard]] base::Error error_in_line(std::size_t column, std::string_view why) const;
  [[nodiscard]] Dump& current() noexcept { return dumps_[static_cast<std::size_t>(place_.direction)]; }
  void turn_to(wire::Direction direction);
  void flush();

  Report& report_;
  std::string bytes_{};  // not given to the report yet
  HexDigits digits_;
  std::string line_{};  // the beginning of a line whose end has not come
  bool in_long_line_ = false;
  bool is_ours_ = false;
  bool in_our_head_ = false;
  Place place_{};
  std::uint64_t offsets_[2] = {0, 0};  // of what comes next, of each direction
  Dump dumps_[2]{};
};

}  // namespace wscope::decode
