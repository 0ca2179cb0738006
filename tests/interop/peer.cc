// One end of WebSocket conversations for a script to play with, through pipes: it holds a connection as client or
// server, one after another, but no socket. Records go both ways: a letter, the size of the rest in 4 bytes, the rest.
//
// From the script                                       To the script, after each of those
//   N  begin anew; lines "key value" (see Settings)       W  bytes for the wire
//   D  bytes from the wire                                U  open: subprotocol, newline, extensions
//   E  the stream has ended                               M  piece: opcode, 1 if first + 2 if last, data
//   S  send: opcode, 1 if last + 2 if compressed, data    I, O  a Ping, a Pong came
//   I, O  send a Ping, a Pong                             C  a Close came: code, reason
//   C  close: code, reason, or nothing                    F  something failed: why, for a person
//                                                         H  the sending half of the stream is to be shut down
//                                                         X  the end: 1 if clean + 2 if the peer closed first
//                                                         .  that is all
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "http/url.h"
#include "ws/connection.h"
#include "ws/deflate.h"

using namespace wscope;

namespace {

struct Record {
  char letter = 0;
  std::string rest{};
};

std::optional<Record> read_record() {
  std::array<std::byte, 5> head;
  if (std::fread(head.data(), 1, head.size(), stdin) != head.size()) return std::nullopt;
  Record record{static_cast<char>(head[0]), std::string(base::load_big_endian<std::uint32_t>(&head[1]), '\0')};
  if (std::fread(record.rest.data(), 1, record.rest.size(), stdin) != record.rest.size()) return std::nullopt;
  return record;
}

void write_record(char letter, std::string_view rest = {}) {
  std::array<std::byte, 5> head{static_cast<std::byte>(letter)};
  base::store_big_endian(&head[1], static_cast<std::uint32_t>(rest.size()));
  std::fwrite(head.data(), 1, head.size(), stdout);
  if (!rest.empty()) std::fwrite(rest.data(), 1, rest.size(), stdout);
}

/// role client|server, whole_up_to BYTES, deflate PARAMETERS (wanted), min_size BYTES (below it nothing is compressed),
/// subprotocol NAME (as often as wanted).
struct Settings {
  explicit Settings(std::string_view lines) {
    while (!lines.empty()) {
      const std::string_view line = lines.substr(0, lines.find('\n'));
      lines.remove_prefix(std::min(lines.size(), line.size() + 1));
      const std::size_t space = line.find(' ');
      set(line.substr(0, space), std::string(line.substr(space + 1)));
    }
    if (!wanted) return;
    deflate = std::make_unique<ws::PermessageDeflate>(*wanted, tuning);
    options.extensions = {deflate.get()};
  }

  void set(std::string_view key, const std::string& value) {
    if (key == "role") options.role = value == "client" ? ws::Role::client : ws::Role::server;
    if (key == "whole_up_to") options.whole_up_to = std::stoull(value);
    if (key == "min_size") tuning.min_size = std::stoull(value);
    if (key == "subprotocol") subprotocols.push_back(value);
    if (key == "deflate") wanted = ws::parse_deflate_parameters(ws::parse_extension_parameters(value).value()).value();
  }

  ws::Options options;
  ws::DeflateTuning tuning;
  std::optional<ws::DeflateParameters> wanted;
  std::unique_ptr<ws::PermessageDeflate> deflate;
  std::vector<std::string> subprotocols;
};

class Conversation {
 public:
  explicit Conversation(std::string_view settings)
      : settings_(settings), connection_(settings_.options, random_, base::TimePoint{}) {
    if (settings_.options.role == ws::Role::server) return;
    ws::ConnectOptions options;
    options.subprotocols = settings_.subprotocols;
    expect(connection_.connect(http::parse_url("ws://localhost:8080/chat?room=1").value(), options));
  }

  void obey(Record& command) {
    const base::MutableBytes bytes = std::as_writable_bytes(std::span(command.rest));
    switch (command.letter) {
      case 'D':
        return expect(connection_.receive(bytes));
      case 'E':
        return connection_.receive_eof({});
      case 'S':
        return expect(connection_.send({.opcode = static_cast<ws::Opcode>(bytes[0]),
                                        .payload = bytes.subspan(2),
                                        .finished = (bytes[1] & std::byte{1}) != std::byte{0},
                                        .compress = (bytes[1] & std::byte{2}) != std::byte{0}}));
      case 'I':
        return expect(connection_.send_ping({}, bytes));
      case 'O':
        return expect(connection_.send_pong(bytes));
      case 'C':
        if (bytes.empty()) return expect(connection_.close({}, std::nullopt));
        return expect(connection_.close({}, ws::CloseCode{base::load_big_endian<std::uint16_t>(bytes.data())},
                                        std::string_view(command.rest).substr(2)));
      default:
        write_record('F', "unknown command");
    }
  }

  void report() {
    while (const auto event = connection_.next_event({})) {
      std::visit([this](const auto& happened) { this->tell(happened); }, *event);
    }
    if (!connection_.output().empty()) {
      write_record('W', base::as_text(connection_.output()));
      connection_.consume_output(connection_.output().size());
    }
    if (connection_.wants_half_close() && !std::exchange(half_closed_, true)) write_record('H');
  }

 private:
  static void expect(ws::Status status) {
    if (status != ws::Status::ok) write_record('F', describe(status));
  }

  void tell(const ws::Request&) {
    ws::AcceptOptions options;
    options.subprotocols = settings_.subprotocols;
    expect(connection_.accept({}, options));
  }
  static void tell(const ws::Opened& opened) {
    write_record('U', std::string(opened.subprotocol) + "\n" + std::string(opened.extensions));
  }
  static void tell(const ws::Message& piece) {
    const char flags = static_cast<char>((piece.first ? 1 : 0) | (piece.finished ? 2 : 0));
    write_record('M', std::string{static_cast<char>(piece.type), flags} + std::string(piece.text()));
  }
  static void tell(const ws::Ping& ping) { write_record('I', base::as_text(ping.payload)); }
  static void tell(const ws::Pong& pong) { write_record('O', base::as_text(pong.payload)); }
  static void tell(const ws::CloseReceived& close) {
    std::array<std::byte, 2> code;
    base::store_big_endian(code.data(), close.code.value);
    write_record('C', std::string(base::as_text(code)) + std::string(close.reason));
  }
  static void tell(const ws::Failed& failed) { write_record('F', failed.detail); }
  static void tell(const ws::HandshakeFailed& failed) { write_record('F', failed.detail); }
  static void tell(const ws::Rejected&) { write_record('F', "rejected"); }
  static void tell(const ws::RejectData&) {}
  static void tell(const ws::Closed& closed) {
    write_record('X', std::string(1, static_cast<char>((closed.record->clean() ? 1 : 0) |
                                                       (closed.record->received_first ? 2 : 0))));
  }

  Settings settings_;
  base::SystemRandom random_;
  ws::Connection connection_;
  bool half_closed_ = false;
};

}  // namespace

int main() {
  std::optional<Conversation> conversation;
  while (auto command = read_record()) {
    if (command->letter == 'N') {
      conversation.emplace(command->rest);
    } else if (conversation) {
      conversation->obey(*command);
    }
    if (conversation) conversation->report();
    write_record('.');
    std::fflush(stdout);
  }
}
