// An input that is the bytes of one direction.
#pragma once

#include <cstdint>

#include "decode/input_form.h"

namespace wscope::decode {

class RawForm final : public InputForm {
 public:
  explicit RawForm(Report& report) noexcept : report_(report) {}

  [[nodiscard]] base::Result<void> receive(base::Bytes piece) override {
    report_.receive({}, piece, offset_);
    offset_ += piece.size();
    return {};
  }
  [[nodiscard]] base::Result<void> receive_eof() override { return {}; }

 private:
  Report& report_;
  std::uint64_t offset_ = 0;
};

}  // namespace wscope::decode
