// An input that is a capture: pcap or pcapng.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "capture/capture_reader.h"
#include "decode/input_form.h"

namespace wscope::decode {

/// Takes what was on the wire of all WebSocket connections in a capture: what clients send is Direction::out. What
/// cannot be read, and what was not captured, is said in lines of the dump.
class CaptureForm final : public InputForm {
 public:
  CaptureForm(Report& report, const capture::Selection& selection);

  [[nodiscard]] base::Result<void> receive(base::Bytes piece) override;
  [[nodiscard]] base::Result<void> receive_eof() override;

 private:
  void take_events();
  void finish();
  // Each takes one event.
  void take(const capture::Opened& opened);
  void take(const capture::Head& head);
  void take(const capture::Data& data);
  void take(const capture::Hole& hole);
  void take(const capture::Differs& differs);
  void take(const capture::Ended& ended);
  void take(const capture::Unreadable& unreadable);
  void give(const Place& place, base::Bytes bytes, std::uint64_t offset);

  Report& report_;
  capture::CaptureReader reader_;
  std::map<std::uint64_t, std::array<std::uint64_t, 2>> behind_{};  // where what came last ends, by direction
  std::uint64_t unreadable_ = 0;
};

}  // namespace wscope::decode
