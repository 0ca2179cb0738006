// The statements of one file of a script, line by line.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "link/recollection.h"
#include "script/parser.h"
#include "script/source_lines.h"
#include "script/statement.h"
#include "script/values.h"
#include "talk/source.h"

namespace wscope::script {

/// What all files of a script have in common.
struct ParseState {
  const ParseContext& context;
  Script script{};
  link::Nameable known{};
  std::optional<bool> named{};  // whether connections have names, once there is one
  std::vector<std::string> parties{};
  std::vector<std::string> listeners{};
};

/// Reads one file into statements. Its methods that read say false if something is wrong, and have kept what.
class StatementParser {
 public:
  StatementParser(ParseState& state, std::size_t file, std::string folder, const std::string& text, std::size_t depth)
      : state_(state), file_(file), folder_(std::move(folder)), lines_(text), depth_(depth) {}

  base::Result<void> parse(Block& into) {
    blocks_.push_back({&into, {}, {}});
    while (auto line = lines_.next()) {
      line_ = std::move(*line);
      if (!parse_line()) break;
    }
    if (included_error_) return *included_error_;
    if (!flaw_ && lines_.flaw()) flaw_ = lines_.flaw();
    if (!flaw_ && blocks_.size() > 1) {
      line_ = blocks_.back().opened_by;
      fail(0, "this block has no end");
    }
    if (flaw_) return describe(*flaw_, state_.script.files[file_]);
    return {};
  }

 private:
  using Read = bool (StatementParser::*)();
  enum class About : unsigned char { nothing, maybe_party, party };
  struct Keyword {
    std::string_view word;
    Read read;
    About about;
  };
  struct OpenBlock {
    Block* block;
    SourceLine opened_by;
    std::string keyword;
  };

  [[nodiscard]] static const Keyword* find(std::string_view word) noexcept;

  bool fail(std::size_t at, std::string message, std::string hint = {}) {
    if (flaw_) return false;
    std::size_t within = 0;
    const std::string_view shown = line_.shown(at, within);
    flaw_ = LineFlaw{line_.place(at), {within, std::move(message), std::move(hint)}, std::string(shown)};
    return false;
  }
  bool fail(const talk::Flaw& flaw) { return fail(flaw.at, flaw.message, flaw.hint); }
  // What is wrong with a part of the line that begins at `at`.
  bool fail(std::size_t at, const base::Error& error) { return fail(at, error.message, error.hint); }

  // --- parts of a line

  [[nodiscard]] std::string_view text() const noexcept { return line_.text; }
  void skip_blanks() {
    while (at_ < text().size() && (text()[at_] == ' ' || text()[at_] == '\t')) ++at_;
  }
  std::string_view take_word() {
    skip_blanks();
    const std::size_t end = std::min(text().find_first_of(" \t", at_), text().size());
    const std::string_view word = text().substr(at_, end - at_);
    at_ = end;
    return word;
  }
  bool expect_end() {
    skip_blanks();
    if (line_.document) return fail(text().size(), "<<EOF has no place here");
    return at_ == text().size() || fail(at_, "expected nothing more");
  }
  bool note_names(const std::vector<talk::Name>& names, std::size_t at) {
    for (const talk::Name& name : names) {
      if (std::string why = link::why_unknown(name, state_.known); !why.empty()) return fail(at, std::move(why));
      note_secret(name);
    }
    return true;
  }
  // Values of the environment whose names tell that they are nobody's business.
  void note_secret(const talk::Name& name) {
    constexpr std::string_view environment = "env.";
    if (name.kind != talk::Name::Kind::variable || !name.text.starts_with(environment)) return;
    const std::string variable = name.text.substr(environment.size());
    const char* value = http::is_secret_field(variable) ? std::getenv(variable.c_str()) : nullptr;
    if (value != nullptr && *value != '\0') state_.script.secrets.emplace_back(value);
  }
  // A text with names, which is a part of the line.
  std::optional<Text> read_text(std::string_view text, std::size_t at) {
    talk::Source source(text, talk::Source::Names::filled_in);
    auto read = talk::Template::read(source);
    if (!read) {
      fail(at + source.flaw()->at, source.flaw()->message, source.flaw()->hint);
      return std::nullopt;
    }
    if (const auto unknown = link::find_unknown(*read, state_.known)) {
      fail(at + unknown->at, unknown->message, unknown->hint);
      return std::nullopt;
    }
    for (const talk::Template::Part& part : read->parts()) {
      if (part.name) note_secret(*part.name);
    }
    return read;
  }
  // The rest of the line behind one blank, or the document behind it.
  std::optional<Text> take_text() {
    if (at_ < text().size()) ++at_;
    if (!line_.document) return read_text(text().substr(at_), at_);
    std::string whole(text().substr(std::min(at_, text().size())));
    if (!whole.empty() && whole.back() != ' ') whole += ' ';
    whole += *line_.document;
    if (line_.document_plain) return Text::plain(std::move(whole));
    return read_text(whole, at_);
  }
  std::optional<Text> take_text_word(std::string_view what) {
    skip_blanks();
    const std::size_t at = at_;
    const std::string_view word = take_word();
    if (!word.empty()) return read_text(word, at);
    fail(at, "expected " + std::string(what));
    return std::nullopt;
  }
  // Looks at what is known by now.
  template <typename Reader>
  bool check(const Text& text, std::size_t at, Reader read) {
    if (text.has_names()) return true;
    const auto value = read(plain_text(text));
    return value.ok() || fail(at, value.error());
  }
  static std::string plain_text(const Text& text) { return text.parts().front().text; }
  std::optional<Text> take_seconds() {
    skip_blanks();
    const std::size_t at = at_;
    auto seconds = take_text_word("seconds");
    if (seconds && !check(*seconds, at, read_seconds)) return std::nullopt;
    return seconds;
  }
  // `within S`, if it comes next; false if it is wrong.
  bool take_within(std::optional<Text>& within) {
    skip_blanks();
    const std::size_t before = at_;
    if (take_word() != "within") {
      at_ = before;
      return true;
    }
    within = take_seconds();
    return within.has_value();
  }

