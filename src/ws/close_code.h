// Close codes (RFC 6455 section 7.4 and the IANA registry) and what both sides said at the end of a connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wscope::ws {

/// A close code. Any 16-bit value can be held; may_appear_in_frame() tells whether it may travel.
struct CloseCode {
  std::uint16_t value = 0;

  /// Whether a Close frame may carry it: 1000-1003, 1007-1014 and 3000-4999. 1005, 1006 and 1015 only ever describe
  /// what happened.
  [[nodiscard]] constexpr bool may_appear_in_frame() const noexcept {
    return (value >= 1000 && value <= 1003) || (value >= 1007 && value <= 1014) || (value >= 3000 && value <= 4999);
  }

  friend bool operator==(const CloseCode&, const CloseCode&) = default;
};

namespace close_code {
inline constexpr CloseCode normal{1000};
inline constexpr CloseCode going_away{1001};
inline constexpr CloseCode protocol_error{1002};
inline constexpr CloseCode unsupported_data{1003};
inline constexpr CloseCode no_status{1005};  ///< the Close frame was empty
inline constexpr CloseCode abnormal{1006};   ///< there was no Close frame
inline constexpr CloseCode invalid_payload{1007};
inline constexpr CloseCode policy_violation{1008};
inline constexpr CloseCode message_too_big{1009};
inline constexpr CloseCode mandatory_extension{1010};
inline constexpr CloseCode internal_error{1011};
inline constexpr CloseCode service_restart{1012};
inline constexpr CloseCode try_again_later{1013};
inline constexpr CloseCode bad_gateway{1014};
inline constexpr CloseCode tls_handshake{1015};
}  // namespace close_code

/// What a code means, in the words of the registry: "OK", "going away", "registered" (3000-3999), "private use"
/// (4000-4999), else "unknown".
[[nodiscard]] std::string_view name(CloseCode code) noexcept;

/// The content of a Close frame. An empty frame is code 1005 with no reason.
struct Close {
  CloseCode code = close_code::no_status;
  std::string reason;  ///< UTF-8, at most 123 bytes

  friend bool operator==(const Close&, const Close&) = default;
};

/// How the closing handshake went (section 7.1).
struct CloseRecord {
  std::optional<Close> received;
  std::optional<Close> sent;
  bool received_first = false;  ///< with both: the peer began
  bool failed = false;          ///< we failed the connection: what is sent says why, what the peer says is not read

  /// Whether both sides said Close, in whichever order.
  [[nodiscard]] bool clean() const noexcept { return received.has_value() && sent.has_value(); }
  /// _The WebSocket Connection Close Code_ (section 7.1.5): the received one, 1006 if there was none.
  [[nodiscard]] CloseCode code() const noexcept { return received ? received->code : close_code::abnormal; }
  /// What ended it, for a person: what we sent if we failed the connection; else code() and its reason.
  [[nodiscard]] Close cause() const {
    if (failed && sent) return *sent;
    return received.value_or(Close{close_code::abnormal, {}});
  }
};

/// One line for a person: "sent 1000 (OK) bye; then received 1000 (OK)", "no close frame received or sent".
[[nodiscard]] std::string describe(const CloseRecord& record);

}  // namespace wscope::ws
