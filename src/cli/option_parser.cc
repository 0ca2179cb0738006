#include "cli/option_parser.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "net/file.h"
#include "view/spelling.h"

namespace wscope::cli {
namespace {

using repl::ValueKind;
using Words = std::vector<std::string>;

// A group that CLI11 leaves out of the help.
constexpr const char* hidden = "";

// What CLI11 is to take for the value of an option that has none: nobody types it.
constexpr const char* no_value = "\n";

// CLI11 takes no colon in the name of a positional argument since 2.4: nobody types this either.
constexpr char stands_for_colon = '\x7f';

std::string with_colons(std::string text) {
  std::replace(text.begin(), text.end(), stands_for_colon, ':');
  return text;
}

std::string without_colons(std::string text) {
  std::replace(text.begin(), text.end(), ':', stands_for_colon);
  return text;
}

std::string text_of(std::string_view view) { return std::string(view); }

// --- the help

class Formatter : public CLI::Formatter {
 public:
  [[nodiscard]] std::string make_option_name(const CLI::Option* option, bool positional) const override {
    std::string name = CLI::Formatter::make_option_name(option, positional);
    if (takes_next_word(*option) || option->get_type_name().empty()) return name;
    return name.substr(0, name.find('{')) + "[=" + option->get_type_name() + "]";
  }
  [[nodiscard]] std::string make_option_opts(const CLI::Option* option) const override {
    return takes_next_word(*option) ? " " + option->get_type_name() : "";
  }

