// JSON, as far as events need it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "http/headers.h"
#include "view/timestamp.h"

namespace wscope::view {

/// Writes one object on a line of its own, key by key, in the order of the calls. Keys need no escapes.
class JsonObject {
 public:
  /// Appends to `out`, which outlives it.
  explicit JsonObject(std::string& out) : out_(out) {}

  JsonObject& text(std::string_view key, std::string_view value);
  /// A text that needs no escapes: printable ASCII without quotation marks and backslashes.
  JsonObject& word(std::string_view key, std::string_view value);
  /// RFC 3339 in UTC.
  JsonObject& time(std::string_view key, WallTime value);
  JsonObject& number(std::string_view key, std::uint64_t value);
  /// Milliseconds with three decimals.
  JsonObject& milliseconds(std::string_view key, double value);
  JsonObject& boolean(std::string_view key, bool value);
  JsonObject& null(std::string_view key);
  /// A value that is JSON, which goes on one line.
  JsonObject& json(std::string_view key, std::string_view value);
  /// Pairs of name and value.
  JsonObject& headers(std::string_view key, const http::Headers& value);
  /// A list of strings: `value` cut at its commas, white space around the parts taken off, empty parts left out.
  JsonObject& list(std::string_view key, std::string_view value);
  JsonObject& strings(std::string_view key, std::span<const std::string> values);
  /// A list of objects: `write` is called with one for each of `values`.
  template <typename Values, typename Write>
  JsonObject& objects(std::string_view key, const Values& values, Write&& write) {
    begin(key);
    out_ += '[';
    for (const auto& value : values) {
      if (out_.back() != '[') out_ += ',';
      JsonObject object(out_);
      write(object, value);
      object.close();
    }
    out_ += ']';
    return *this;
  }
  JsonObject& base64(std::string_view key, base::Bytes value);
  JsonObject& hex(std::string_view key, base::Bytes value);

  /// Closes the object and the line. Nothing may follow.
  void end();

 private:
  void begin(std::string_view key);
  void close();

  std::string& out_;
  bool first_ = true;
};

}  // namespace wscope::view
