// An input that is a HAR file, as browsers save it.
#pragma once

#include <cstdint>
#include <optional>

#include "capture/har_reader.h"
#include "decode/input_form.h"

namespace wscope::decode {

/// Takes the messages of all WebSocket connections in a HAR file. They are what was said: frames, masks and compression
/// were not saved, and so cannot be judged.
class HarForm final : public InputForm {
 public:
  /// `chosen`: only this connection, counted from 1.
  HarForm(Report& report, std::optional<std::uint64_t> chosen) noexcept : report_(report), chosen_(chosen) {}

  [[nodiscard]] base::Result<void> receive(base::Bytes piece) override;
  [[nodiscard]] base::Result<void> receive_eof() override;

 private:
  void take_events();
  // Each takes one event.
  void take(const capture::HarConnection& connection);
  void take(const capture::HarMessage& message);
  void take(const capture::HarRemark& remark);
  [[nodiscard]] bool is_wanted(std::uint64_t connection) const noexcept { return !chosen_ || *chosen_ == connection; }

  Report& report_;
  std::optional<std::uint64_t> chosen_;
  capture::HarReader reader_{};
};

}  // namespace wscope::decode
