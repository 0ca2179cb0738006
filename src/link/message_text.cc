#include "link/message_text.h"

#include <utility>

#include "base/base64.h"
#include "base/hex.h"
#include "base/unescape.h"
#include "base/utf8.h"
#include "net/file.h"
#include "talk/source.h"
#include "view/json_events.h"

namespace wscope::link {
namespace {

using Read = base::Result<std::optional<wire::StoredInstruction>>;
using streams::InputFormat;

std::string with_name(std::string_view name, std::string_view words) {
  return std::string(name) + (name.empty() ? "" : ": ") + std::string(words);
}

base::Error complaint(std::string_view name, std::string_view words) {
  return base::usage_error(with_name(name, words));
}

Read message(bool binary, std::string payload, std::string_view name) {
  if (!binary && !base::is_utf8(base::as_bytes(payload))) return complaint(name, "not UTF-8");
  return std::optional(wire::StoredInstruction{binary ? ws::Opcode::binary : ws::Opcode::text, std::move(payload)});
}

Read read_json(const std::string& typed, std::string_view name) {
  std::string storage;
  const auto event = view::read_event(typed, storage);
  if (!event) return complaint(name, event.error().message);
  if (!*event) return std::optional<wire::StoredInstruction>();
  return std::optional(wire::stored((*event)->instruction));
}

Read read_file(const std::string& path, bool binary) {
  auto content = net::read_file(path);
  if (!content) return std::move(content).error();
  auto read = message(binary, std::move(content).value(), path);
  if (read) return read;
  return base::Error{base::ErrorKind::io, read.error().message, "send bytes with --binary"};
}

}  // namespace

Read read_message(const std::string& typed, const streams::InputShape& input, bool binary, std::string_view name) {
  const bool bytes = binary || (input.type == streams::MessageType::binary && input.format != InputFormat::raw);
  const bool is_at = typed.starts_with("@@");
  if (typed.starts_with('@') && !is_at) return read_file(typed.substr(1), bytes);
  std::string text = is_at ? typed.substr(1) : typed;
  if (input.escapes) {
    auto unescaped = base::unescape(text);
    if (!unescaped) return complaint(name, unescaped.error().message);
    text = std::move(*unescaped);
  }
  if (!is_at && input.format == InputFormat::json) return read_json(text, name);
  if (!is_at && input.format == InputFormat::hex) {
    auto decoded = base::hex_decode(text);
    return decoded ? message(bytes, std::move(*decoded), name) : complaint(name, "not hexadecimal");
  }
  if (!is_at && input.format == InputFormat::base64) {
    const auto decoded = base::base64_decode(text);
    if (!decoded) return complaint(name, "not base64");
    return message(bytes, std::string(base::as_text(*decoded)), name);
  }
  return message(binary, std::move(text), name);
}

base::Result<std::optional<Saying>> read_saying(const std::string& typed, std::size_t at,
                                                const streams::InputShape& input, bool binary, const Nameable* known,
                                                std::string_view name) {
  using Said = std::optional<Saying>;
  const std::string text = typed.substr(at);
  auto message = read_message(text, input, binary, name);
  if (!message) return std::move(message).error();
  if (!*message) return Said();
  Saying saying{**std::move(message)};
  const std::string& payload = saying.message.payload;
  const bool is_message = saying.message.opcode == ws::Opcode::text || saying.message.opcode == ws::Opcode::binary;
  const bool is_encoded = input.format == streams::InputFormat::hex || input.format == streams::InputFormat::base64 ||
                          (text.starts_with('@') && !text.starts_with("@@"));
  if (known == nullptr || !is_message || is_encoded || !base::is_utf8(base::as_bytes(payload))) return Said(saying);
  talk::Source source(payload, talk::Source::Names::filled_in);
  auto filled_in = talk::Template::read(source);
  auto flaw = filled_in ? find_unknown(*filled_in, *known) : source.flaw();
  if (flaw) {
    const bool as_typed = payload == text;  // else its places are not those of what was typed
    if (as_typed) flaw->at += at;
    base::Error error = talk::describe(*flaw, as_typed ? typed : payload);
    error.message = with_name(name, error.message);
    return error;
  }
  saying.payload = std::move(filled_in);
  return Said(std::move(saying));
}

}  // namespace wscope::link
