#include "talk/pattern.h"

#include <string_view>
#include <utility>

#include <re2/re2.h>

namespace wscope::talk {
namespace {

// For the program and what it has found out about the text so far; RE2 forgets the latter when it is full. It is also
// what bounds the program, and with that the time for a byte.
constexpr std::int64_t most_memory = std::int64_t{2} << 20;
// ^ and $ match at the ends of lines.
constexpr std::string_view by_lines = "(?m";
constexpr const char* what_is_missing =
    "the syntax is RE2's, without lookahead, lookbehind and backreferences; (?P<name>...) names a group";

RE2::Options options_for(Pattern::Alphabet alphabet) {
  RE2::Options options;
  options.set_encoding(alphabet == Pattern::Alphabet::bytes ? RE2::Options::EncodingLatin1
                                                            : RE2::Options::EncodingUTF8);
  options.set_log_errors(false);  // it is we who print
  options.set_max_mem(most_memory);
  return options;
}

// What it quotes is a part of what was `typed`; all of it is not worth saying again.
base::Error explain(const RE2& expression, const std::string& typed, std::size_t added) {
  std::string message = expression.error();
  const std::string& part = expression.error_arg();
  if (const std::string quoted = ": " + part; message.ends_with(quoted)) message.resize(message.size() - quoted.size());
  const std::string_view quoted = std::string_view(part).substr(part.starts_with(by_lines) ? added : 0);
  if (!quoted.empty() && quoted != typed) message.append(": ").append(quoted);
  const bool backreference =
      expression.error_code() == RE2::ErrorBadEscape && part.size() > 1 && part[1] >= '1' && part[1] <= '9';
  const bool unknown = backreference || expression.error_code() == RE2::ErrorBadPerlOp;
  return base::usage_error(std::move(message), unknown ? what_is_missing : "");
}

}  // namespace

struct Pattern::Compiled {
  explicit Compiled(const std::string& expression)
      : code_points(expression, options_for(Alphabet::code_points)), bytes(expression, options_for(Alphabet::bytes)) {}

  RE2 code_points;
  RE2 bytes;
};

Pattern::Pattern(std::unique_ptr<Compiled> compiled) noexcept : compiled_(std::move(compiled)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

base::Result<Pattern> Pattern::compile(const std::string& expression, std::string_view flags) {
  const std::string before = std::string(by_lines).append(flags) + ")";
  auto compiled = std::make_unique<Compiled>(before + expression);
  for (const RE2* half : {&compiled->code_points, &compiled->bytes}) {
    if (!half->ok()) return explain(*half, expression, before.size());
  }
  return Pattern(std::move(compiled));
}

std::string Pattern::quote(std::string_view text) { return RE2::QuoteMeta(re2::StringPiece(text.data(), text.size())); }

bool Pattern::matches(base::Bytes text, Alphabet alphabet) const {
  const RE2& expression = alphabet == Alphabet::bytes ? compiled_->bytes : compiled_->code_points;
  const std::string_view characters = base::as_text(text);
  // Abseil's string_view, where RE2 stands on that, is not always std's.
  return RE2::PartialMatch(re2::StringPiece(characters.data(), characters.size()), expression);
}

Pattern::Groups Pattern::find(base::Bytes text, Alphabet alphabet) const {
  const RE2& expression = alphabet == Alphabet::bytes ? compiled_->bytes : compiled_->code_points;
  const re2::StringPiece characters(reinterpret_cast<const char*>(text.data()), text.size());
  std::vector<re2::StringPiece> found(group_count() + 1);
  const bool matches =
      expression.Match(characters, 0, characters.size(), RE2::UNANCHORED, found.data(), static_cast<int>(found.size()));
  Groups groups;
  if (!matches) return groups;
  for (const re2::StringPiece& group : found) {
    groups.push_back(group.data() == nullptr ? std::nullopt
                                             : std::optional(std::string_view(group.data(), group.size())));
  }
  if (text.empty()) groups.front() = std::string_view();  // which has no data
  return groups;
}

std::size_t Pattern::group_count() const {
  return static_cast<std::size_t>(compiled_->code_points.NumberOfCapturingGroups());
}

std::vector<std::pair<std::string, std::size_t>> Pattern::group_names() const {
  std::vector<std::pair<std::string, std::size_t>> names;
  for (const auto& [name, number] : compiled_->code_points.NamedCapturingGroups()) {
    names.emplace_back(name, static_cast<std::size_t>(number));
  }
  return names;
}

}  // namespace wscope::talk
