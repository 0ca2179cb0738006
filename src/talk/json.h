// Values of JSON as slices of the text that holds them: nothing is copied, numbers keep all their digits.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wscope::talk {

// A value is a std::string_view from its first to its last character, of a text of which is_json() said yes. To walk
// through one level of it takes time in proportion to its size, and no memory.

enum class JsonType : unsigned char { null, boolean, number, string, array, object };

[[nodiscard]] JsonType type_of(std::string_view value) noexcept;

/// What the JSON string `token`, with its quotation marks, stands for. Half of a surrogate pair is U+FFFD.
[[nodiscard]] std::string unescape_json(std::string_view token);
/// Whether that stands for no half of one.
[[nodiscard]] bool has_whole_pairs(std::string_view token) noexcept;

/// Appends `text` as a JSON string. Characters are written as they are but for those JSON wants escaped (and DEL).
/// Text that is not UTF-8 (a header field may be such) is taken for Latin-1.
void append_json_string(std::string_view text, std::string& out);

/// `value` without white space between its tokens.
[[nodiscard]] std::string on_one_line(std::string_view value);

/// `text` without the white space around it.
[[nodiscard]] std::string_view trim_json(std::string_view text) noexcept;

/// Goes through the elements of an array or the members of an object, in the order in which they are written.
class JsonItems {
 public:
  /// `value` is an array or an object; of others there are no items.
  explicit JsonItems(std::string_view value) noexcept;

  /// Goes on to the next one, the first time to the first; false if there is none.
  [[nodiscard]] bool next() noexcept;
  /// The key as it is written, of a member.
  [[nodiscard]] std::string_view key() const noexcept { return key_; }
  [[nodiscard]] bool has_key(std::string_view name) const;
  [[nodiscard]] std::string_view value() const noexcept { return value_; }

 private:
  [[nodiscard]] std::string_view take() noexcept;

  std::string_view text_;
  std::size_t at_;
  bool is_object_;
  std::string_view key_{};
  std::string_view value_{};
};

/// The member of `object` of that name, of equal keys the last; nothing if there is none, or it is no object.
[[nodiscard]] std::optional<std::string_view> find_member(std::string_view object, std::string_view name);

/// How many elements an array has, or different keys an object; nothing for others.
[[nodiscard]] std::optional<std::size_t> count_items(std::string_view value);

}  // namespace wscope::talk
