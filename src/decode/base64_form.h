// An input that is base64: of one direction, or of one frame a line.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "decode/input_form.h"
#include "decode/text_position.h"

namespace wscope::decode {

/// Reads base64 (RFC 4648 section 4), and that for URLs (section 5), with white space anywhere. What ends with padding
/// may be followed by more; at the end of the input padding may be missing.
class Base64Form final : public InputForm {
 public:
  explicit Base64Form(Report& report) noexcept : report_(report) {}

  [[nodiscard]] base::Result<void> receive(base::Bytes piece) override;
  [[nodiscard]] base::Result<void> receive_eof() override;

 private:
  [[nodiscard]] base::Result<void> take(char c);
  [[nodiscard]] base::Result<void> finish_group();
  void flush();

  Report& report_;
  TextPosition position_{};
  std::uint32_t bits_ = 0;
  unsigned digits_ = 0;   // of the group
  unsigned padding_ = 0;  // behind them
  std::string bytes_{};
  std::uint64_t offset_ = 0;
};

}  // namespace wscope::decode
