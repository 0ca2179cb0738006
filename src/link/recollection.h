// What {{names}} stand for while a conversation goes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "talk/match.h"
#include "talk/template.h"
#include "view/timestamp.h"

namespace wscope::link {

/// Keeps variables, and of the message that was matched last what names may ask for. It has a copy of that message.
class Recollection final : public talk::Names {
 public:
  /// `random` is for uuid and random, `others`, unless null, knows more variables; both outlive it.
  explicit Recollection(base::RandomSource& random, const Recollection* others = nullptr) noexcept
      : random_(random), others_(others) {}

  /// A message that has matched: the numbers of groups are its, and groups with names become variables.
  void remember(const talk::Match& match, const talk::Message& message);
  /// The same of one that was not looked for in particular: all of it is the match.
  void remember(const talk::Message& message);
  void set(const std::string& name, talk::Value value) { variables_[name] = std::move(value); }
  /// False if there is none of that name.
  bool forget(const std::string& name) { return variables_.erase(name) > 0; }
  /// Null if there is none.
  [[nodiscard]] const talk::Value* variable(const std::string& name) const;
  /// All of them, by name.
  [[nodiscard]] const std::map<std::string, talk::Value>& variables() const noexcept { return variables_; }
  /// What n stands for.
  void set_round(std::uint64_t round) noexcept { round_ = round; }
  /// What now and its kin stand for from here on.
  void set_time(view::WallTime now) noexcept { now_ = now; }

  [[nodiscard]] std::optional<talk::Value> find(const talk::Name& name) const override;

 private:
  [[nodiscard]] std::optional<talk::Value> find_variable(const std::string& name) const;
  [[nodiscard]] std::string make_uuid() const;
  [[nodiscard]] std::string draw(std::int64_t low, std::int64_t high) const;

  base::RandomSource& random_;
  const Recollection* others_;
  std::map<std::string, talk::Value> variables_{};
  std::string message_{};
  bool is_json_ = false;
  std::vector<std::optional<std::string>> groups_{};
  std::uint64_t round_ = 1;
  view::WallTime now_{};
};

/// What of a match can be named behind it, to find names that stand for nothing before anything is opened.
struct Nameable {
  std::size_t groups = 0;  ///< the number of the last one
  bool matched = false;    ///< there is a message that was matched
  std::vector<std::string> variables{};

  void add(const talk::Match& match);
};

/// What is wrong with a name that stands for nothing, or is not set in the environment; empty: nothing.
[[nodiscard]] std::string why_unknown(const talk::Name& name, const Nameable& known);

/// The first name of `text` that stands for nothing, with its place and an error of kind usage; also one of the
/// environment that is not set.
[[nodiscard]] std::optional<talk::Flaw> find_unknown(const talk::Template& text, const Nameable& known);

}  // namespace wscope::link