 private:
  static bool takes_next_word(const CLI::Option& option) noexcept { return option.get_expected_max() > 0; }
};

// CLI11's own says what an option excludes, in the order of addresses.
std::string help_of(CLI::App& app) {
  auto formatter = std::make_shared<Formatter>();
  formatter->column_width(32);  // so that no option but the longest has its text on the next line
  app.formatter(std::move(formatter));
  return with_colons(app.help());
}

// --- what is wrong

// The name of an option without its value, which is nobody's business: "--name=VALUE", "-nVALUE".
std::string without_value(const std::string& argument) {
  if (!argument.starts_with("--")) return argument.substr(0, 2);
  const auto end = std::find_if(argument.begin(), argument.end(), [](char c) {
    return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.';
  });
  return {argument.begin(), end};
}

// The option that the letter in `word` was typed for: the long one of an argument with one dash too few, or that of the
// same letter in the other case; empty if there is neither.
std::string meant_by_letter(CommandSet command, const Words& arguments, const std::string& word) {
  for (const std::string& argument : arguments) {
    std::string twice = "-" + argument.substr(0, argument.find('='));
    const bool is_long = twice.starts_with("--") && find_option(command, twice) != nullptr;
    if (argument.ends_with(std::string_view(word).substr(1)) && is_long) return twice;
  }
  const std::string other = {'-', static_cast<char>(word[1] ^ ('a' ^ 'A'))};
  return find_option(command, other) != nullptr ? other : std::string();
}

base::Error unknown_option(CommandSet command, const Words& arguments, const std::string& word,
                           std::vector<std::string_view> names) {
  std::string name = without_value(word);
  std::string meant;
  for (const Option* option : options_of(command)) {
    for (const std::string_view own : repl::items_of(option->names, ',')) {
      if (own.starts_with("--")) names.push_back(own.substr(2));
    }
  }
  if (name.starts_with("--")) {
    const std::string_view near = view::nearest(std::string_view(name).substr(2), names);
    if (!near.empty()) meant = "--" + std::string(near);
    // As "--nameVALUE", whose value is nobody's business either.
    for (std::size_t size = name.size(); meant.empty() && size > 3; --size) {
      const Option* begun = find_option(command, std::string_view(name).substr(0, size));
      if (begun != nullptr && begun->takes_value()) meant = name.substr(0, size);
      if (!meant.empty()) name = meant + "...";
    }
  } else {
    meant = meant_by_letter(command, arguments, word);
  }
  base::Error error = command_line_error("unknown option " + name);
  if (!meant.empty()) error.hint = "did you mean " + meant + "?";
  return error;
}

struct Unexpected {
  std::string word;
  bool is_option;
};

// The first argument that has no place.
std::optional<Unexpected> first_unexpected(const CLI::App& app) {
  const Words rest = app.remaining();
  const auto first = std::find_if(rest.begin(), rest.end(), [](const auto& word) { return word != "--"; });
  if (first == rest.end()) return std::nullopt;
  return Unexpected{*first, first == rest.begin() && first->size() > 1 && first->starts_with('-')};
}

// As in -H Name: value, which the shell makes two words of.
bool has_cut_header(CommandSet command, const Words& arguments) {
  const Option* header = row_of(command, "--header");
  const auto cut = [header](const std::string& name, const std::string& value) {
    return header != nullptr && header->is_named(name) && value.size() > 1 && value.ends_with(':');
  };
  return std::adjacent_find(arguments.begin(), arguments.end(), cut) != arguments.end();
}

// What has a form of its own is read, and says itself that it is not empty.
bool is_text(const Option& option) noexcept {
  const ValueKind kind = option.value.kind;
  return kind != ValueKind::number && kind != ValueKind::seconds && kind != ValueKind::size &&
         kind != ValueKind::choice;
}

// The letters of an option, which stand before its long names: "-n,-k,--no-check".
std::string letters_of(const Option& option) {
  std::string letters;
  for (std::string_view rest = option.names; rest.size() >= 2 && rest[1] != '-';
       rest.remove_prefix(std::min<std::size_t>(rest.size(), 3))) {
    letters.push_back(rest[1]);
  }
  return letters;
}

// Whether it may be one of those that are given: one too many does no harm.
bool may_be_among(const Words& arguments, const Option& option) {
  const std::string letters = letters_of(option);
  return std::any_of(arguments.begin(), arguments.end(), [&](std::string_view argument) {
    if (argument.starts_with("--")) return option.is_named(argument.substr(0, argument.find('=')));
    return argument.starts_with('-') && argument.find_first_of(letters) != std::string_view::npos;
  });
}

// A pipe that is read in the middle of a session would keep all of it waiting.
base::Result<void> check_file(const Option& option, const std::string& value) {
  const bool is_file = option.value.kind == ValueKind::file;
  const bool is_at = option.is_named(OptionName("--execute").text()) && value.starts_with("@@");  // a text
  const bool names_file = is_file || (option.value.kind == ValueKind::text_or_file && value.starts_with('@') && !is_at);
  return names_file ? net::expect_regular_file(value.substr(is_file ? 0 : 1)) : base::Result<void>();
}

}  // namespace

// --- CLI11

// Its parser, with the rows of a command, and what was found. It has those rows that are needed: to make all of them
// takes longer than all else that happens before something is sent.
class OptionParser::App {
 public:
  App(OptionParser& parser, const Words& arguments)
      : parser_(parser), app_(parser.texts_.description, parser.texts_.usage) {
    app_.footer(parser.texts_.footer);
    if (parser.positional_) add_positional();
    const Option* const help = row_of(parser.command_, "--help");
    const bool lists_all = help != nullptr && may_be_among(arguments, *help);
    for (const Option* option : options_of(parser.command_)) {
      if (lists_all || option == help || may_be_among(arguments, *option)) add(*option);
    }
    for (const Added& added : added_) {
      for (const std::string_view other : repl::items_of(added.row->excludes, ',')) {
        if (auto* excluded = app_.get_option_no_throw(text_of(other))) added.option->excludes(excluded);
      }
    }
  }

  // CLI11 throws.
  base::Result<Parsed> parse(const Words& arguments, const std::vector<std::string_view>& other_names) {
    const Words all = with_empty_values(arguments);
    try {
      app_.parse(Words(all.rbegin(), all.rend()));  // the order that it wants
    } catch (const CLI::CallForHelp&) {
      return Parsed{.help = help_of(app_)};
    } catch (const CLI::ParseError& error) {
      return explain(all, error, other_names);
    }
    return read();
  }

 private:
  struct Added {
    const Option* row;
    const Bound* bound;
    CLI::Option* option;
  };

  [[nodiscard]] bool is_out_of_place(const Option& row) const noexcept {
    return parser_.place_ == Place::session && row.scope != Scope::link;
  }

  void add_positional() {
    Positional& positional = *parser_.positional_;
    const std::string name = without_colons(positional.name);
    CLI::Option* option = positional.text != nullptr
                              ? app_.add_option(name, *positional.text, positional.help)
                              : app_.add_option(name, *positional.texts, positional.help)->required();
    option->check(not_empty());
  }

