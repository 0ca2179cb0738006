#include "app/sender.h"

#include <utility>

#include <fmt/format.h>

#include "app/connection_options.h"
#include "app/slash_arguments.h"
#include "app/words.h"
#include "base/file.h"
#include "base/utf8.h"

namespace wscope::app {
namespace {

// Of the messages that were sent, for /resend.
constexpr std::size_t most_kept = 100;
constexpr std::size_t most_kept_bytes = std::size_t{1} << 20;

base::Error usage_error(std::string message, std::string hint = {}) {
  return {base::ErrorKind::usage, std::move(message), std::move(hint)};
}

}  // namespace

bool Sender::sends(Action action) noexcept {
  switch (action) {
    case Action::send:
    case Action::binary:
    case Action::file:
    case Action::ping:
    case Action::pong:
    case Action::close:
    case Action::fragment:
    case Action::frame:
    case Action::raw:
    case Action::resend:
      return true;
    default:
      return false;
  }
}

base::Result<void> Sender::execute(Action action, std::string_view arguments) {
  switch (action) {
    case Action::binary:
      return binary(arguments);
    case Action::file:
      return file(arguments);
    case Action::ping:
      return ping(arguments);
    case Action::pong:
      return pong(arguments);
    case Action::close:
      return close(arguments);
    case Action::fragment:
      return fragment(arguments);
    case Action::frame:
      return frame(arguments);
    case Action::raw:
      return raw(arguments);
    case Action::resend:
      return resend(arguments);
    default:
      return send(ws::Opcode::text, arguments);
  }
}

base::Result<void> Sender::to_each(const std::function<ws::Status(ws::Connection&)>& action) {
  const auto targets = connections_.targets();
  if (targets.empty()) {
    const Use use = connections_.use();
    if (use.kind == Use::Kind::one) return usage_error(fmt::format("connection {} is not open", use.connection));
    return connections_.listening() ? usage_error("no client is connected")
                                    : usage_error("not connected", "/connect URL");
  }
  for (const ConnectionNumber number : targets) {
    peer::Peer& peer = *connections_.find(number);
    const ws::Status status = action(peer.connection());
    peer.flush();
    if (status != ws::Status::ok) return usage_error(std::string(ws::describe(status)));
  }
  return {};
}

base::Result<void> Sender::send(ws::Opcode type, std::string_view payload) {
  auto outcome = to_each([type, payload](ws::Connection& connection) {
    return connection.send({.opcode = type, .payload = base::as_bytes(payload), .finished = true});
  });
  if (outcome) note_sent(type, payload);
  return outcome;
}

void Sender::note_sent(ws::Opcode type, std::string_view payload) {
  for (const ConnectionNumber number : connections_.targets()) journal_.sent(number, type, base::as_bytes(payload));
  if (payload.size() <= most_kept_bytes) sent_.push_back({type, std::string(payload)});
  if (sent_.size() > most_kept) sent_.pop_front();
}

base::Result<void> Sender::binary(std::string_view arguments) {
  const auto bytes = parse_bytes(arguments, longest_held_message);
  if (!bytes) return bytes.error();
  return send(ws::Opcode::binary, *bytes);
}

base::Result<void> Sender::file(std::string_view arguments) {
  if (arguments.empty()) return usage_error("wants a file");
  const auto content = base::read_file(expand_home(arguments), longest_held_message);
  if (!content) return content.error();
  if (!base::is_utf8(base::as_bytes(*content))) {
    return base::Error{base::ErrorKind::io, fmt::format("{}: not UTF-8", arguments),
                       fmt::format("/binary @{} sends it as it is", arguments)};
  }
  return send(ws::Opcode::text, *content);
}

base::Result<void> Sender::ping(std::string_view arguments) {
  return to_each([arguments](ws::Connection& connection) {
    connection.set_time(base::Clock::now());
    return connection.send_ping(base::as_bytes(arguments));
  });
}

base::Result<void> Sender::pong(std::string_view arguments) {
  return to_each([arguments](ws::Connection& connection) { return connection.send_pong(base::as_bytes(arguments)); });
}

base::Result<void> Sender::close(std::string_view arguments) {
  const auto close = parse_close(arguments);
  if (!close) return close.error();
  auto outcome = to_each([&](ws::Connection& connection) { return connection.close(close->code, close->reason); });
  if (outcome || arguments.empty()) return outcome;
  base::Error error = std::move(outcome).error();
  if (error.hint.empty() && close->code) {
    error.hint = fmt::format("/frame close hex:{:04x} sends it all the same", close->code->value);
  }
  return error;
}

base::Result<void> Sender::fragment(std::string_view arguments) {
  const auto fragments = parse_fragment(arguments);
  if (!fragments) return fragments.error();
  if (!base::is_utf8(base::as_bytes(fragments->text))) return usage_error("not UTF-8");
  auto outcome = to_each([&](ws::Connection& connection) {
    std::string_view rest = fragments->text;
    ws::Opcode opcode = ws::Opcode::text;
    do {
      const std::string_view piece = rest.substr(0, fragments->size);
      rest.remove_prefix(piece.size());
      const ws::Piece fragment = {.opcode = std::exchange(opcode, ws::Opcode::continuation),
                                  .payload = base::as_bytes(piece),
                                  .finished = rest.empty(),
                                  .known_utf8 = true};
      if (const ws::Status status = connection.send(fragment); status != ws::Status::ok) return status;
    } while (!rest.empty());
    return ws::Status::ok;
  });
  if (outcome) note_sent(ws::Opcode::text, fragments->text);
  return outcome;
}

base::Result<void> Sender::frame(std::string_view arguments) {
  // Each side frames in its own way.
  std::optional<base::Error> wrong;
  auto outcome = to_each([&](ws::Connection& connection) {
    auto bytes = parse_frame(arguments, connection.role(), random_, longest_held_message);
    if (bytes) return connection.send_raw(base::as_bytes(*bytes));
    wrong = std::move(bytes).error();
    return ws::Status::ok;
  });
  if (wrong) return *wrong;
  return outcome;
}

base::Result<void> Sender::raw(std::string_view arguments) {
  const auto bytes = parse_bytes(arguments, longest_held_message);
  if (!bytes) return bytes.error();
  if (bytes->empty()) return usage_error("wants bytes");
  return to_each([&](ws::Connection& connection) { return connection.send_raw(base::as_bytes(*bytes)); });
}

base::Result<void> Sender::resend(std::string_view arguments) {
  const auto back = arguments.empty() ? std::optional<std::uint64_t>(0) : parse_number(arguments);
  if (!back) return usage_error("wants a number");
  if (*back >= sent_.size()) return usage_error(sent_.empty() ? "nothing was sent" : "so many were not sent");
  const Sent message = sent_[sent_.size() - 1 - static_cast<std::size_t>(*back)];
  return send(message.type, message.payload);
}

}  // namespace wscope::app
