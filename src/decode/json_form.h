// An input that is our events, one JSON object a line.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "decode/input_form.h"

namespace wscope::decode {

/// Takes the bytes of `frame` events, and of `open` what was agreed on. All others are passed over.
class JsonForm final : public InputForm {
 public:
  explicit JsonForm(Report& report) noexcept : report_(report) {}

  [[nodiscard]] base::Result<void> receive(base::Bytes piece) override;
  [[nodiscard]] base::Result<void> receive_eof() override;

 private:
  static constexpr std::size_t longest_line = std::size_t{256} << 20;

  [[nodiscard]] base::Result<void> take_line(std::string_view line);
  [[nodiscard]] base::Result<void> take_frame(std::string_view event, std::uint64_t stream);
  void take_open(std::string_view event, std::uint64_t stream);
  void end(std::uint64_t stream);
  [[nodiscard]] base::Error error_at_column(std::size_t column, std::string_view why) const;

  Report& report_;
  std::string line_{};  // the beginning of one whose end has not come
  std::uint64_t number_ = 1;
  std::map<std::uint64_t, std::array<std::uint64_t, 2>> offsets_{};  // of what comes next, of each connection
  std::uint64_t frames_ = 0;
  std::uint64_t messages_ = 0;
};

}  // namespace wscope::decode
