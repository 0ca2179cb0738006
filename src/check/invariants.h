// What no endpoint may do, whatever it is sent: watched in all cases.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "check/case.h"
#include "wire/frame.h"

namespace wscope::check {

enum class Invariant : std::uint8_t {
  mask,
  length,
  rsv,
  opcode,
  control,
  fragments,
  utf8,
  close_code,
  after_close,
  honest,  ///< what has RSV1 inflates
};
inline constexpr std::size_t invariant_count = 10;

/// "mask", as the id of its case ends
[[nodiscard]] std::string_view name_of(Invariant invariant) noexcept;

/// How one was broken first.
struct Breach {
  std::string seen{};
  bool is_minor = false;  ///< a code that is merely not registered: worth a warning
};

/// Looks at the frames that one endpoint sends, from the first one on.
class Invariants {
 public:
  /// The endpoint's role.
  explicit Invariants(Role role) noexcept : role_(role) {}

  /// permessage-deflate was agreed on.
  void allow_compression() noexcept { compression_ = true; }
  void receive(const wire::Frame& frame);
  /// A whole message of its, as it is meant.
  void receive_message(bool binary, std::string_view data);
  /// A compressed message that cannot be inflated.
  void receive_garbage() { note(Invariant::honest, "a message with RSV1 that does not inflate"); }

  /// How it was broken first; nothing: it was kept.
  [[nodiscard]] const std::optional<Breach>& breach(Invariant invariant) const noexcept {
    return breaches_[static_cast<std::size_t>(invariant)];
  }

 private:
  void look_at_header(const wire::Frame& frame);
  void look_at_order(const wire::Frame& frame);
  void look_at_close(const wire::Frame& frame);
  void note(Invariant invariant, std::string seen, bool is_minor = false);

  Role role_;
  bool compression_ = false;
  bool in_message_ = false;
  bool closed_ = false;
  std::array<std::optional<Breach>, invariant_count> breaches_{};
};

}  // namespace wscope::check
