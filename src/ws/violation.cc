#include "ws/violation.h"

#include <array>

namespace wscope::ws {
namespace {

struct Row {
  CloseCode code;
  std::string_view words;
};

// In the order of the enumeration.
constexpr std::array<Row, 24> rows = {{
    {close_code::protocol_error, "reserved opcode"},
    {close_code::protocol_error, "reserved bit set without an extension that uses it"},
    {close_code::protocol_error, "HTTP response where a frame should be"},
    {close_code::protocol_error, "HTTP request where a frame should be"},
    {close_code::protocol_error, "TLS record where a frame should be"},
    {close_code::protocol_error, "fragmented control frame"},
    {close_code::protocol_error, "control frame longer than 125 bytes"},
    {close_code::protocol_error, "masked frame from a server"},
    {close_code::protocol_error, "unmasked frame from a client"},
    {close_code::protocol_error, "payload length not in its shortest form"},
    {close_code::protocol_error, "payload length with the highest bit set"},
    {close_code::protocol_error, "continuation frame without a message"},
    {close_code::protocol_error, "new message inside a fragmented message"},
    {close_code::protocol_error, "close frame with a payload of one byte"},
    {close_code::protocol_error, "close code that may not be sent"},
    {close_code::invalid_payload, "close reason is not UTF-8"},
    {close_code::invalid_payload, "text is not UTF-8"},
    {close_code::message_too_big, "frame over the size limit"},
    {close_code::message_too_big, "message over the size limit"},
    {close_code::invalid_payload, "compressed data is invalid"},
    {close_code::invalid_payload, "compressed data is truncated"},
    {close_code::protocol_error, "extension could not decode the payload"},
    {close_code::try_again_later, "no room to hold the message at present"},
    {close_code::internal_error, "keepalive ping timeout"},
}};
static_assert(rows.size() == static_cast<std::size_t>(Violation::ping_timeout) + 1);

}  // namespace

CloseCode close_code_for(Violation violation) noexcept { return rows[static_cast<std::size_t>(violation)].code; }

std::string_view describe(Violation violation) noexcept { return rows[static_cast<std::size_t>(violation)].words; }

}  // namespace wscope::ws