  void add(const Option& row) {
    if (row.is_named(OptionName("--help").text())) {
      app_.set_help_flag(text_of(row.names), text_of(row.help));
      return;
    }
    const auto bound = std::find_if(parser_.bound_.begin(), parser_.bound_.end(),
                                    [&row](const Bound& candidate) { return candidate.option == &row; });
    if (bound == parser_.bound_.end()) return;
    CLI::Option* option = row.takes_next_word() ? add_valued(row) : add_flag(row);
    if (is_out_of_place(row)) {
      option->group(hidden);
    } else if (!row.group.empty()) {
      option->group(text_of(row.group));
    }
    if (parser_.positional_ && row.is_named(parser_.positional_->same.text())) {
      option->excludes(app_.get_option_no_throw(without_colons(parser_.positional_->name)));
    }
    added_.push_back({&row, &*bound, option});
  }

  CLI::Option* add_flag(const Option& row) {
    const std::string usual = row.takes_value() ? std::string("{") + no_value + "}" : "";
    const std::string help = text_of(row.help);
    return app_.add_flag(text_of(row.names) + usual, help)->type_name(text_of(row.value.name));
  }

  CLI::Option* add_valued(const Option& row) {
    const std::string help = text_of(row.help);
    CLI::Option* option = app_.add_option(text_of(row.names), help)->type_name(text_of(row.value.name));
    option->type_size(row.value.words);
    if (row.value.given == Given::repeatedly) {
      // Without extra arguments: an option never takes the URL behind its value.
      option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(false);
    }
    return is_text(row) && !row.value.may_be_empty ? option->check(not_empty()) : option;
  }

  static CLI::Validator not_empty() {
    return {[](const std::string& text) { return std::string(text.empty() ? "empty" : ""); }, "", "not empty"};
  }

  // CLI11 takes the next argument for the value of "--name=".
  [[nodiscard]] Words with_empty_values(const Words& arguments) const {
    Words all;
    for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
      if (*argument == "--") return all.insert(all.end(), argument, arguments.end()), all;
      const std::string name = argument->substr(0, argument->find('='));
      const Option* option = name.starts_with("--") ? find_option(parser_.command_, name) : nullptr;
      const bool empty = option != nullptr && option->takes_next_word() && *argument == name + "=";
      all.push_back(empty ? name : *argument);
      if (empty) all.emplace_back();
    }
    return all;
  }

  // CLI11 looks for arguments that have no place only once all else is right, and says it of values as well.
  base::Error explain(const Words& arguments, const CLI::ParseError& error,
                      const std::vector<std::string_view>& names) const {
    const auto first = first_unexpected(app_);
    if (first && first->is_option) return unknown_option(parser_.command_, arguments, first->word, names);
    const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
    if (code == CLI::ExitCodes::ExtrasError || code == CLI::ExitCodes::ExcludesError) {
      if (auto misplaced = parser_.misplaced_value(arguments)) return *std::move(misplaced);
    }
    if (code != CLI::ExitCodes::ExtrasError) return command_line_error(with_colons(error.what()));
    if (has_cut_header(parser_.command_, arguments)) {
      return command_line_error("an argument too many, behind a header in two words: quote it, as in 'Name: value'");
    }
    return command_line_error("The following argument was not expected: " + (first ? first->word : "--"));
  }

  // What was given, once CLI11 is content.
  base::Result<Parsed> read() {
    Parsed parsed;
    for (const auto& [row, bound, option] : added_) {
      if (option->count() == 0) continue;
      if (is_out_of_place(*row)) {
        return command_line_error(text_of(row->name()) + " is about the whole session, not about one connection");
      }
      const bool is_of_link = row->scope != Scope::display && row->value.kind != ValueKind::url;
      if (is_of_link && !parsed.option_of_link) parsed.option_of_link = row->name();
    }
    for (const Added& added : added_) {
      if (added.row->takes_value()) continue;
      if (auto done = count(added); !done) return std::move(done).error();
    }
    if (auto done = read_values(); !done) return std::move(done).error();
    return parsed;
  }

  // In the order in which they were given: of some options that of one and another means something.
  base::Result<void> read_values() const {
    std::map<const CLI::Option*, std::size_t> taken;
    for (const CLI::Option* option : app_.parse_order()) {  // once for each value
      const auto added = std::find_if(added_.begin(), added_.end(),
                                      [option](const Added& candidate) { return candidate.option == option; });
      if (added == added_.end() || !added->row->takes_value()) continue;
      if (auto done = read_value(*added, option->results().at(taken[option]++)); !done) return done;
    }
    return {};
  }

  base::Result<void> read_value(const Added& added, const std::string& text) const {
    if (parser_.place_ == Place::session) {
      if (auto checked = check_file(*added.row, text); !checked) return checked;
    }
    return added.bound->read(text == no_value ? "" : text);
  }

