#include "repl/sender.h"

#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "link/plan.h"
#include "net/file.h"
#include "repl/slash_arguments.h"
#include "repl/words.h"

namespace wscope::repl {
namespace {

// Of the messages that were sent, for /resend: how many, and how many bytes of all of them.
constexpr std::size_t most_kept = 100;
constexpr std::size_t most_kept_bytes = streams::longest_held_message;

// What frames and compression may make of it, and some room for control frames.
std::size_t most_bytes_of(const FragmentArguments& fragments) noexcept {
  constexpr std::size_t for_each = 46;
  constexpr std::size_t for_others = 2048;
  const std::size_t size = fragments.text.size();
  return size + size / 8 + (size / fragments.size + 1) * for_each + for_others;
}

base::Error explain(ws::Status status) {
  std::string words(ws::describe(status));
  const bool later = status == ws::Status::wrong_state || status == ws::Status::wrong_order;
  return later ? not_now(std::move(words)) : base::usage_error(std::move(words));
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

bool Sender::sends(std::string_view line) {
  const auto typed = parse_line(line);
  const auto* command = typed ? std::get_if<TypedCommand>(&*typed) : nullptr;
  return command != nullptr ? sends(command->command->action) : typed.ok();
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

base::Result<void> Sender::to_each(std::optional<std::size_t> size, const wire::Instruction& instruction) {
  reached_ = false;
  const link::Use use = target();
  const auto targets = connections_.targets(use);
  if (targets.empty()) {
    if (use.kind == link::Use::Kind::one) return not_now(fmt::format("connection {} is not open", use.connection));
    return connections_.listening() ? not_now("no client is connected")
                                    : base::usage_error("not connected", "/connect URL");
  }
  base::Result<void> outcome;
  for (const link::ConnectionNumber number : targets) {
    if (size && !connections_.may_send(number, *size)) continue;
    link::Link& link = *connections_.find(number);
    const ws::Status status = link.send(instruction, random_);
    link.peer().flush();
    reached_ = reached_ || status == ws::Status::ok;
    if (status != ws::Status::ok && outcome) outcome = explain(status);
  }
  return outcome;
}

base::Result<void> Sender::send(ws::Opcode type, std::string_view payload) {
  auto outcome = to_each(payload.size(), ws::Piece{.opcode = type, .payload = base::as_bytes(payload)});
  if (outcome || reached_) keep(type, payload);
  return outcome;
}

// The oldest ones make room, but it is remembered that they were.
void Sender::keep(ws::Opcode type, std::string_view payload) {
  const bool fits = payload.size() <= most_kept_bytes;
  sent_bytes_ += fits ? payload.size() : 0;
  for (Sent& old : sent_) {
    if (sent_bytes_ <= most_kept_bytes) break;
    if (old.payload) sent_bytes_ -= old.payload->size();
    old.payload.reset();
  }
  sent_.push_back({type, fits ? std::optional<std::string>(payload) : std::nullopt});
  if (sent_.size() <= most_kept) return;
  if (sent_.front().payload) sent_bytes_ -= sent_.front().payload->size();
  sent_.pop_front();
}

base::Result<void> Sender::binary(std::string_view arguments) {
  const auto bytes = parse_bytes(arguments, streams::longest_held_message);
  if (!bytes) return bytes.error();
  return send(ws::Opcode::binary, *bytes);
}

base::Result<void> Sender::file(std::string_view arguments) {
  if (arguments.empty()) return base::usage_error("wants a file");
  const auto content = net::read_regular_file(expand_home(arguments), streams::longest_held_message);
  if (!content) return content.error();
  if (!base::is_utf8(base::as_bytes(*content))) {
    return base::Error{base::ErrorKind::io, fmt::format("{}: not UTF-8", arguments),
                       fmt::format("/binary @{} sends it as it is", arguments)};
  }
  return send(ws::Opcode::text, *content);
}

base::Result<void> Sender::ping(std::string_view arguments) {
  return to_each(arguments.size(), wire::SendPing{base::as_bytes(arguments)});
}

base::Result<void> Sender::pong(std::string_view arguments) {
  return to_each(arguments.size(), wire::SendPong{base::as_bytes(arguments)});
}

base::Result<void> Sender::close(std::string_view arguments) {
  const auto close = parse_close(arguments);
  if (!close) return close.error();
  auto outcome = to_each(std::nullopt, wire::SendClose{close->code, close->reason});
  if (outcome || arguments.empty()) return outcome;
  base::Error error = std::move(outcome).error();
  if (error.hint.empty() && close->code) {
    error.hint = fmt::format("/frame close hex:{:04x} sends it all the same", close->code->value);
  }
  return error;
}

// A message that was begun and cannot be finished would be the end of the connection.
base::Result<void> Sender::check_room(std::size_t needed) {
  for (const link::ConnectionNumber number : connections_.targets(target())) {
    if (connections_.find(number)->connection().output_space() >= needed) continue;
    return not_now("more fragments than can wait to be sent, so none was");
  }
  return {};
}

base::Result<void> Sender::fragment(std::string_view arguments) {
  const auto fragments = parse_fragment(arguments);
  if (!fragments) return fragments.error();
  if (!base::is_utf8(base::as_bytes(fragments->text))) return base::usage_error("not UTF-8");
  if (auto checked = check_room(most_bytes_of(*fragments)); !checked) return checked;
  const base::Bytes text = base::as_bytes(fragments->text);
  auto outcome = to_each(text.size(), wire::SendFragments{text, fragments->size});
  if (outcome || reached_) keep(ws::Opcode::text, fragments->text);
  return outcome;
}

base::Result<void> Sender::frame(std::string_view arguments) {
  const auto frame = parse_frame(arguments, streams::longest_held_message);
  if (!frame) return frame.error();
  return to_each(frame->payload.size(),
                 wire::SendFrame{frame->header, frame->masked_by_role, base::as_bytes(frame->payload)});
}

base::Result<void> Sender::raw(std::string_view arguments) {
  const auto bytes = parse_bytes(arguments, streams::longest_held_message);
  if (!bytes) return bytes.error();
  if (bytes->empty()) return base::usage_error("wants bytes");
  return to_each(bytes->size(), wire::SendBytes{base::as_bytes(*bytes)});
}

base::Result<void> Sender::resend(std::string_view arguments) {
  const auto back = arguments.empty() ? std::optional<std::uint64_t>(0) : parse_number(arguments);
  if (!back) return base::usage_error("wants a number");
  if (*back >= sent_.size()) return not_now(sent_.empty() ? "nothing was sent" : "so many were not sent");
  const Sent message = sent_[sent_.size() - 1 - static_cast<std::size_t>(*back)];
  if (!message.payload) return not_now("that message is not kept any more");
  return send(message.type, *message.payload);
}

}  // namespace wscope::repl
