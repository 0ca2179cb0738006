// The tables of this folder (frames.txt, handshake.txt) and the notations they are written in.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wscope::test {

/// One row: a line "id role title" and, indented by two spaces, lines "key value". A line indented further continues
/// the value before it.
struct Row {
  std::string id;
  std::string role;
  std::string title;
  std::vector<std::pair<std::string, std::string>> lines;  ///< continued values have a '\n' for each line break

  /// The values of a key, in order.
  [[nodiscard]] std::vector<std::string> values(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return !values(key).empty(); }
  /// The value of a key that occurs once; "" if it does not.
  [[nodiscard]] std::string value(std::string_view key) const;
  /// id and title, for messages.
  [[nodiscard]] std::string name() const { return id + " " + title; }
};

/// Reads a table of this folder. Lines that begin with '#' are comments.
[[nodiscard]] std::vector<Row> read_rows(const std::string& file);

/// Bytes written in hex, with white space anywhere between them; "78*125" and "(4f82)*31" repeat.
[[nodiscard]] std::string from_hex(std::string_view text);
[[nodiscard]] std::string to_hex(std::string_view bytes);

/// Text with the escapes \r \n \" \\ and \xNN; line breaks in it are only for the reader. "{a*8300}" repeats.
[[nodiscard]] std::string from_escaped(std::string_view text);

}  // namespace wscope::test
