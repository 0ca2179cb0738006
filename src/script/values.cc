#include "script/values.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <concepts>
#include <utility>

#include "base/bytes.h"
#include "base/decimal.h"
#include "base/unescape.h"
#include "base/utf8.h"
#include "net/file.h"
#include "repl/slash_arguments.h"
#include "script/parser.h"
#include "streams/format.h"
#include "view/json_events.h"

namespace wscope::script {
namespace {

constexpr double most_seconds = 1e9;

template <typename Number>
requires std::integral<Number> std::optional<Number> number_of(std::string_view text)
noexcept {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

base::Result<Argument> read_codes(std::string_view text, std::string_view what) {
  const std::size_t dots = text.find("..");
  const auto least = number_of<std::uint16_t>(text.substr(0, dots));
  const auto most = dots == std::string_view::npos ? least : number_of<std::uint16_t>(text.substr(dots + 2));
  if (!least || !most) return base::usage_error("expected " + std::string(what) + ", not " + in_quotes(text));
  if (*least > *most) return base::usage_error("the range ends before it begins");
  return Argument{*least, *most};
}

// Relative paths of options are those of the script, too.
std::string anchored(std::string word, repl::ValueKind kind, const std::string& folder) {
  using enum repl::ValueKind;
  const bool is_path = kind == file || kind == socket || kind == directory;
  if (is_path) return path_in(folder, word);
  const bool names_file = kind == text_or_file && word.starts_with('@') && !word.starts_with("@@");
  return names_file ? "@" + path_in(folder, word.substr(1)) : word;
}

void anchor_paths(std::vector<std::string>& words, const std::string& folder,
                  const std::vector<repl::Option>& options) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].starts_with("--") ? words[i].find('=') : std::string::npos;
    const std::string name = words[i].substr(0, equals);
    const auto option =
        std::find_if(options.begin(), options.end(), [&](const repl::Option& one) { return one.is_named(name); });
    if (option == options.end()) continue;
    if (equals != std::string::npos) {
      words[i] = name + "=" + anchored(words[i].substr(equals + 1), option->kind, folder);
    } else if (option->takes_next_word() && i + 1 < words.size()) {
      ++i;
      words[i] = anchored(words[i], option->kind, folder);
    }
  }
}

base::Result<wire::Instruction> message(ws::Opcode type, const std::string& payload) {
  if (type == ws::Opcode::text && !base::is_utf8(base::as_bytes(payload))) return base::usage_error("not UTF-8");
  return wire::Instruction(ws::Piece{.opcode = type, .payload = base::as_bytes(payload)});
}

base::Result<wire::Instruction> read_frame(const std::string& text, std::string& storage) {
  auto frame = repl::parse_frame(text, streams::longest_held_message);
  if (!frame) return std::move(frame).error();
  storage = std::move(frame->payload);
  return wire::Instruction(wire::SendFrame{frame->header, frame->masked_by_role, base::as_bytes(storage)});
}

base::Result<wire::Instruction> read_fragments(std::string& storage) {
  const auto fragments = repl::parse_fragment(storage);
  if (!fragments) return fragments.error();
  if (!base::is_utf8(base::as_bytes(fragments->text))) return base::usage_error("not UTF-8");
  return wire::Instruction(wire::SendFragments{base::as_bytes(fragments->text), fragments->size});
}

// Of a payload that begins with @, or stands behind a blank and @.
std::string with_path(const std::string& text, const std::string& folder) {
  const std::size_t at = text.starts_with('@') ? 0 : text.find(" @") + 1;
  if (text.empty() || text[at] != '@') return text;
  return text.substr(0, at + 1) + path_in(folder, text.substr(at + 1));
}

}  // namespace

base::Result<base::Duration> read_seconds(std::string_view text) {
  const auto seconds = base::parse_decimal(text);
  if (!seconds || *seconds < 0 || *seconds > most_seconds) {
    return base::usage_error("expected seconds, not " + in_quotes(text));
  }
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(*seconds));
}

