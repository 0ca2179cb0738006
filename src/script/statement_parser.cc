#include "script/statement_parser.h"

#include <algorithm>
#include <iterator>

#include "http/headers.h"
#include "repl/words.h"

namespace wscope::script {
namespace {

constexpr std::size_t deepest_include = 16;
constexpr std::string_view default_listener = "server";

}  // namespace

bool is_party_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const StatementParser::Keyword* StatementParser::find(std::string_view word) noexcept {
  using What = Send::What;
  static constexpr Keyword keywords[] = {
      {"connect", &StatementParser::read_connect, About::nothing},
      {"listen", &StatementParser::read_listen, About::nothing},
      {"accept", &StatementParser::read_accept, About::nothing},
      {"send", &StatementParser::read_send, About::party},
      {"file", &StatementParser::read_payload<What::file>, About::party},
      {"binary", &StatementParser::read_payload<What::binary>, About::party},
      {"ping", &StatementParser::read_payload<What::ping>, About::party},
      {"pong", &StatementParser::read_payload<What::pong>, About::party},
      {"close", &StatementParser::read_payload<What::close>, About::party},
      {"frame", &StatementParser::read_payload<What::frame>, About::party},
      {"raw", &StatementParser::read_payload<What::raw>, About::party},
      {"fragment", &StatementParser::read_payload<What::fragment>, About::party},
      {"abort", &StatementParser::read_handle<Handle::How::abort>, About::party},
      {"half-close", &StatementParser::read_handle<Handle::How::half_close>, About::party},
      {"pause", &StatementParser::read_handle<Handle::How::pause>, About::party},
      {"resume", &StatementParser::read_handle<Handle::How::resume>, About::party},
      {"expect", &StatementParser::read_expect, About::party},
      {"next", &StatementParser::read_next, About::party},
      {"all", &StatementParser::read_all, About::nothing},
      {"repeat", &StatementParser::read_repeat, About::nothing},
      {"end", &StatementParser::read_end, About::nothing},
      {"capture", &StatementParser::read_capture, About::maybe_party},
      {"check", &StatementParser::read_check, About::maybe_party},
      {"set", &StatementParser::read_set, About::nothing},
      {"option", &StatementParser::read_option, About::nothing},
      {"wait", &StatementParser::read_wait, About::nothing},
      {"include", &StatementParser::read_include, About::nothing},
      {"echo", &StatementParser::read_say<Say::How::echo>, About::nothing},
      {"fail", &StatementParser::read_say<Say::How::fail>, About::nothing},
      {"skip", &StatementParser::read_say<Say::How::skip>, About::nothing},
      {"snapshot", &StatementParser::read_snapshot, About::maybe_party},
      {"exec", &StatementParser::read_exec, About::nothing},
  };
  const auto* const found = std::find_if(std::begin(keywords), std::end(keywords),
                                         [word](const Keyword& keyword) { return keyword.word == word; });
  return found == std::end(keywords) ? nullptr : found;
}

bool StatementParser::parse_line() {
  at_ = begin_ = 0;
  party_.clear();
  if (line_.comment) return read_section();
  std::string_view word = take_word();
  if (word.size() > 1 && word.ends_with(':')) {
    if (!begin_party(word.substr(0, word.size() - 1))) return false;
    begin_ = at_;
    word = take_word();
  }
  const Keyword* const keyword = find(word);
  if (keyword == nullptr) {
    const bool is_message = word.starts_with('{') || word.starts_with('"') || word.starts_with('[');
    return fail(begin_, "unknown statement",
                is_message ? "send sends the rest of its line; send <<EOF sends lines" : "");
  }
  if (blocks_.back().keyword == "all" && word != "expect" && word != "end") {
    return fail(begin_, "within all there is only expect");
  }
  return check_party(*keyword) && (this->*keyword->read)();
}

bool StatementParser::begin_party(std::string_view word) {
  if (!is_party_name(word)) return fail(0, "expected the name of a connection in front of the colon");
  party_ = std::string(word);
  skip_blanks();
  if (at_ == text().size()) return fail(at_, "expected a statement behind the name");
  return contains(state_.parties, party_) || fail(0, "there is no connection " + party_ + " by then");
}

bool StatementParser::check_party(const Keyword& keyword) {
  if (keyword.about == About::nothing) {
    return party_.empty() || fail(begin_, std::string(keyword.word) + " is not about a connection");
  }
  if (keyword.about == About::maybe_party) return true;
  if (!state_.named) return fail(begin_, "there is no connection by then", "connect URL");
  if (*state_.named && party_.empty()) return fail(begin_, "which connection? NAME: in front of it says so");
  return true;
}

bool StatementParser::read_section() {
  if (blocks_.size() > 1) return true;
  std::string_view name = text().substr(2);
  name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
  return name.empty() || add(Section{std::string(name)});
}

// --- connections

template <typename Does>
bool StatementParser::read_words(Does& does, const char* command) {
  if (line_.document) return fail(text().size(), "<<EOF has no place here");
  skip_blanks();
  const std::size_t begin = at_;
  auto split = repl::split_words(text().substr(begin));
  if (!split) return fail(begin, split.error());
  const std::size_t size = split->size();
  if (size >= 2 && (*split)[size - 2].text == "as") {
    does.as = split->back().text;
    if (!is_party_name(does.as)) return fail(begin + split->back().begin, "expected a name: letters, digits, - and _");
    split->resize(size - 2);
  }
  std::vector<std::string> plain = {command};
  bool has_names = false;
  for (const repl::Word& word : *split) {
    auto read = read_text(word.text, begin + word.begin);
    if (!read) return false;
    has_names = has_names || read->has_names();
    plain.push_back(plain_text(*read));
    does.words.push_back(*std::move(read));
  }
  if (has_names) return true;
  auto plan = read_plan(plain, folder_, state_.context.command_line);
  if (!plan) return fail(begin, plan.error());
  does.plan = std::move(plan).value();
  return true;
}

// Either there are names, or there is one connection at a time.
bool StatementParser::name_party(const std::string& as) {
  const bool named = !as.empty();
  if (state_.named.value_or(named) != named) {
    return fail(begin_, named ? "a connection before has no name" : "connections before have names",
                "give each one: as NAME");
  }
  state_.named = named;
  if (named && !contains(state_.parties, as)) state_.parties.push_back(as);
  return true;
}

bool StatementParser::read_connect() {
  Connect connect;
  if (!read_words(connect, "connect")) return false;
  return name_party(connect.as) && add(std::move(connect));
}

bool StatementParser::read_listen() {
  Listen listen;
  if (!read_words(listen, "listen")) return false;
  if (listen.as.empty()) listen.as = default_listener;
  if (contains(state_.listeners, listen.as)) return fail(begin_, "there is a listener " + listen.as + " already");
  state_.listeners.push_back(listen.as);
  for (const char* const what : {".url", ".port"}) state_.known.variables.push_back(listen.as + what);
  return add(std::move(listen));
}

bool StatementParser::read_accept() {
  Accept accept;
  if (state_.listeners.empty()) return fail(begin_, "nothing listens by then", "listen PORT");
  while (true) {
    skip_blanks();
    const std::size_t at = at_;
    const std::string_view word = take_word();
    if (word.empty()) break;
    if (word == "within") {
      at_ = at;
      if (!take_within(accept.within)) return false;
    } else if (word == "from") {
      accept.from = std::string(take_word());
      if (!contains(state_.listeners, accept.from)) return fail(at, "there is no listener " + accept.from + " by then");
    } else if (word == "as") {
      accept.as = std::string(take_word());
      if (!is_party_name(accept.as)) return fail(at, "expected a name behind as: letters, digits, - and _");
    } else {
      return fail(at, "expected from NAME, within S or as NAME");
    }
  }
  if (accept.from.empty() && state_.listeners.size() > 1)
    return fail(begin_, "from which listener?", "accept from NAME");
  if (accept.from.empty()) accept.from = state_.listeners.front();
  return expect_end() && name_party(accept.as) && add(std::move(accept));
}

// --- sending

bool StatementParser::read_send() {
  constexpr std::string_view escape = " -e ";
  const bool escaped = text().substr(at_).starts_with(escape) || text().substr(at_) == " -e";
  if (escaped) at_ += escape.size() - 1;
  return add_payload(escaped ? Send::What::escaped_text : Send::What::text);
}

bool StatementParser::add_payload(Send::What what) {
  const bool is_message = what == Send::What::text || what == Send::What::escaped_text || what == Send::What::fragment;
  if (line_.document && !is_message) return fail(text().size(), "<<EOF has no place here");
  if (!is_message) skip_blanks();
  if (!is_message && at_ > 0) --at_;
  const std::size_t at = std::min(at_ + 1, text().size());
  auto payload = take_text();
  if (!payload) return false;
  const std::string known = plain_text(*payload);
  const bool names_file = what == Send::What::file || known.find('@') != std::string::npos;  // is looked at later
  const auto reads = [&](const std::string& text) {
    std::string storage;
    return read_instruction(what, text, folder_, storage);
  };
  if (what == Send::What::file && known.empty() && !payload->has_names()) return fail(at, "expected a file");
  if ((is_message && what != Send::What::text) || !names_file) {
    if (!check(*payload, at, reads)) return false;
  }
  return add(Send{what, *std::move(payload)});
}

// --- the rest

bool StatementParser::read_set() {
  skip_blanks();
  const std::size_t at = at_;
  const std::string name(take_word());
  if (!talk::is_variable_name(name)) return fail(at, "expected the name of a variable: letters, digits and _");
  auto value = take_text();
  if (!value) return false;
  state_.known.variables.push_back(name);
  return add(Set{name, *std::move(value)});
}

bool StatementParser::read_option() {
  struct Name {
    std::string_view word;
    Option::Which which;
  };
  static constexpr Name names[] = {
      {"within", Option::Which::within}, {"strict", Option::Which::strict}, {"autopong", Option::Which::autopong}};
  skip_blanks();
  const std::size_t at = at_;
  const std::string_view word = take_word();
  for (const Name& name : names) {
    if (name.word != word) continue;
    skip_blanks();
    const std::size_t begin = at_;
    auto value = take_text_word(name.which == Option::Which::within ? "seconds" : "on or off");
    if (!value) return false;
    const bool right =
        name.which == Option::Which::within ? check(*value, begin, read_seconds) : check(*value, begin, read_switch);
    return right && expect_end() && add(Option{name.which, *std::move(value)});
  }
  return fail(at, "expected within, strict or autopong");
}

bool StatementParser::read_wait() {
  auto seconds = take_seconds();
  return seconds && expect_end() && add(Wait{*std::move(seconds)});
}

bool StatementParser::read_include() {
  skip_blanks();
  const std::size_t at = at_;
  const std::string name(text().substr(at_));
  if (name.empty()) return fail(at, "expected a file");
  at_ = text().size();
  if (!expect_end()) return false;
  if (depth_ == deepest_include) return fail(at, "includes are nested more than 16 deep");
  const std::string path = path_in(folder_, name);
  auto content = state_.context.read(path);
  if (!content) {
    included_error_ = std::move(content).error();
    return false;
  }
  state_.script.files.push_back(path);
  StatementParser included(state_, state_.script.files.size() - 1, folder_of(path), *content, depth_ + 1);
  if (auto parsed = included.parse(*blocks_.back().block); !parsed) {
    included_error_ = std::move(parsed).error();
    return false;
  }
  return true;
}

bool StatementParser::read_exec() {
  skip_blanks();
  const std::string command(text().substr(at_));
  if (command.empty()) return fail(at_, "expected a command");
  at_ = text().size();
  return expect_end() && add(Exec{command});
}

}  // namespace wscope::script
