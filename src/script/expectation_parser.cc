#include <algorithm>

#include "script/statement_parser.h"
#include "talk/comparison.h"
#include "talk/json.h"

// The statements that look at what has happened.

namespace wscope::script {
namespace {

constexpr const char* quotes_hint = "a text is in quotes";

}  // namespace

// --- expectations

bool StatementParser::read_kind(Wanted& wanted) {
  skip_blanks();
  const std::size_t at = at_;
  const auto kind = kind_named(take_word());
  if (!kind) {
    at_ = at;
    return true;
  }
  wanted.kind = *kind;
  return read_kind_argument(wanted);
}

bool StatementParser::read_kind_argument(Wanted& wanted) {
  constexpr std::string_view protocol = "protocol=";
  skip_blanks();
  const std::size_t at = at_;
  std::string_view word = take_word();
  const bool is_number = !word.empty() && ((word.front() >= '0' && word.front() <= '9') || word.starts_with("{{"));
  bool takes = false;
  std::size_t skipped = 0;
  if (wanted.kind == Kind::close || wanted.kind == Kind::refused || wanted.kind == Kind::fail) takes = is_number;
  if (wanted.kind == Kind::error) takes = !word.empty() && word != "within";
  if (wanted.kind == Kind::open && word.starts_with(protocol)) {
    takes = true;
    skipped = protocol.size();
  }
  if (!takes) {
    at_ = at;
    return true;
  }
  wanted.argument = read_text(word.substr(skipped), at + skipped);
  return wanted.argument && check(*wanted.argument, at + skipped,
                                  [&wanted](const std::string& text) { return read_argument(wanted.kind, text); });
}

// What is behind the kind, where a document stands for a string or a value of JSON.
std::string StatementParser::rest_with_document() const {
  std::string rest(text());
  if (!line_.document) return rest;
  if (at_ < text().size() && text().find_first_not_of(" \t", at_) != std::string_view::npos) {
    return rest + " " + *line_.document;
  }
  rest += ' ';
  talk::append_json_string(*line_.document, rest);
  return rest;
}

bool StatementParser::read_behind_match(talk::Source& source, Expect& expect) {
  while (true) {
    source.skip_blanks();
    if (source.at_end()) return true;
    const std::size_t at = source.position();
    if (source.take_word("within")) {
      source.skip_blanks();
      const std::size_t begin = source.position();
      const std::string_view word = source.rest().substr(0, source.rest().find_first_of(" \t"));
      expect.within = word.empty() ? std::nullopt : read_text(word, begin);
      if (word.empty()) return fail(begin, "expected seconds");
      if (!expect.within || !check(*expect.within, begin, read_seconds)) return false;
      source.move_to(begin + word.size());
    } else if (expect.next && source.take_word("skip")) {
      auto skip = talk::Match::read(source);
      if (!skip) return fail(*source.flaw());
      if (!note_names(skip->names(), at)) return false;
      expect.skip = std::move(skip);
    } else {
      std::string hint = talk::hint_behind_value(source);
      return fail(at, expect.next ? "expected within S or skip MATCH" : "expected within S",
                  hint.empty() ? quotes_hint : std::move(hint));
    }
  }
}

bool StatementParser::read_expectation(bool next) {
  Expect expect;
  expect.next = next;
  skip_blanks();
  const std::size_t begin = at_;
  if (!read_kind(expect.wanted)) return false;
  Wanted& wanted = expect.wanted;
  if (next && wanted.kind == Kind::none) return fail(begin, "next wants something; expect none waits for nothing");
  skip_blanks();
  const std::string whole = rest_with_document();
  talk::Source source(whole, line_.document_plain ? talk::Source::Names::plain : talk::Source::Names::filled_in);
  source.move_to(at_);
  talk::Source ahead = source.ahead();
  const bool ends = source.at_end() || ahead.take_word("within") || (next && ahead.take_word("skip"));
  std::size_t at = ends ? begin : at_;
  if (!ends) {
    wanted.match = talk::Match::read(source);
    if (!wanted.match) {
      const talk::Flaw& flaw = *source.flaw();
      return fail(flaw.at, flaw.message, flaw.hint.empty() && flaw.at == at_ ? quotes_hint : flaw.hint);
    }
    if (wanted.kind == Kind::none) return fail(at_, "none has no match");
    if (!note_names(wanted.match->names(), at_)) return false;
    if (const std::string* const file = wanted.match->file()) {
      const auto read = state_.context.read(path_in(folder_, *file));
      if (!read) return fail(at_, read.error());
      wanted.match->set_file(*read);
    }
  }
  wanted.text = whole.substr(begin, source.position() - begin);
  wanted.text.erase(wanted.text.find_last_not_of(" \t") + 1);
  if (!read_behind_match(source, expect)) return false;
  if (at >= text().size()) at = begin_;
  wanted.place = line_.place(at);
  wanted.shown = std::string(line_.shown(at, wanted.at));
  wanted.width =
      std::max<std::size_t>(std::min(wanted.shown.find_first_of(" \t", wanted.at), wanted.shown.size()) - wanted.at, 1);
  if (wanted.kind == Kind::none) return add(std::move(expect));
  state_.known.matched = true;
  state_.known.groups = 0;
  if (wanted.match) state_.known.add(*wanted.match);
  return add(std::move(expect));
}

bool StatementParser::read_all() {
  All all;
  if (!take_within(all.within) || !expect_end()) return false;
  add(std::move(all));
  return open_block(std::get<All>(blocks_.back().block->back().does).expectations, "all");
}

bool StatementParser::read_repeat() {
  skip_blanks();
  const std::size_t at = at_;
  auto count = take_text_word("how often");
  if (!count || !check(*count, at, read_count) || !expect_end()) return false;
  add(Repeat{*std::move(count), {}});
  return open_block(std::get<Repeat>(blocks_.back().block->back().does).block, "repeat");
}

bool StatementParser::read_end() {
  if (blocks_.size() == 1) return fail(begin_, "there is no block to end");
  blocks_.pop_back();
  return expect_end();
}

// --- what was matched

bool StatementParser::read_capture() {
  talk::Source source(text(), talk::Source::Names::filled_in);
  source.move_to(at_);
  auto capture = talk::Capture::read(source);
  if (!finish(source) || !note_names(capture->names(), at_)) return false;
  if (!state_.known.matched) return fail(begin_, "nothing was matched by then");
  state_.known.variables.push_back(capture->name());
  at_ = text().size();
  return expect_end() && add(*std::move(capture));
}

bool StatementParser::read_check() {
  const std::string whole = rest_with_document();
  talk::Source source(whole, line_.document_plain ? talk::Source::Names::plain : talk::Source::Names::filled_in);
  source.move_to(at_);
  source.skip_blanks();
  auto expression = talk::Expression::read(source);
  if (!finish(source)) return false;
  std::vector<talk::Name> names;
  expression->collect(names);
  return note_names(names, at_) && add(Check{*std::move(expression)});
}

bool StatementParser::read_snapshot() {
  auto name = take_text_word("the name of a snapshot");
  if (!name) return false;
  if (!state_.known.matched) return fail(begin_, "nothing was matched by then");
  Snapshot snapshot{*std::move(name), {}};
  talk::Source source(text());
  source.move_to(at_);
  source.skip_blanks();
  if (source.take_word("except")) {
    do {
      source.skip_blanks();
      auto path = talk::Path::read(source);
      if (!path) break;
      snapshot.except.push_back(*std::move(path));
      source.skip_blanks();
    } while (source.take(","));
  }
  if (!finish(source)) return false;
  at_ = text().size();
  return expect_end() && add(std::move(snapshot));
}

}  // namespace wscope::script
