// A value of JSON with an index of all that is in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wscope::talk {

/// Each part of a value is found at once, whereas JsonItems walks over all that is in front of it. It has 24 bytes for
/// a part.
class JsonTree {
 public:
  /// `value` outlives it.
  explicit JsonTree(std::string_view value);

  /// The first token of a part; the whole is part 0.
  [[nodiscard]] std::string_view token(std::size_t part) const {
    return text_.substr(nodes_[part].at, nodes_[part].size);
  }

  struct Member {
    std::string key;  ///< of an object
    std::size_t part;
  };
  /// The elements of an array as they come; the members of an object by their keys, of equal ones the last.
  [[nodiscard]] std::vector<Member> members(std::size_t part) const;

 private:
  struct Node {
    std::size_t at;
    std::size_t size;
    std::size_t end;  // the node behind all that is in it
  };

  std::string_view text_;
  std::vector<Node> nodes_;
};

}  // namespace wscope::talk
