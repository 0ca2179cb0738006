// Values under names, for the lines that are typed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "link/recollection.h"
#include "talk/capture.h"
#include "talk/match.h"
#include "talk/template.h"

namespace wscope::repl {

/// Knows what {{name}} stands for, and fills it in once it is told to.
class Variables {
 public:
  /// `random` outlives it.
  explicit Variables(base::RandomSource& random) noexcept : names_(random) {}

  [[nodiscard]] const link::Recollection& names() const noexcept { return names_; }
  /// Whether names are filled in; at first they are not.
  [[nodiscard]] bool on() const noexcept { return on_; }
  void turn(bool on) noexcept { on_ = on; }

  /// An error of kind usage if it is no name, or one that stands for something else.
  [[nodiscard]] base::Result<void> set(std::string_view name, talk::Value value);
  /// False if there is none of that name.
  bool forget(std::string_view name) { return names_.forget(std::string(name)); }
  /// "NAME = value" a line, safe for a terminal.
  [[nodiscard]] std::string describe() const;
  [[nodiscard]] static std::string describe(std::string_view name, const talk::Value& value);

  /// A message has matched: names may ask for its parts.
  void remember(const talk::Match& match, const talk::Message& message);

  /// With values, if they are filled in, or else as it is. A value is never looked at for names. An error of kind
  /// usage, mostly with an excerpt, says which name stands for nothing; one of kind expectation, what is missing in the
  /// message that was matched.
  [[nodiscard]] base::Result<std::string> fill(std::string_view text);
  /// The same of what a message is asked for, as parse_match() reads it.
  [[nodiscard]] base::Result<talk::Match> read_match(std::string_view text);
  [[nodiscard]] base::Result<talk::Match> fill(talk::Match match);
  /// How such a thing is to be read.
  [[nodiscard]] talk::Source::Names notation() const noexcept {
    return on_ ? talk::Source::Names::filled_in : talk::Source::Names::plain;
  }
  /// Which name in a text stands for nothing, if they are filled in.
  [[nodiscard]] std::optional<base::Error> find_unknown(std::string_view text) const;

 private:
  [[nodiscard]] link::Nameable known() const;

  link::Recollection names_;
  bool on_ = false;
  bool matched_ = false;    // there is a message that was
  std::size_t groups_ = 0;  // of it
};

}  // namespace wscope::repl