base::Result<std::uint64_t> read_count(std::string_view text) {
  const auto count = number_of<std::uint64_t>(text);
  if (!count) return base::usage_error("expected a number, not " + in_quotes(text));
  return *count;
}

base::Result<bool> read_switch(std::string_view text) {
  if (text != "on" && text != "off") return base::usage_error("expected on or off, not " + in_quotes(text));
  return text == "on";
}

base::Result<Argument> read_argument(Kind kind, std::string_view text) {
  if (kind == Kind::close) return read_codes(text, "a code or A..B");
  if (kind == Kind::fail) return read_codes(text, "a code");
  if (kind == Kind::refused) return read_codes(text, "a status");
  if (kind != Kind::error) return Argument{0, 0, std::string(text)};
  constexpr std::string_view kinds[] = {"dns", "connect", "tls", "http", "protocol", "timeout", "io"};
  if (std::find(std::begin(kinds), std::end(kinds), text) != std::end(kinds)) return Argument{0, 0, std::string(text)};
  return base::usage_error("expected dns, connect, tls, http, protocol, timeout or io, not " + in_quotes(text));
}

base::Result<repl::Wanted> read_plan(std::vector<std::string> words, const std::string& folder,
                                     const repl::CommandLine& command_line) {
  anchor_paths(words, folder, command_line.options_of(words.front()));
  auto wanted = command_line.read(words);
  if (!wanted) return wanted;
  const auto* client = std::get_if<link::ConnectPlan>(&*wanted);
  const auto* server = std::get_if<link::ServePlan>(&*wanted);
  if (client == nullptr && server == nullptr) return base::usage_error("--help is for a person");
  const bool asks = client != nullptr
                        ? client->asks_passphrase || client->asks_password_of || client->route.asks_proxy_password
                        : server->asks_passphrase;
  if (asks) return base::usage_error("there is nobody to ask for a password");
  if (client != nullptr && client->reconnect) return base::usage_error("--reconnect has no place in a script");
  return wanted;
}

base::Result<wire::Instruction> read_instruction(Send::What what, const std::string& text, const std::string& folder,
                                                 std::string& storage) {
  using What = Send::What;
  const auto stored = [&](base::Result<std::string> read) -> base::Result<void> {
    if (!read) return std::move(read).error();
    storage = std::move(read).value();
    return {};
  };
  storage = text;
  base::Result<void> read;
  switch (what) {
    case What::text:
      return message(ws::Opcode::text, storage);
    case What::escaped_text:
      read = stored(base::unescape(text));
      return read ? message(ws::Opcode::text, storage) : read.error();
    case What::file:
      read = stored(net::read_regular_file(path_in(folder, text), streams::longest_held_message));
      return read ? message(ws::Opcode::text, storage) : read.error();
    case What::binary:
      read = stored(repl::parse_bytes(with_path(text, folder), streams::longest_held_message));
      return read ? message(ws::Opcode::binary, storage) : read.error();
    case What::ping:
    case What::pong:
      read = stored(repl::parse_data(with_path(text, folder), streams::longest_held_message));
      if (!read) return read.error();
      if (what == What::ping) return wire::Instruction(wire::SendPing{base::as_bytes(storage)});
      return wire::Instruction(wire::SendPong{base::as_bytes(storage)});
    case What::close: {
      const auto close = repl::parse_close(storage);
      if (!close) return close.error();
      return wire::Instruction(wire::SendClose{close->code, close->reason});
    }
    case What::frame:
      return read_frame(with_path(text, folder), storage);
    case What::raw:
      read = stored(repl::parse_bytes(with_path(text, folder), streams::longest_held_message));
      if (read && storage.empty()) return base::usage_error("wants bytes");
      return read ? base::Result<wire::Instruction>(wire::SendBytes{base::as_bytes(storage)}) : read.error();
    case What::fragment:
      return read_fragments(storage);
  }
  return base::usage_error("nothing to send");
}

}  // namespace wscope::script
