// HTTP header fields: ordered, case-insensitive by name, repeats kept.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wscope::http {

struct Field {
  std::string name;   ///< as it was written; compared without regard to case
  std::string value;  ///< without surrounding white space

  bool operator==(const Field&) const = default;
};

/// Whether two field names (or other ASCII keywords) are equal without regard to case.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;
/// The same of the beginning of `text`.
[[nodiscard]] bool begins_ignoring_case(std::string_view text, std::string_view prefix) noexcept;
/// `text` with its ASCII letters in lower case.
[[nodiscard]] std::string in_lower_case(std::string text);

/// Whether the name of a field tells that its value is a secret: it has auth, cookie, key, token, secret or password in
/// it. Challenges (WWW-Authenticate, Proxy-Authenticate) and Sec-WebSocket-Key, which proves nothing, are none.
[[nodiscard]] bool is_secret_field(std::string_view name);

/// The header fields of a request or response, in the order of the wire (RFC 9110 section 5).
/// Views and pointers into it are valid until it is changed.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  /// Appends a field; an earlier one of the same name stays.
  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  /// Drops every field of that name.
  void remove(std::string_view name);
  /// Gives the first field of that name this value, which keeps its place and how its name is written, and drops the
  /// others; appends it if there is none.
  void set(std::string_view name, std::string value);
  /// Continues the value of the last field, which there is, with `text` behind a space (RFC 9112 section 5.2).
  void continue_last(std::string_view text);

  [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }
  [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
  /// The value of the first field of that name, or null.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
  /// All values of that name joined with ", ", which for lists means the same as one line (RFC 9110 section 5.3);
  /// nothing if there is no such field.
  [[nodiscard]] std::optional<std::string> joined(std::string_view name) const;

  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }
  [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const noexcept { return fields_.end(); }

  bool operator==(const Headers&) const = default;

 private:
  std::vector<Field> fields_;
};

}  // namespace wscope::http
