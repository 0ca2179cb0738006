#include "repl/sender.h"

#include <utility>

#include <fmt/format.h>

#include "base/unescape.h"
#include "base/utf8.h"
#include "link/plan.h"
#include "net/file.h"
#include "repl/look_back.h"
#include "repl/slash_arguments.h"
#include "repl/words.h"
#include "wire/stored_instruction.h"

namespace wscope::repl {
namespace {

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
      return text(arguments);
  }
}

base::Result<void> Sender::text(std::string_view arguments) {
  constexpr std::string_view escape = "-e ";
  std::string typed(arguments);
  if (typed.starts_with(escape)) {
    auto unescaped = base::unescape(arguments.substr(escape.size()));
    if (!unescaped) return base::Error(unescaped.error());
    typed = std::move(*unescaped);
  }
  const auto text = variables_.fill(typed);
  return text ? send(ws::Opcode::text, *text) : text.error();
}

base::Result<void> Sender::to_each(std::optional<std::size_t> size, const wire::Instruction& instruction) {
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
    if (status != ws::Status::ok && outcome) outcome = explain(status);
  }
  return outcome;
}

base::Result<void> Sender::send(ws::Opcode type, std::string_view payload) {
  return to_each(payload.size(), ws::Piece{.opcode = type, .payload = base::as_bytes(payload)});
}

base::Result<void> Sender::binary(std::string_view arguments) {
  const auto bytes = parse_bytes(arguments, streams::longest_held_message, fill());
  if (!bytes) return bytes.error();
  return send(ws::Opcode::binary, *bytes);
}

base::Result<void> Sender::file(std::string_view arguments) {
  if (arguments.empty()) return base::usage_error("wants a file");
  const auto path = variables_.fill(arguments);
  if (!path) return path.error();
  const auto content = net::read_regular_file(expand_home(*path), streams::longest_held_message);
  if (!content) return content.error();
  if (!base::is_utf8(base::as_bytes(*content))) {
    return base::Error{base::ErrorKind::io, fmt::format("{}: not UTF-8", arguments),
                       fmt::format("/binary @{} sends it as it is", arguments)};
  }
  return send(ws::Opcode::text, *content);
}

base::Result<void> Sender::ping(std::string_view arguments) {
  const auto data = parse_data(arguments, streams::longest_held_message, fill());
  if (!data) return data.error();
  return to_each(data->size(), wire::SendPing{base::as_bytes(*data)});
}

base::Result<void> Sender::pong(std::string_view arguments) {
  const auto data = parse_data(arguments, streams::longest_held_message, fill());
  if (!data) return data.error();
  return to_each(data->size(), wire::SendPong{base::as_bytes(*data)});
}

base::Result<void> Sender::close(std::string_view arguments) {
  const auto filled = variables_.fill(arguments);
  if (!filled) return filled.error();
  const auto close = parse_close(*filled);
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
  auto fragments = parse_fragment(arguments);
  if (!fragments) return fragments.error();
  const auto filled = variables_.fill(fragments->text);
  if (!filled) return filled.error();
  fragments->text = *filled;
  if (!base::is_utf8(base::as_bytes(fragments->text))) return base::usage_error("not UTF-8");
  if (auto checked = check_room(most_bytes_of(*fragments)); !checked) return checked;
  const base::Bytes text = base::as_bytes(fragments->text);
  return to_each(text.size(), wire::SendFragments{text, fragments->size});
}

base::Result<void> Sender::frame(std::string_view arguments) {
  const auto frame = parse_frame(arguments, streams::longest_held_message, fill());
  if (!frame) return frame.error();
  return to_each(frame->payload.size(),
                 wire::SendFrame{frame->header, frame->masked_by_role, base::as_bytes(frame->payload)});
}

base::Result<void> Sender::raw(std::string_view arguments) {
  const auto bytes = parse_bytes(arguments, streams::longest_held_message, fill());
  if (!bytes) return bytes.error();
  if (bytes->empty()) return base::usage_error("wants bytes");
  return to_each(bytes->size(), wire::SendBytes{base::as_bytes(*bytes)});
}

base::Result<void> Sender::resend(std::string_view arguments) {
  const auto was_sent = [](const report::Entry& entry) {
    return entry.direction == wire::Direction::out && entry.is_message();
  };
  const report::Entry* entry = arguments.empty() ? transcript_.latest(was_sent) : nullptr;
  if (arguments.empty() && entry == nullptr) return not_now("nothing was sent");
  if (!arguments.empty()) {
    const auto found = find_entry(transcript_, arguments);
    if (!found) return found.error();
    entry = *found;
  }
  if (!entry->complete()) return not_now(fmt::format("of #{} only the beginning is kept", entry->number));
  const wire::StoredInstruction again{entry->opcode, entry->payload, entry->code};  // which the transcript grows by
  return to_each(again.payload.size(), again.instruction());
}

}  // namespace wscope::repl