  // As often as it is there; CLI11 takes "--name=false", too.
  static base::Result<void> count(const Added& added) {
    const Words& results = added.option->results();
    if (std::any_of(results.begin(), results.end(), [](const std::string& text) { return text != "true"; })) {
      return command_line_error(text_of(added.row->name()) + " takes no value");
    }
    if (!results.empty()) added.bound->count(results.size());
    return {};
  }

  OptionParser& parser_;
  CLI::App app_;
  std::vector<Added> added_{};
};

base::Result<Parsed> OptionParser::parse(const Words& arguments, const std::vector<std::string_view>& other_names) {
  return App(*this, arguments).parse(arguments, other_names);
}

std::optional<base::Error> OptionParser::misplaced_value(const Words& arguments) const {
  for (std::size_t i = 1; i < arguments.size() && arguments[i - 1] != "--"; ++i) {
    if (arguments[i].starts_with('-') || arguments[i].find("://") != std::string::npos) continue;
    const std::string& name = arguments[i - 1];
    const Option* option = find_option(command_, name);
    if (option == nullptr || option->value.given != Given::in_one_word) continue;
    std::string message = name + " takes a value only in one word: ";
    message.append(name).append("=").append(option->value.name);
    return command_line_error(std::move(message));
  }
  return std::nullopt;
}

// --- binding

OptionParser::OptionParser(CommandSet command, Place place, CommandTexts texts)
    : command_(command), place_(place), texts_(std::move(texts)) {}

void OptionParser::bind(OptionName option, Read read) {
  if (const Option* row = row_of(command_, option)) bound_.push_back({.option = row, .read = std::move(read)});
}

void OptionParser::bind_count(OptionName option, std::function<void(std::size_t)> count) {
  if (const Option* row = row_of(command_, option)) bound_.push_back({.option = row, .count = std::move(count)});
}

void OptionParser::bind(OptionName option, bool& given) {
  bind_count(option, [&given](std::size_t) { given = true; });
}

void OptionParser::bind_nothing(OptionName option) {
  bind_count(option, [](std::size_t) {});
}

void OptionParser::bind_times(OptionName option, std::size_t& times) {
  bind_count(option, [&times](std::size_t given) { times = given; });
}

void OptionParser::bind(OptionName option, std::string& text) {
  bind(option, [&text](const std::string& read) -> base::Result<void> {
    text = read;
    return {};
  });
}

void OptionParser::bind(OptionName option, std::optional<std::string>& text) {
  bind(option, [&text](const std::string& read) -> base::Result<void> {
    text = read;
    return {};
  });
}

void OptionParser::bind(OptionName option, Words& texts) {
  bind(option, [&texts](const std::string& read) -> base::Result<void> {
    texts.push_back(read);
    return {};
  });
}

void OptionParser::bind(OptionName option, int& number) {
  bind(option, [option, &number](const std::string& text) -> base::Result<void> {
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error == std::errc() && end == last) return {};
    return command_line_error(text_of(option.text()) + " wants a whole number, not \"" + text + "\"");
  });
}

void OptionParser::bind(OptionName option, base::Duration& duration) {
  bind(option, [option, &duration](const std::string& text) -> base::Result<void> {
    const auto read = parse_seconds(text, option);
    if (!read) return read.error();
    duration = *read;
    return {};
  });
}

void OptionParser::bind_level(OptionName option, int& level) {
  bind(option, [option, &level](const std::string& text) -> base::Result<void> {
    const auto read = parse_level(text, option);
    if (!read) return read.error();
    level = *read;
    return {};
  });
}

void OptionParser::bind_number(OptionName option, std::function<void(std::uint64_t)> set) {
  const Option* row = row_of(command_, option);
  const bool is_size = row != nullptr && row->value.kind == ValueKind::size;
  bind(option, [option, is_size, set = std::move(set)](const std::string& text) -> base::Result<void> {
    const auto read = is_size ? parse_size(text, option) : parse_count(text, option);
    if (!read) return read.error();
    set(*read);
    return {};
  });
}

void OptionParser::bind_positional(std::string name, std::string& text, std::string help, OptionName same) {
  positional_ = {std::move(name), &text, nullptr, std::move(help), same};
}

void OptionParser::bind_positionals(std::string name, Words& texts, std::string help) {
  positional_ = {std::move(name), nullptr, &texts, std::move(help), {}};
}

}  // namespace wscope::cli