  template <typename Does>
  bool add(Does does) {
    Statement statement;
    statement.file = file_;
    statement.place = line_.place(begin_);
    std::size_t within = 0;
    statement.line = std::string(line_.shown(begin_, within));
    statement.party = party_;
    statement.does = std::move(does);
    blocks_.back().block->push_back(std::move(statement));
    return true;
  }

  // --- lines

  bool parse_line();
  bool begin_party(std::string_view word);
  bool check_party(const Keyword& keyword);
  bool read_section();

  bool read_connect();
  bool read_listen();
  bool read_accept();
  template <typename Does>
  bool read_words(Does& does, const char* command);
  bool name_party(const std::string& as);

  bool read_send();
  template <Send::What what>
  bool read_payload() {
    return add_payload(what);
  }
  bool add_payload(Send::What what);
  template <Handle::How how>
  bool read_handle() {
    return expect_end() && add(Handle{how});
  }

  bool read_expect() { return read_expectation(false); }
  bool read_next() { return read_expectation(true); }
  bool read_expectation(bool next);
  bool read_kind(Wanted& wanted);
  bool read_kind_argument(Wanted& wanted);
  [[nodiscard]] std::string rest_with_document() const;
  bool read_behind_match(talk::Source& source, Expect& expect);
  bool read_all();
  bool read_repeat();
  bool read_end();
  bool read_capture();
  bool read_check();
  bool read_set();
  bool read_option();
  bool read_wait();
  bool read_include();
  template <Say::How how>
  bool read_say() {
    auto said = take_text();
    return said && add(Say{how, *std::move(said)});
  }
  bool read_snapshot();
  bool read_exec();
  bool open_block(Block& block, std::string keyword) {
    blocks_.push_back({&block, line_, std::move(keyword)});
    return true;
  }
  bool finish(talk::Source& source) {
    if (source.flaw()) return fail(*source.flaw());
    source.skip_blanks();
    return source.at_end() || fail(source.position(), "expected nothing more");
  }

  ParseState& state_;
  std::size_t file_;
  std::string folder_;
  SourceLines lines_;
  std::size_t depth_;
  SourceLine line_{};
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // of the statement's keyword
  std::string party_{};
  std::vector<OpenBlock> blocks_{};
  std::optional<LineFlaw> flaw_{};
  std::optional<base::Error> included_error_{};
};

/// Whether a connection or a listener may be called so: letters, digits, - and _.
[[nodiscard]] bool is_party_name(std::string_view name) noexcept;
[[nodiscard]] bool contains(const std::vector<std::string>& names, const std::string& name);

}  // namespace wscope::script
