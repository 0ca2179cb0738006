#include "talk/expression.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "talk/comparison.h"

namespace wscope::talk {

// All that it has is in order of precedence: of `either` and `both` the children, of `negation` one, of a test that.
struct Expression::Node {
  enum class Kind : unsigned char { either, both, negation, test };
  Kind kind;
  std::vector<std::unique_ptr<const Node>> children{};
  std::optional<Comparison> test{};

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the parser lets it be
  [[nodiscard]] bool holds(std::string_view message) const {
    const auto child_holds = [message](const auto& child) { return child->holds(message); };
    switch (kind) {
      case Kind::either:
        return std::any_of(children.begin(), children.end(), child_holds);
      case Kind::both:
        return std::all_of(children.begin(), children.end(), child_holds);
      case Kind::negation:
        return !child_holds(children.front());
      case Kind::test:
        return test->holds(message);
    }
    return false;
  }

  // The first test that makes it not hold.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the parser lets it be
  [[nodiscard]] const Comparison& culprit(std::string_view message) const {
    if (kind == Kind::test) return *test;
    const auto fails = [message](const auto& child) { return !child->holds(message); };
    const auto found = kind == Kind::both ? std::find_if(children.begin(), children.end(), fails) : children.begin();
    return (found == children.end() ? children.front() : *found)->culprit(message);
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the parser lets it be
  void collect(std::vector<Name>& names) const {
    for (const auto& child : children) child->collect(names);
    if (test) test->collect(names);
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the parser lets it be
  [[nodiscard]] base::Result<std::unique_ptr<const Node>> fill(const Names& names) const {
    auto node = std::make_unique<Node>(Node{kind});
    for (const auto& child : children) {
      auto filled = child->fill(names);
      if (!filled) return filled;
      node->children.push_back(std::move(filled).value());
    }
    if (test) {
      auto filled = test->fill(names);
      if (!filled) return std::move(filled).error();
      node->test = std::move(filled).value();
    }
    return std::unique_ptr<const Node>(std::move(node));
  }
};

class Expression::Parser {
 public:
  explicit Parser(Source& source) : source_(source) {}

  // NOLINTNEXTLINE(misc-no-recursion): bounded by deepest
  [[nodiscard]] std::unique_ptr<Node> either() {
    return several(Node::Kind::either, "or", [this] { return both(); });
  }

 private:
  static constexpr int deepest = 200;

  // NOLINTNEXTLINE(misc-no-recursion): bounded by deepest
  [[nodiscard]] std::unique_ptr<Node> both() {
    return several(Node::Kind::both, "and", [this] { return negation(); });
  }

  template <typename Read>
  [[nodiscard]] std::unique_ptr<Node> several(Node::Kind kind, std::string_view between, Read read) {
    auto first = read();
    if (first == nullptr || !take_word(between)) return first;
    auto node = std::make_unique<Node>(Node{kind});
    node->children.push_back(std::move(first));
    do {
      auto next = read();
      if (next == nullptr) return nullptr;
      node->children.push_back(std::move(next));
    } while (take_word(between));
    return node;
  }

  // Moves behind blanks only if the word is there: what is behind an expression may begin with them.
  [[nodiscard]] bool take_word(std::string_view word) {
    const std::size_t at = source_.position();
    source_.skip_blanks();
    if (source_.take_word(word)) return true;
    source_.move_to(at);
    return false;
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by deepest
  [[nodiscard]] std::unique_ptr<Node> negation() {
    source_.skip_blanks();
    if (++depth_ > deepest) {
      source_.fail("this is nested too deeply");
      return nullptr;
    }
    auto node = innermost();
    --depth_;
    return node;
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by deepest
  [[nodiscard]] std::unique_ptr<Node> innermost() {
    if (source_.take_word("not")) {
      auto negated = negation();
      if (negated == nullptr) return nullptr;
      auto node = std::make_unique<Node>(Node{Node::Kind::negation});
      node->children.push_back(std::move(negated));
      return node;
    }
    if (const std::size_t begin = source_.position(); source_.take("(")) {
      auto node = either();
      if (node == nullptr) return nullptr;
      source_.skip_blanks();
      if (source_.take(")")) return node;
      if (source_.at_end()) {
        source_.fail(begin, "this ( has no )");
      } else {
        source_.fail("expected and, or, ) or a comparison", hint_behind_value(source_));
      }
      return nullptr;
    }
    auto test = Comparison::read(source_);
    if (!test) return nullptr;
    auto node = std::make_unique<Node>(Node{Node::Kind::test});
    node->test = std::move(*test);
    return node;
  }

  Source& source_;
  int depth_ = 0;
};

Expression::Expression(std::unique_ptr<const Node> root) noexcept : root_(std::move(root)) {}
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

std::optional<Expression> Expression::read(Source& source) {
  auto root = Parser(source).either();
  if (root == nullptr) return std::nullopt;
  return Expression(std::move(root));
}

bool Expression::holds(std::string_view message) const { return root_->holds(message); }

std::string Expression::explain(std::string_view message) const { return root_->culprit(message).left_of(message); }

bool Expression::has_names() const {
  std::vector<Name> names;
  collect(names);
  return !names.empty();
}

void Expression::collect(std::vector<Name>& names) const { root_->collect(names); }

base::Result<Expression> Expression::fill(const Names& names) const {
  auto root = root_->fill(names);
  if (!root) return std::move(root).error();
  return Expression(std::move(root).value());
}

}  // namespace wscope::talk
