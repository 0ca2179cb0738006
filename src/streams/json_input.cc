#include "streams/json_input.h"

#include <simdjson.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "ws/frame.h"

namespace wscope::streams {
namespace {

using Object = simdjson::dom::object;

base::Error complaint(std::string message) { return {base::ErrorKind::io, std::move(message)}; }

// Nothing if there is no such key.
base::Result<std::optional<std::string_view>> find_text(const Object& object, std::string_view key) {
  simdjson::dom::element element;
  if (object[key].get(element) != simdjson::SUCCESS) return std::optional<std::string_view>();
  std::string_view value;
  if (element.get(value) == simdjson::SUCCESS) return std::optional(value);
  return complaint("has a \"" + std::string(key) + "\" that is not a string");
}

base::Result<std::optional<std::uint64_t>> find_number(const Object& object, std::string_view key) {
  simdjson::dom::element element;
  if (object[key].get(element) != simdjson::SUCCESS) return std::optional<std::uint64_t>();
  std::uint64_t value = 0;
  if (element.get(value) == simdjson::SUCCESS) return std::optional(value);
  return complaint("has a \"" + std::string(key) + "\" that is not a whole number");
}

// The payload of "data" or "base64"; without either, an empty one.
base::Result<void> read_payload(const Object& object, std::string& payload) {
  const auto data = find_text(object, "data");
  if (!data) return data.error();
  const auto encoded = find_text(object, "base64");
  if (!encoded) return encoded.error();
  payload = data->value_or("");
  if (*data || !*encoded) return {};
  const auto bytes = base::base64_decode(**encoded);
  if (!bytes) return complaint("has a \"base64\" that is none");
  payload = base::as_text(*bytes);
  return {};
}

base::Result<void> read_close(const Object& object, InputItem& item, std::string& storage) {
  const auto reason = find_text(object, "reason");
  if (!reason) return reason.error();
  storage = reason->value_or("");
  item.reason = storage;
  const auto code = find_number(object, "code");
  if (!code) return code.error();
  if (code->value_or(ws::close_code::no_status.value) ==
      ws::close_code::no_status.value) {  // how an empty one is printed
    if (!item.reason.empty()) return complaint("has a reason without a \"code\"");
    return {};
  }
  const ws::CloseCode close_code{static_cast<std::uint16_t>(**code)};
  if (**code > UINT16_MAX || !close_code.may_appear_in_frame())
    return complaint("has a close code that may not be sent");
  if (item.reason.size() > ws::max_control_payload - 2) return complaint("has a reason of more than 123 bytes");
  item.code = close_code;
  return {};
}

bool can_be_sent(std::string_view type) noexcept {
  return type == "text" || type == "binary" || type == "ping" || type == "pong" || type == "close";
}

// `type` can be sent.
base::Result<void> read_kind(std::string_view type, const Object& object, InputItem& item, std::string& storage) {
  if (type == "close") {
    item.kind = InputItem::Kind::close;
    return read_close(object, item, storage);
  }
  const bool control = type == "ping" || type == "pong";
  if (auto read = read_payload(object, storage); !read) return read;
  if (control) item.kind = type == "ping" ? InputItem::Kind::ping : InputItem::Kind::pong;
  if (control && storage.size() > ws::max_control_payload) return complaint("has a payload of more than 125 bytes");
  if (type == "binary") item.type = ws::Opcode::binary;
  if (type == "text" && !base::is_utf8(base::as_bytes(storage))) return complaint("has text that is not UTF-8");
  item.payload = base::as_bytes(storage);
  return {};
}

}  // namespace

base::Result<std::optional<InputItem>> read_json_input(std::string_view line, std::string& storage) {
  simdjson::dom::parser parser;
  Object object;
  if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) return complaint("is not a JSON object");
  const auto event = find_text(object, "event");
  if (!event) return event.error();
  if (*event && !can_be_sent(**event)) return std::optional<InputItem>();  // its "type" may be that of a message
  auto type = find_text(object, "type");
  if (type && !*type) type = event;
  if (!type) return type.error();
  if (!*type) return complaint("has no \"type\"");
  if (!can_be_sent(**type)) return complaint("asks for something that cannot be sent");
  InputItem item;
  if (auto read = read_kind(**type, object, item, storage); !read) return std::move(read).error();
  const auto connection = find_number(object, "conn");
  if (!connection) return connection.error();
  item.connection = *connection;
  return std::optional(item);
}

}  // namespace wscope::streams
