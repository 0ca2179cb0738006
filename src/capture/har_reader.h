// WebSocket messages of HAR files, as browsers save them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "capture/json_scanner.h"
#include "capture/packet_reader.h"

namespace wscope::capture {

/// An entry that is a WebSocket connection. Its heads are made from what the file has of them: that is not what was on
/// the wire byte by byte. Each is empty if the file had none, and of more than 64 KiB the beginning.
struct HarConnection {
  std::uint64_t number = 0;  ///< of the file's WebSocket connections, from 1
  std::string url{};
  std::string started{};  ///< startedDateTime, as it is written
  std::string request{};  ///< with line ends and an empty line
  std::string response{};
  int status = 0;  ///< of the response
};
/// A message of the connection before it.
struct HarMessage {
  std::uint64_t connection = 0;
  bool sent = false;  ///< by the browser
  WallTime time{};
  std::uint8_t opcode = 0;
  std::string payload{};     ///< what it says: base64 was taken off
  std::uint64_t offset = 0;  ///< of its object in the file
  bool bad_base64 = false;   ///< the payload is what the file has
};
/// Something that is no message: "an error: …", "a message of more than 64 MiB".
struct HarRemark {
  std::uint64_t connection = 0;
  std::uint64_t offset = 0;
  std::string text{};  ///< perhaps with foreign characters in it
};
using HarEvent = std::variant<HarConnection, HarMessage, HarRemark>;

/// Reads HAR 1.2 with _webSocketMessages, as Chrome has them: type (send, receive), time (seconds since 1970), opcode,
/// data (text; of any opcode but 1 base64, unless it is none). Entries that are no WebSocket are passed over. It holds
/// the messages of one entry until it has its heads, which may stand behind them, but not more than 16 MiB: then the
/// connection is told without them.
class HarReader {
 public:
  static constexpr std::size_t largest_message = std::size_t{64} << 20;  ///< as it is written; a larger one is a remark

  /// Takes bytes, and returns how many: at least one of those that are given, but none while events wait to be taken.
  /// After an error it takes everything.
  [[nodiscard]] std::size_t receive(base::Bytes bytes);
  /// The file has ended: an error, if its JSON has not.
  void receive_eof();
  /// What was found, once.
  [[nodiscard]] std::optional<HarEvent> next_event();

  /// What is wrong with the file, and at which byte.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return scanner_.error(); }
  /// How many entries there were, of which kind ever.
  [[nodiscard]] std::uint64_t entry_count() const noexcept { return entries_; }
  [[nodiscard]] std::uint64_t connection_count() const noexcept { return connections_; }

 private:
  enum class Place : unsigned char {
    root,
    log,
    entries,
    entry,
    request,
    response,
    request_headers,
    response_headers,
    request_header,
    response_header,
    messages,
    message,
    other,
  };
  struct Entry {
    bool is_websocket = false;
    bool has_messages = false;
    bool has_request = false;
    bool has_response = false;
    bool announced = false;
    std::string started{};
    std::string method{};
    std::string url{};
    std::string version{};
    std::string reason{};
    int status = 0;
    std::string request_fields{};
    std::string response_fields{};
    std::string name{};  // of the field that is under way
    std::string value{};
    std::vector<HarEvent> held{};
    std::size_t held_bytes = 0;
  };
  struct Message {
    std::uint64_t offset = 0;
    std::string type{};
    WallTime time{};
    int opcode = 0;
    std::string data{};
    bool whole = true;
  };

  void take(const JsonScanner::Token& token);
  void begin(const JsonScanner::Token& token);
  void end();
  void take_key(const JsonScanner::Token& token);
  void take_value(const JsonScanner::Token& token);
  void take_message_value(const JsonScanner::Token& token, std::string text);
  [[nodiscard]] Place place_in(Place parent, bool object) const noexcept;
  [[nodiscard]] std::size_t wanted_of_value() const noexcept;
  void end_field(std::string& fields);
  void end_message();
  void end_entry();
  void tell(HarEvent event, std::size_t size);
  void announce();

  JsonScanner scanner_;
  std::vector<Place> places_;
  std::string key_;
  Entry entry_;
  Message message_;
  std::uint64_t entries_ = 0;
  std::uint64_t connections_ = 0;
  std::deque<HarEvent> events_;
};

/// Seconds since 1970 with a fraction, as JSON writes a number.
[[nodiscard]] std::optional<WallTime> parse_seconds(std::string_view text);

}  // namespace wscope::capture
